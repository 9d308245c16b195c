/** Signs that are drawn, because no usable font has them or because they are no text. */
import { INK, millimetres, QUIET, STYLES } from './measures.ts'
import type { Sheet } from './sheet.ts'

const TICK_BOX = 10

/** ☐, for a pen: what a citizen ticks at home while packing. */
export function openBox(sheet: Sheet, centre: number, top: number, leading: number): void {
  const y = top + (leading - TICK_BOX) / 2
  sheet.doc.lineWidth(0.9).strokeColor(INK)
  sheet.doc.rect(centre - TICK_BOX / 2, y, TICK_BOX, TICK_BOX).stroke()
}

const CHECKED_BOX = 9

/** ☑ of nine points, its left edge at `x`. */
export function checkedBox(sheet: Sheet, x: number, top: number, leading: number): void {
  const y = top + (leading - CHECKED_BOX) / 2
  sheet.doc.lineWidth(0.8).strokeColor(INK).rect(x, y, CHECKED_BOX, CHECKED_BOX).stroke()
  sheet.doc
    .lineWidth(1.3)
    .moveTo(x + 1.9, y + 4.7)
    .lineTo(x + 3.8, y + 6.7)
    .lineTo(x + 7.2, y + 2.3)
    .stroke()
}

export const CHECKED_BOX_ADVANCE = CHECKED_BOX + 4

/** Seals of local offices measure at most 45 mm (国发〔1999〕25号); the place is smaller, so that one covers it. */
const SEAL_PLACE_RADIUS = millimetres(18)

export const SEAL_PLACE_DIAMETER = 2 * SEAL_PLACE_RADIUS

/** Where the seal goes: a dotted circle with words, never anything that could pass for one. */
export function sealPlace(sheet: Sheet, centre: number, top: number): void {
  sheet.doc
    .lineWidth(0.7)
    .strokeColor(QUIET)
    .dash(1.5, { space: 3 })
    .circle(centre, top + SEAL_PLACE_RADIUS, SEAL_PLACE_RADIUS)
    .stroke()
    .undash()
  sheet.lineCentred('盖章处', STYLES.label, centre, top + SEAL_PLACE_RADIUS - STYLES.label.leading / 2)
}
