import type { Align } from './document.ts'

/** Font A: 12 × 24 dots for Latin, 24 × 24 for Chinese. A third of a line between lines keeps Chinese readable. */
export const CELL_DOTS = 12
export const CHARACTER_DOTS = 24
export const LINE_DOTS = 32
export const DOUBLE_LINE_DOTS = 56

export interface LineStyle {
  align: Align
  bold: boolean
  double: boolean
}
