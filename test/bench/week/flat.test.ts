import { expect, it } from 'vitest'
import { growthOf } from './flat.ts'

/** Measurements that waver a little, as a heap does, about what `at` gives. */
const wavering = (at: (index: number) => number): number[] =>
  Array.from({ length: 40 }, (_, index) => at(index) + ([0, 7, -4, 3, -6, 1][index % 6] ?? 0))

it('what wavers about one level is flat, and so is what has grown in its first quarter alone', () => {
  expect(
    growthOf(
      wavering(() => 1_000),
      0,
    ).isFlat,
  ).toBe(true)
  expect(
    growthOf(
      wavering((index) => (index < 10 ? 500 + 50 * index : 1_000)),
      0,
    ).isFlat,
  ).toBe(true)
})

it('a gain beyond the wavering is not flat, but where so little is let pass', () => {
  const climbing = wavering((index) => 1_000 + index)
  const { growth, chance, isFlat } = growthOf(climbing, 0)
  expect(growth).toBeCloseTo(29, -1)
  expect(growth).toBeGreaterThan(chance)
  expect(isFlat).toBe(false)
  expect(growthOf(climbing, 0.05).isFlat).toBe(true)
})

it('what grows less and less is still growing', () => {
  expect(
    growthOf(
      wavering((index) => 1_000 * Math.log(index + 2)),
      0.02,
    ).isFlat,
  ).toBe(false)
})
