/** The A4 sheet in points (1/72 inch), and the few sizes of type that every paper is set in. */

const POINTS_PER_INCH = 72
const MILLIMETRES_PER_INCH = 25.4

export function millimetres(value: number): number {
  return (value * POINTS_PER_INCH) / MILLIMETRES_PER_INCH
}

const A4_WIDTH_MM = 210
const A4_HEIGHT_MM = 297
/** Room for two punched holes and a thumb, and the quiet zone of a barcode that begins at the edge of the text. */
const SIDE_MARGIN_MM = 19

export const PAGE = {
  width: millimetres(A4_WIDTH_MM),
  height: millimetres(A4_HEIGHT_MM),
  left: millimetres(SIDE_MARGIN_MM),
  right: millimetres(A4_WIDTH_MM - SIDE_MARGIN_MM),
  /** Where the running head stands, and where the text begins. */
  head: millimetres(11),
  top: millimetres(22),
  /** Where the text ends, and the rule over the foot. */
  bottom: millimetres(A4_HEIGHT_MM - 21),
  foot: millimetres(A4_HEIGHT_MM - 18.5),
} as const

export const TEXT_WIDTH = PAGE.right - PAGE.left

/** Black for what is read, one grey for what is looked up; a lighter one breaks up on worn lasers. */
export const INK = '#000000'
export const QUIET = '#404040'
export const RULE = '#808080'

export const HAIRLINE = 0.5
export const STRONG_LINE = 1.2

export interface Style {
  face: 'regular' | 'bold'
  size: number
  /** From line to line. */
  leading: number
  ink: string
}

/** Not under 9 points: these papers are read by old people under hall lamps. */
export const STYLES = {
  title: { face: 'bold', size: 24, leading: 32, ink: INK },
  paperTitle: { face: 'bold', size: 24, leading: 34, ink: INK },
  heading: { face: 'bold', size: 13, leading: 18, ink: INK },
  lead: { face: 'regular', size: 11.5, leading: 18, ink: QUIET },
  body: { face: 'regular', size: 10.5, leading: 16, ink: INK },
  strong: { face: 'bold', size: 10.5, leading: 16, ink: INK },
  statement: { face: 'regular', size: 11.5, leading: 19.5, ink: INK },
  note: { face: 'regular', size: 9, leading: 13, ink: QUIET },
  label: { face: 'regular', size: 9, leading: 13, ink: QUIET },
  factLarge: { face: 'bold', size: 17, leading: 22.5, ink: INK },
  factMiddle: { face: 'bold', size: 12.5, leading: 18, ink: INK },
  factSmall: { face: 'bold', size: 10.5, leading: 16, ink: INK },
  qualifier: { face: 'regular', size: 10, leading: 14.5, ink: INK },
  detail: { face: 'regular', size: 9.5, leading: 13.5, ink: INK },
  foot: { face: 'regular', size: 9, leading: 13, ink: QUIET },
  footStrong: { face: 'bold', size: 9, leading: 13, ink: INK },
} as const satisfies Record<string, Style>
