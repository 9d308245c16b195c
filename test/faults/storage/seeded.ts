/** Chance that can be called again: the same seed gives the same run. */

export interface Seeded {
  readonly seed: number
  /** 0 up to, not including, 1. */
  next(): number
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number
  chance(probability: number): boolean
  /** Another source that this one decides, for a part that runs beside it. */
  child(): Seeded
}

/** Mulberry32: 32 bits of state are plenty for choosing moments and sectors. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0
  const bits = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const next = (): number => bits() / 2 ** 32
  return {
    seed,
    next,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
    child: () => seeded(bits()),
  }
}

export const anySeed = (): number => Math.floor(Math.random() * 2 ** 32)
