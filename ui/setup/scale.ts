/** How large things are on these pages: `--mm` is half a millimetre of the panel, so that touch targets are 10 mm. */
import { pixelsPerMillimetre, type Size } from '../shared/units.ts'

/** A device's own panels are nowhere finer drawn; below it a target of 10 mm would be too few pixels for a finger. */
const PIXELS_PER_MM_AT_LEAST = 3.2
/** Whatever a configuration says of another panel: more than any panel has. */
const PIXELS_PER_MM_AT_MOST = 9
const HALF = 0.5

/** In CSS pixels: a phone held upright or sideways has less on its short side. */
const PHONE_SHORT_SIDE_PX = 480
const PHONE_INCHES = 6.1

/** What panels of so many pixels usually measure, until somebody has said it; the first that is wide enough. */
const USUAL: readonly { longSidePx: number; inches: number }[] = [
  { longSidePx: 1024, inches: 7 },
  { longSidePx: 1280, inches: 10.1 },
  { longSidePx: 1366, inches: 15.6 },
  { longSidePx: 1920, inches: 23.8 },
]
const LARGEST_INCHES = 27

export const isPhone = ({ width, height }: Size): boolean => Math.min(width, height) < PHONE_SHORT_SIDE_PX

export const usualInches = (viewport: Size): number => {
  if (isPhone(viewport)) return PHONE_INCHES
  const longSide = Math.max(viewport.width, viewport.height)
  // Portrait panels of this house are terminals.
  if (viewport.height > viewport.width) return LARGEST_INCHES
  return USUAL.find(({ longSidePx }) => longSide <= longSidePx)?.inches ?? LARGEST_INCHES
}

/** @param diagonalInches of the device's own panel; null as long as nobody has said it */
export const setupScale = (viewport: Size, diagonalInches: number | null): number => {
  // Whoever comes from afar with a phone does not look at the device's panel.
  const inches = isPhone(viewport) ? PHONE_INCHES : (diagonalInches ?? usualInches(viewport))
  const mm = pixelsPerMillimetre(viewport, inches)
  return HALF * Math.min(PIXELS_PER_MM_AT_MOST, Math.max(PIXELS_PER_MM_AT_LEAST, mm))
}
