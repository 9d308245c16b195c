/** When a line of measurements is flat: what it gains is no more than what it wavers, or too little to matter. */

/** The beginning, while code is compiled and tables fill up to their limits, says nothing. */
const LEFT_OUT_PART = 1 / 4
/** Of the standard error of a slope: beyond it one line in some hundred would be called steep by chance. */
const STANDARD_ERRORS = 2.5

export interface Growth {
  /** Mean over the part that is looked at. */
  level: number
  /** What the fitted line gains over that part. */
  growth: number
  /** What it might gain by chance, as the measurements waver about it. */
  chance: number
  isFlat: boolean
}

/** Where the part of so many measurements begins that is looked at. */
export const firstSeen = (count: number): number => Math.ceil(count * LEFT_OUT_PART)

/** @param allowedPart of the level: such a gain is let pass even where it is none of chance */
export function growthOf(values: readonly number[], allowedPart: number): Growth {
  const seen = values.slice(firstSeen(values.length))
  const count = seen.length
  const level = seen.reduce((sum, value) => sum + value, 0) / count
  const middle = (count - 1) / 2
  const spread = seen.reduce((sum, _, at) => sum + (at - middle) ** 2, 0)
  const slope = seen.reduce((sum, value, at) => sum + (at - middle) * (value - level), 0) / spread
  const residue = seen.reduce((sum, value, at) => sum + (value - level - slope * (at - middle)) ** 2, 0)
  const growth = slope * (count - 1)
  const chance = STANDARD_ERRORS * Math.sqrt(residue / Math.max(1, count - 2) / spread) * (count - 1)
  return { level, growth, chance, isFlat: growth <= Math.max(chance, allowedPart * level) }
}
