/** A number that is read across a room: twice as high as a receipt printer's own largest letters. */
import type { ReceiptElement } from '../../drivers/receipt-printer/document.ts'
import { Dots } from '../../drivers/receipt-printer/dots.ts'
import { Glyphs } from '../../drivers/receipt-printer/raster-font.ts'

/** 13 mm at 8 dots a millimetre. */
const CELL_HEIGHT_DOTS = 104
const CELL_WIDTH_DOTS = 52
/** What fits 58 mm paper. */
const CHARACTERS_MAXIMUM = 7

/** null for what is longer than the paper is wide, or more than digits and letters. */
export function bigText(text: string): ReceiptElement | null {
  if (text.length > CHARACTERS_MAXIMUM || !/^[0-9A-Za-z-]+$/.test(text)) return null
  const glyphs = new Glyphs()
  const picture = new Dots(text.length * CELL_WIDTH_DOTS, CELL_HEIGHT_DOTS)
  for (const [index, character] of [...text].entries()) {
    const codePoint = character.codePointAt(0) ?? 0
    picture.draw(glyphs.dots(codePoint, CELL_WIDTH_DOTS, CELL_HEIGHT_DOTS), index * CELL_WIDTH_DOTS, 0)
  }
  return { kind: 'image', width: picture.width, height: picture.height, rows: picture.packed().rows }
}
