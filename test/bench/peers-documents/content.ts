/** The words of one guide as every peer sets them: nothing but strings, a table, and the bars and dots of two codes. */
import { create as createQr } from 'qrcode'
import { code128Bars } from '../../../device/documents/codes.ts'
import type { Guide, Hall } from '../../../sync/protocol/content.ts'

export interface PlainGuide {
  head: string
  title: string
  lead: string
  facts: [label: string, value: string][]
  materials: string[][]
  sections: { title: string; paragraphs: string[] }[]
  steps: string[][]
  questions: { question: string; answer: string }[]
  details: [label: string, value: string][]
  foot: string
  /** Widths of bar, space, bar, … in modules. */
  bars: number[]
  qr: { side: number; dark: number[] }
}

export function plainGuide(guide: Guide, hall: Hall): PlainGuide {
  const { modules } = createQr(guide.itemCode, { errorCorrectionLevel: 'M' })
  return {
    head: hall.name,
    title: guide.name,
    lead: guide.forWhom,
    facts: [
      ['多久办好', `${guide.promisedWorkingDays} 个工作日内`],
      ['收多少钱', guide.fee.amount],
      ['在哪里办', guide.place],
      ['什么时候办', guide.hours],
      ['怎么申请', guide.applyBy.join('、')],
      ['办好拿到什么', guide.result],
    ],
    materials: [
      ['材料', '原件', '复印件', '来源', '容缺后补'],
      ...guide.materials.map(({ name, note, originals, copies, source, mayFollow }) => [
        `${name}\n${note ?? ''}`,
        `${originals} 份`,
        `${copies} 份`,
        source === 'applicant' ? '自己准备' : '联网调取',
        mayFollow ? '可以' : '—',
      ]),
    ],
    sections: [{ title: '符合这些条件可以办', paragraphs: guide.conditions }],
    steps: guide.steps.map(({ name, what, workingDays }, index) => [
      String(index + 1),
      name,
      what,
      workingDays === null ? '当场' : `${workingDays} 个工作日`,
    ]),
    questions: guide.faq,
    details: [
      ['事项名称', guide.name],
      ['实施部门', guide.office],
      ['实施编码', guide.itemCode],
      ['基本编码', guide.baseCode],
      ['法定时限', `${guide.statutoryWorkingDays ?? 0} 个工作日`],
      ['咨询电话', guide.questionPhone],
      ['投诉电话', guide.complaintPhone],
      ['收费依据', guide.fee.basis],
      ['办理依据', guide.legalBasis.map(({ title, clause }) => `${title} ${clause}`).join('\n')],
    ],
    foot: `咨询 ${guide.questionPhone} 投诉 ${guide.complaintPhone} 求助 ${hall.helpPhone} 版本 ${guide.version}`,
    bars: [...code128Bars(guide.itemCode).widths],
    qr: { side: modules.size, dark: [...modules.data.keys()].filter((at) => modules.data[at]) },
  }
}
