/** The five levels of a rating: names in code, numbers only where they leave it (DOMAIN.md §2). */

/** From 5 (非常满意) down to 1 (非常不满意). Other systems count otherwise: they map at their own edge. */
export const LEVELS = [
  'very-satisfied',
  'satisfied',
  'fairly-satisfied',
  'dissatisfied',
  'very-dissatisfied',
] as const
export type LevelName = (typeof LEVELS)[number]
export type LevelNumber = 1 | 2 | 3 | 4 | 5

const numbers: Record<LevelName, LevelNumber> = {
  'very-satisfied': 5,
  satisfied: 4,
  'fairly-satisfied': 3,
  dissatisfied: 2,
  'very-dissatisfied': 1,
}

export function levelNumber(name: LevelName): LevelNumber {
  return numbers[name]
}

export function levelName(level: LevelNumber): LevelName {
  const name = LEVELS[5 - level]
  if (name === undefined) throw new RangeError('a level is a whole number from 1 to 5')
  return name
}
