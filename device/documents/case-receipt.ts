import type { ReceiptDocument } from '../../drivers/receipt-printer/document.ts'
import type { PaperForm, PaperKind } from '../../sync/protocol/cases.ts'
import type { Hall } from '../../sync/protocol/content.ts'
import { formKind, statementsOf } from './case-words.ts'
import { BLANK, CUT, centred, item, labelled, plain, RULE, strong } from './receipt-parts.ts'
import { chineseDate, chineseDateTime, helpLine } from './words.ts'

/**
 * A paper of a case on receipt paper, with the bare case number as Code 128 and QR.
 * @throws TypeError for a result, which is its issuer's own PDF
 */
export function paperReceipt(form: PaperForm, kind: PaperKind, hall: Hall, printedAt: Date): ReceiptDocument {
  const laidOut = formKind(kind)
  const statements = statementsOf(form, laidOut)
  return {
    elements: [
      centred(hall.name),
      BLANK,
      centred(form.title, { bold: true, double: true }),
      ...(form.documentNumber === null ? [] : [centred(form.documentNumber)]),
      RULE,
      labelled('编号', form.caseNo, true),
      labelled('事项', form.itemName, true),
      labelled('申请人', form.applicantMasked),
      ...(form.phoneMasked === null ? [] : [labelled('电话', form.phoneMasked)]),
      labelled('部门', form.office),
      labelled('开具', form.issuedBy),
      labelled('日期', chineseDate(new Date(form.issuedAt))),
      RULE,
      ...statements.map(plain),
      ...(form.materials.length === 0 ? [] : [RULE, strong(`材料清单（共${form.materials.length}样）`)]),
      ...form.materials.map(({ name, source }, index) => item(`${index + 1}.`, `${name}（${source}）`)),
      ...(form.legalBasis.length === 0 ? [] : [RULE, strong('依据')]),
      ...form.legalBasis.map((basis, index) => item(`${index + 1}.`, basis)),
      RULE,
      labelled('咨询', form.questionPhone, true),
      labelled('监督', hall.disciplinePhone),
      labelled('求助', helpLine(hall)),
      ...(form.objection === null ? [] : [labelled('异议', form.objection)]),
      BLANK,
      { kind: 'barcode', value: form.caseNo },
      BLANK,
      { kind: 'qr', value: form.caseNo },
      centred('扫码查进度', { bold: true }),
      centred(`打印于 ${chineseDateTime(printedAt)}`),
      CUT,
    ],
  }
}
