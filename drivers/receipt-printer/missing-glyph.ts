import { Dots } from './dots.ts'

/** Digits of 5 × 7 dots, a row in each number, the leftmost dot the highest of five bits. */
const DIGITS: readonly (readonly number[])[] = [
  [14, 17, 19, 21, 25, 17, 14],
  [4, 12, 4, 4, 4, 4, 14],
  [14, 17, 1, 2, 4, 8, 31],
  [31, 2, 4, 2, 1, 17, 14],
  [2, 6, 10, 18, 31, 2, 2],
  [31, 16, 30, 1, 1, 17, 14],
  [6, 8, 16, 30, 17, 17, 14],
  [31, 1, 2, 4, 8, 8, 8],
  [14, 17, 17, 14, 17, 17, 14],
  [14, 17, 17, 15, 1, 2, 12],
  [14, 17, 17, 31, 17, 17, 17],
  [30, 17, 17, 30, 17, 17, 30],
  [14, 17, 16, 16, 16, 17, 14],
  [28, 18, 17, 17, 17, 18, 28],
  [31, 16, 16, 30, 16, 16, 31],
  [31, 16, 16, 30, 16, 16, 16],
]
const DIGIT_WIDTH = 5
const DIGIT_HEIGHT = 7
/** The cell that the box is designed for; a larger one takes it in whole multiples. */
const CELL = 24
const ROWS = 2
const HIGHEST_BIT = 1 << (DIGIT_WIDTH - 1)

/**
 * What stands for a character that no font here has, as in last-resort fonts: a box with the code point in two rows
 * of hexadecimal digits, so that a clerk sees that a character belongs here, and which.
 */
export function missingGlyph(codePoint: number, width: number, height: number): Dots {
  const scale = Math.max(Math.trunc(Math.min(width, height) / CELL), 1)
  const box = new Dots(CELL, CELL)
  for (const edge of [1, CELL - 2]) {
    box.fill(1, edge, CELL - 2, 1)
    box.fill(edge, 1, 1, CELL - 2)
  }
  const digits = codePoint.toString(16).padStart(4, '0')
  const perRow = Math.ceil(digits.length / ROWS)
  const text = digits.padStart(perRow * ROWS, '0')
  const left = Math.trunc((CELL - perRow * (DIGIT_WIDTH + 1) + 1) / 2)
  const top = Math.trunc((CELL - ROWS * (DIGIT_HEIGHT + 2) + 2) / 2)
  for (const [index, digit] of [...text].entries()) {
    const x = left + (index % perRow) * (DIGIT_WIDTH + 1)
    const y = top + Math.trunc(index / perRow) * (DIGIT_HEIGHT + 2)
    const rows = DIGITS[Number.parseInt(digit, 16)] ?? []
    for (const [row, bits] of rows.entries()) {
      for (let column = 0; column < DIGIT_WIDTH; column += 1) {
        if ((bits & (HIGHEST_BIT >> column)) !== 0) box.fill(x + column, y + row, 1, 1)
      }
    }
  }
  const dots = new Dots(width, height)
  dots.draw(
    box,
    Math.trunc((width - CELL * scale) / 2),
    Math.trunc((height - CELL * scale) / 2),
    scale,
    scale,
  )
  return dots
}
