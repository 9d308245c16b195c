import { expect, test } from 'vitest'
import type { Dots } from '../../../drivers/receipt-printer/dots.ts'
import { fillOutline, SCALE_ONE, SUB } from '../../../drivers/receipt-printer/outline.ts'
import { Glyphs, hasGlyph } from '../../../drivers/receipt-printer/raster-font.ts'

const glyphs = new Glyphs()
const glyphDots = glyphs.dots.bind(glyphs)

function picture(dots: Dots): string[] {
  return Array.from({ length: dots.height }, (_, y) =>
    Array.from({ length: dots.width }, (_, x) => (dots.at(x, y) === 1 ? '#' : '.')).join(''),
  )
}

const black = (dots: Dots): number => dots.data.reduce((sum, dot) => sum + dot, 0)

test('a square with a hole is filled by the non-zero rule', () => {
  const ring = (points: number[][]) => [
    ...points.map((args, index) => ({
      command: index === 0 ? ('moveTo' as const) : ('lineTo' as const),
      args,
    })),
    { command: 'closePath' as const, args: [] },
  ]
  const outline = [
    ...ring([
      [0, 0],
      [6, 0],
      [6, 6],
      [0, 6],
    ]),
    ...ring([
      [2, 2],
      [2, 4],
      [4, 4],
      [4, 2],
    ]),
  ]
  const place = {
    width: 8,
    height: 8,
    scaleX: SUB * SCALE_ONE,
    scaleY: SUB * SCALE_ONE,
    originX: SUB,
    baselineY: 7 * SUB,
  }
  expect(picture(fillOutline(outline, place))).toEqual([
    '........',
    '.######.',
    '.######.',
    '.##..##.',
    '.##..##.',
    '.######.',
    '.######.',
    '........',
  ])
})

test('a full-width character fills its 24 × 24 cell and a letter its 12 × 24 cell', () => {
  const chinese = glyphDots('国'.codePointAt(0) ?? 0, 24, 24)
  expect([chinese.width, chinese.height]).toEqual([24, 24])
  expect(black(chinese)).toBeGreaterThan(150)
  const rows = picture(chinese)
  expect(rows[0]).toBe('.'.repeat(24))
  expect(rows.some((row) => row.includes('#'.repeat(16)))).toBe(true)
  expect(black(glyphDots(0x57, 12, 24))).toBeGreaterThan(60)
  expect(black(glyphDots(0x20, 12, 24))).toBe(0)
})

test('the tail of a g is in its cell', () => {
  const rows = picture(glyphDots(0x67, 12, 24))
  // Its loop is closed at the bottom: one stroke, not the two sides of a loop that was cut off.
  expect(rows.findLast((row) => row.includes('#'))).toMatch(/^\.*#+\.*$/)
})

test('rare characters have glyphs of their own', () => {
  for (const character of '䶮𬭎') {
    const codePoint = character.codePointAt(0) ?? 0
    expect(hasGlyph(codePoint)).toBe(true)
    expect(black(glyphDots(codePoint, 24, 24))).toBeGreaterThan(150)
  }
})

test('a character that the font lacks is a box with its code, never nothing', () => {
  expect(hasGlyph(0x1f600)).toBe(false)
  expect(picture(glyphDots(0x1f600, 24, 24))).toEqual([
    '........................',
    '.######################.',
    '.#....................#.',
    '.#....................#.',
    '.#..###....#...#####..#.',
    '.#.#...#..##...#......#.',
    '.#.#..##...#...#......#.',
    '.#.#.#.#...#...####...#.',
    '.#.##..#...#...#......#.',
    '.#.#...#...#...#......#.',
    '.#..###...###..#......#.',
    '.#....................#.',
    '.#....................#.',
    '.#...##...###...###...#.',
    '.#..#....#...#.#...#..#.',
    '.#.#.....#..##.#..##..#.',
    '.#.####..#.#.#.#.#.#..#.',
    '.#.#...#.##..#.##..#..#.',
    '.#.#...#.#...#.#...#..#.',
    '.#..###...###...###...#.',
    '.#....................#.',
    '.#....................#.',
    '.######################.',
    '........................',
  ])
})

test('the same glyph is the same dots every time', () => {
  expect(glyphDots(0x4dae, 48, 48)).toBe(glyphDots(0x4dae, 48, 48))
})
