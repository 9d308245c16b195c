/** What the demonstration hall's offices issue as PDF: results, and its form papers for whoever fetches them as such. */
import { createHash } from 'node:crypto'
import type { PaperForm } from '../../protocol/cases.ts'
import { addWorkingDays } from '../../protocol/working-days.ts'
import { codeOf, type DemoPaper, verifyAddress } from '../demo/paper.ts'
import type { PaperFacts } from './demo-papers.ts'
import { dateInWords } from './hall-time.ts'

export function paperOfForm(form: PaperForm): DemoPaper {
  return {
    title: form.title,
    number: form.documentNumber,
    facts: [
      ['办件编号', form.caseNo],
      ['事项', form.itemName],
      ['申请人', form.applicantMasked],
      ...(form.phoneMasked === null ? [] : [['电话', form.phoneMasked] as const]),
    ],
    table:
      form.materials.length === 0
        ? null
        : { head: ['材料', '来源'], rows: form.materials.map(({ name, source }) => [name, source]) },
    paragraphs: [
      ...form.statements,
      ...(form.legalBasis.length === 0 ? [] : [`依据：${form.legalBasis.join('；')}。`]),
      ...(form.objection === null ? [] : [form.objection]),
      `经办：${form.issuedBy}　咨询电话：${form.questionPhone}`,
    ],
    issuer: form.office,
    date: dateInWords(form.issuedAt.slice(0, 10)),
    verification: null,
  }
}

export function resultPaper({ demoCase, applicant, today, calendars }: PaperFacts): DemoPaper {
  const { caseNo, itemName, office, state, reasons, decisionBasis, remedy, steps } = demoCase
  const decided = steps.findLast(({ at }) => at !== null)?.at?.workingDays ?? -1
  const on = dateInWords(addWorkingDays(today, decided, calendars))
  const code = codeOf(createHash('sha256').update(`result\n${caseNo}`).digest())
  const refused = state === 'refused'
  return {
    title: demoCase.result ?? '办理结果',
    number: `云溪${refused ? '不予' : '准'}〔${today.slice(0, 4)}〕${caseNo.slice(-6)}号`,
    facts: [
      ['办件编号', caseNo],
      ['事项', itemName],
      ['申请人', applicant.name],
      ['公民身份号码', applicant.number],
      ['结果', refused ? '不予许可' : '办结'],
    ],
    table: null,
    paragraphs: refused
      ? [
          `您申请的“${itemName}”，经审查，决定不予许可。`,
          ...reasons.map((reason, index) => `理由${reasons.length === 1 ? '' : index + 1}：${reason}`),
          ...(decisionBasis.length === 0 ? [] : [`依据：${decisionBasis.join('；')}。`]),
          ...(remedy === null ? [] : [`怎样就能办：${remedy}`]),
        ]
      : [
          `您申请的“${itemName}”已经办结，结果为“${demoCase.result ?? ''}”。`,
          '本件与纸质件效力相同；收件的人可以用下面的验证码或二维码到发证机关的网站核对。',
        ],
    issuer: office,
    date: on,
    verification: { code, address: verifyAddress(code) },
  }
}
