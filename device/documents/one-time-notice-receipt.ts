import type { ReceiptDocument } from '../../drivers/receipt-printer/document.ts'
import type { Hall } from '../../sync/protocol/content.ts'
import { englishElements } from './english-head.ts'
import { materialElements } from './guide-receipt.ts'
import {
  noticeIssuer,
  noticeNumber,
  noticeObjection,
  noticeStatements,
  ONE_TIME_TITLE,
  type OneTimeNotice,
  printVersion,
} from './one-time-notice.ts'
import { BLANK, CUT, centred, item, labelled, plain, RULE, strong } from './receipt-parts.ts'
import {
  APPLY_BY_NAMES,
  chineseDate,
  chineseDateTime,
  helpLine,
  KIND_NAMES,
  promisedTime,
  statutoryTime,
} from './words.ts'

/** The one-time notice on receipt paper: not one word less than on A4. */
export function oneTimeNoticeReceipt(input: {
  notice: OneTimeNotice
  hall: Hall
  printedAt: Date
  language?: 'zh' | 'en'
}): ReceiptDocument {
  const { notice, hall, printedAt, language = 'zh' } = input
  const { guide, told } = notice
  const numbered = (texts: readonly string[]) => texts.map((text, index) => item(`${index + 1}.`, text))
  return {
    elements: [
      centred(hall.name),
      BLANK,
      centred(ONE_TIME_TITLE, { bold: true, double: true }),
      centred(noticeNumber(notice)),
      ...(language === 'en' ? englishElements({ paper: 'notice', guide, hall }) : []),
      RULE,
      ...(told === null
        ? []
        : [
            labelled('编号', told.caseNo, true),
            labelled('申请人', told.applicantMasked),
            ...(told.phoneMasked === null ? [] : [labelled('电话', told.phoneMasked)]),
          ]),
      labelled('事项', guide.name, true),
      labelled('编码', guide.itemCode),
      labelled('版本', printVersion(guide)),
      RULE,
      ...noticeStatements(notice).map(plain),
      RULE,
      strong('符合这些条件可以办'),
      ...numbered(guide.conditions),
      RULE,
      ...materialElements(guide),
      RULE,
      strong('办理流程'),
      ...guide.steps.flatMap(({ name, what, workingDays }, index) => [
        item(`${index + 1}.`, `${name}（${workingDays === null ? '当场' : `${workingDays}个工作日`}）`, true),
        item('', what),
      ]),
      RULE,
      labelled('承诺', promisedTime(guide), true),
      labelled('法定', statutoryTime(guide)),
      labelled('类型', KIND_NAMES[guide.kind]),
      labelled('收费', `${guide.fee.amount}（依据：${guide.fee.basis}）`),
      labelled('结果', guide.result),
      labelled('申请', guide.applyBy.map((way) => APPLY_BY_NAMES[way]).join('、')),
      labelled('地点', guide.place),
      labelled('时间', guide.hours),
      RULE,
      strong('依据'),
      ...numbered(guide.legalBasis.map(({ title, clause }) => `${title} ${clause}`)),
      RULE,
      labelled('咨询', guide.questionPhone, true),
      labelled('投诉', guide.complaintPhone, true),
      labelled('求助', helpLine(hall)),
      labelled('异议', noticeObjection(guide, hall)),
      RULE,
      labelled('部门', guide.office),
      labelled('告知', noticeIssuer(notice, hall)),
      labelled('日期', chineseDate(told === null ? printedAt : new Date(told.issuedAt))),
      BLANK,
      plain('申请人签收：'),
      BLANK,
      RULE,
      // Bars of an item's code are wider than any receipt; its QR code is read as well.
      ...(told === null
        ? [{ kind: 'qr', value: guide.itemCode } as const, centred('实施编码')]
        : [{ kind: 'barcode', value: told.caseNo } as const]),
      centred(`打印于 ${chineseDateTime(printedAt)}`),
      CUT,
    ],
  }
}
