/** Code 128 and QR as black rectangles: sharp at any resolution, and nothing for a printer to smooth. */
import bwipjs from 'bwip-js/node'
import { create as createQr } from 'qrcode'
import { INK, millimetres } from './measures.ts'
import type { Sheet } from './sheet.ts'

/** ISO/IEC 18004 §9.1: four modules around. */
const QR_QUIET_MODULES = 4
/** 0.33 mm, what hand-held scanners like best; longer numbers get narrower bars. */
const MODULE_MAXIMUM_POINTS = millimetres(0.33)

export interface Bars {
  /** Bar, space, bar, …, in modules. */
  widths: readonly number[]
  modules: number
}

/** Printable ASCII only (bwip-js refuses the rest by throwing). */
export function code128Bars(value: string): Bars {
  const [symbol] = bwipjs.raw({ bcid: 'code128', text: value })
  // bwip-js keeps the last symbol with its text in a variable of its own: nobody's number takes that place.
  bwipjs.raw({ bcid: 'code128', text: '0' })
  if (!symbol || !('sbs' in symbol)) throw new Error('Code 128 has no bars')
  return { widths: symbol.sbs, modules: symbol.sbs.reduce((sum, width) => sum + width, 0) }
}

/** Width of one module when the bars have to fit `available` points. */
export function barModule(bars: Bars, available: number): number {
  return Math.min(MODULE_MAXIMUM_POINTS, available / bars.modules)
}

/** From the first bar on; the caller leaves ten modules of white on either side (ISO/IEC 15417). */
export function drawBars(
  sheet: Sheet,
  bars: Bars,
  x: number,
  top: number,
  module: number,
  height: number,
): void {
  let at = x
  sheet.doc.fillColor(INK)
  for (const [index, width] of bars.widths.entries()) {
    if (index % 2 === 0) sheet.doc.rect(at, top, width * module, height)
    at += width * module
  }
  sheet.doc.fill()
}

/** Level M; the quiet zone lies inside `size`. */
export function drawQr(sheet: Sheet, value: string, x: number, top: number, size: number): void {
  const { modules } = createQr(value, { errorCorrectionLevel: 'M' })
  const side = modules.size
  const module = size / (side + 2 * QR_QUIET_MODULES)
  const left = x + QR_QUIET_MODULES * module
  const upper = top + QR_QUIET_MODULES * module
  sheet.doc.fillColor(INK)
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      if (!modules.data[row * side + column]) continue
      // Neighbours in one rectangle: no hairlines between them, and a quarter of the drawing.
      let run = 1
      while (column + run < side && modules.data[row * side + column + run]) run += 1
      sheet.doc.rect(left + column * module, upper + row * module, run * module, module)
      column += run - 1
    }
  }
  sheet.doc.fill()
}
