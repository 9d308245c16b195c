/** Lengths on a panel: all sizes of the pages are millimetres, whatever panel a cabinet has. */

export interface Size {
  width: number
  height: number
}

export type Shape = 'portrait' | 'landscape'

const MILLIMETRES_PER_INCH = 25.4

/** A viewport at most this wide (width ÷ height) is taken for the portrait panel itself. */
const WIDEST_PORTRAIT = 0.8
const NARROWEST_LANDSCAPE = 1.25
/** The panel drawn inside a viewport of the wrong shape, as on a desk's monitor. */
const PORTRAIT_RATIO = 9 / 16
const LANDSCAPE_RATIO = 16 / 10

/** The part of the viewport that is the device's panel, in CSS pixels: all of it on a device. */
export function panelBox(viewport: Size, shape: Shape): Size {
  const ratio = viewport.width / viewport.height
  if (shape === 'portrait') {
    if (ratio <= WIDEST_PORTRAIT) return viewport
    return { width: viewport.height * PORTRAIT_RATIO, height: viewport.height }
  }
  if (ratio >= NARROWEST_LANDSCAPE) return viewport
  return { width: viewport.width, height: viewport.width / LANDSCAPE_RATIO }
}

/** CSS pixels in one millimetre of a panel with this diagonal. */
export function pixelsPerMillimetre(panel: Size, diagonalInches: number): number {
  return Math.hypot(panel.width, panel.height) / (diagonalInches * MILLIMETRES_PER_INCH)
}
