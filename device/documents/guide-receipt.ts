import type { ReceiptDocument, ReceiptElement } from '../../drivers/receipt-printer/document.ts'
import type { Guide, Hall, Material } from '../../sync/protocol/content.ts'
import { englishElements } from './english-head.ts'
import { BLANK, CUT, centred, item, itemWithCount, labelled, plain, RULE, strong } from './receipt-parts.ts'
import {
  APPLY_BY_NAMES,
  chineseDateTime,
  helpLine,
  KIND_NAMES,
  type Packing,
  packingOf,
  packingSummary,
  promisedTime,
} from './words.ts'

/** In every Chinese printer's font (GBK A1F5), to be ticked while packing. */
const TICK_BOX = '□'

/**
 * The short form of a guide: what to bring, how long, what it costs, where and when. The same words as the full
 * form, and its version, so that both tell the same once-and-for-all (DOMAIN.md §1, 一次性告知书).
 */
export function guideReceipt(
  guide: Guide,
  hall: Hall,
  printedAt: Date,
  language: 'zh' | 'en' = 'zh',
): ReceiptDocument {
  return {
    elements: [
      centred(hall.name),
      centred('办事指南'),
      BLANK,
      centred(guide.name, { bold: true, double: true }),
      ...(language === 'en' ? englishElements({ paper: 'guide', guide, hall }) : []),
      centred(`${guide.office} ${KIND_NAMES[guide.kind]}`),
      RULE,
      labelled('时限', promisedTime(guide), true),
      labelled('收费', guide.fee.amount, true),
      labelled('地点', guide.place, true),
      labelled('时间', guide.hours),
      labelled('申请', guide.applyBy.map((way) => APPLY_BY_NAMES[way]).join('、')),
      RULE,
      ...materialElements(guide),
      RULE,
      labelled('咨询', guide.questionPhone, true),
      labelled('投诉', guide.complaintPhone, true),
      labelled('求助', helpLine(hall)),
      labelled('版本', guide.version),
      labelled('打印', chineseDateTime(printedAt)),
      plain('条件、流程、依据和常问的问题，都在A4的完整版里。'),
      CUT,
    ],
  }
}

/** What to bring, what is filled in there, what may stay at home. */
export function materialElements(guide: Guide): ReceiptElement[] {
  const materials = (packing: Packing) =>
    guide.materials.filter((material) => packingOf(material) === packing)
  const brought = materials('bring')
  const filled = materials('fill-in-there')
  const left = materials('leave-at-home')
  return [
    strong('要准备的材料'),
    plain(packingSummary(guide.materials)),
    ...brought.flatMap((material) => [
      itemWithCount(TICK_BOX, material.name, counts(material)),
      ...note(material),
    ]),
    ...(filled.length > 0 ? [strong('现场填写')] : []),
    ...filled.flatMap((material) => [itemWithCount('·', material.name, counts(material)), ...note(material)]),
    ...(left.length > 0 ? [strong('不用带')] : []),
    ...left.flatMap((material) => [item('·', material.name), ...note(material)]),
  ]
}

function counts({ originals, copies }: Material): string {
  return [originals > 0 ? `原件${originals}` : '', copies > 0 ? `复印${copies}` : '']
    .filter((part) => part)
    .join(' ')
}

/** On what condition a material is wanted stands in its note: without it the short form would ask too much. */
function note(material: Material): ReceiptElement[] {
  const words = [material.note ?? '', material.mayFollow ? '可以后补（容缺）' : ''].filter(
    (part) => part !== '',
  )
  return words.length > 0 ? [item('', words.join('；'))] : []
}
