/** Parts that a guide and a one-time notice have in common: both tell the same, whatever they are called. */
import type { Guide, Material } from '../../sync/protocol/content.ts'
import { heading, numberedList } from './blocks.ts'
import { barModule, code128Bars, drawBars, drawQr } from './codes.ts'
import { openBox } from './marks.ts'
import { millimetres, PAGE, RULE, STYLES, TEXT_WIDTH } from './measures.ts'
import type { Box, Sheet } from './sheet.ts'
import { stepFlow } from './steps.ts'
import { type Cell, type CellText, type Column, table } from './table.ts'
import { packingOf, packingSummary, SOURCE_NAMES } from './words.ts'

const NARROW = { tick: 26, originals: 40, copies: 46, source: 64, later: 54 } as const
const NARROW_SUM = Object.values(NARROW).reduce((sum, width) => sum + width, 0)

const MATERIAL_COLUMNS: readonly Column[] = [
  { label: '', width: NARROW.tick, align: 'left' },
  { label: '材料', width: TEXT_WIDTH - NARROW_SUM, align: 'left' },
  { label: '原件', width: NARROW.originals, align: 'centre' },
  { label: '复印件', width: NARROW.copies, align: 'centre' },
  { label: '来源', width: NARROW.source, align: 'centre' },
  { label: '容缺后补', width: NARROW.later, align: 'centre' },
]

/** What to bring, with a box to tick before each; what is filled in or fetched there has none. */
export function materialBoxes(sheet: Sheet, materials: readonly Material[]): Box[] {
  const section = sheet.child(sheet.root, 'Sect')
  const rows = materials.map((material): Cell[] => {
    const brought = packingOf(material) === 'bring'
    const name = { text: material.name, style: brought ? STYLES.strong : STYLES.body }
    return [
      brought
        ? { mark: (centre, top) => openBox(sheet, centre - 6, top, STYLES.body.leading) }
        : { texts: [] },
      { texts: material.note ? [name, { text: material.note, style: STYLES.note }] : [name] },
      { texts: [quietIfNone(count(material.originals))] },
      { texts: [quietIfNone(count(material.copies))] },
      { texts: [{ text: SOURCE_NAMES[material.source], style: STYLES.body }] },
      { texts: [quietIfNone(material.mayFollow ? '可以' : NONE)] },
    ]
  })
  return [
    heading(sheet, section, '要准备的材料', packingSummary(materials)),
    ...table(sheet, section, MATERIAL_COLUMNS, rows),
  ]
}

function count(copies: number): string {
  return copies === 0 ? NONE : `${copies} 份`
}

const NONE = '—'

function quietIfNone(text: string): CellText {
  return { text, style: text === NONE ? { ...STYLES.body, ink: RULE } : STYLES.body }
}

export function stepBoxes(sheet: Sheet, guide: Guide): Box[] {
  const section = sheet.child(sheet.root, 'Sect')
  return [heading(sheet, section, '办理流程'), ...stepFlow(sheet, section, guide.steps)]
}

export function conditionBoxes(sheet: Sheet, guide: Guide): Box[] {
  const section = sheet.child(sheet.root, 'Sect')
  return [heading(sheet, section, '符合这些条件可以办'), ...numberedList(sheet, section, guide.conditions)]
}

const QR_SIZE = millimetres(19)
const QR_GAP = 14
const BARS_HEIGHT = millimetres(7.5)

/** What is left of the page's width beside the item's QR code. */
export const WIDTH_BESIDE_QR = TEXT_WIDTH - QR_SIZE - QR_GAP

/** A code at the right edge, beside what follows; it takes no room of its own. */
export function cornerQr(sheet: Sheet, value: string, alt: string): Box {
  const dots = sheet.child(sheet.root, 'Figure', { alt })
  return {
    height: 0,
    keepWithNext: true,
    draw: (top) =>
      sheet.tagged(dots, 'Figure', () => drawQr(sheet, value, PAGE.right - QR_SIZE, top, QR_SIZE)),
  }
}

/** The item's code, for a clerk who would have to type 31 characters. */
export function itemQr(sheet: Sheet, { itemCode }: Guide): Box {
  return cornerQr(sheet, itemCode, `实施编码 ${itemCode} 的二维码`)
}

/** The same as bars; the characters stand in full above. */
export function itemBars(sheet: Sheet, { itemCode }: Guide): Box {
  const bars = code128Bars(itemCode)
  const module = barModule(bars, TEXT_WIDTH)
  const lines = sheet.child(sheet.root, 'Figure', { alt: `实施编码 ${itemCode} 的条形码` })
  return {
    height: BARS_HEIGHT,
    gap: 8,
    draw: (top) =>
      sheet.tagged(lines, 'Figure', () => drawBars(sheet, bars, PAGE.left, top, module, BARS_HEIGHT)),
  }
}
