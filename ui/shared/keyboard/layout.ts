/** Where keys lie: a pure computation over millimetres and columns. */

/** UX.md: a touch target and the gap between two. */
export const TOUCH_MM = 20
export const GAP_MM = 3

/** QWERTY needs ten columns; with fewer the letters stand in the order of the alphabet. */
export const QWERTY_COLUMNS = 10
/** Below this no word can be found with the eye any more. */
const FEWEST_COLUMNS = 6
/** Text, candidates, three rows of letters, one of functions. */
const LEAST_TEXT_MM = 12

export const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
export const QWERTY_ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'] as const

/** Keys beside the letters when they stand in a plain grid: delete, shift or rare, symbols, language, two arrows, space, new line, done. */
export const KEYS_BESIDE_LETTERS = 9

export function columnsIn(widthMm: number): number {
  const fitting = Math.floor((widthMm + GAP_MM) / (TOUCH_MM + GAP_MM))
  return Math.max(1, Math.min(QWERTY_COLUMNS, fitting))
}

/** Rows of letters above the row or rows of functions. */
export function letterRows(columns: number): number {
  return columns >= QWERTY_COLUMNS ? QWERTY_ROWS.length : Math.ceil((LETTERS.length + 1) / columns)
}

/** Columns of the space bar in a plain grid, so that the last row is full. */
export function spaceColumns(columns: number, keys = LETTERS.length + KEYS_BESIDE_LETTERS): number {
  return 1 + ((columns - (keys % columns)) % columns)
}

function plainRows(columns: number): number {
  return Math.ceil((LETTERS.length + KEYS_BESIDE_LETTERS) / columns)
}

/** Whether the keyboard holds its sizes in that room; a page without it offers labels and numbers only. */
export function keyboardFits(room: { widthMm: number; heightMm: number }): boolean {
  const columns = columnsIn(room.widthMm)
  if (columns < FEWEST_COLUMNS) return false
  const keyRows = columns >= QWERTY_COLUMNS ? QWERTY_ROWS.length + 1 : plainRows(columns)
  const rows = keyRows + 1
  return room.heightMm >= LEAST_TEXT_MM + rows * (TOUCH_MM + GAP_MM)
}

/**
 * Fills pages with choices of different widths, in their order.
 * @param widths columns that each choice needs
 * @param rows rows a page has
 * @returns for each page the index of its first choice and how many it holds
 */
export function pagesOf(widths: number[], columns: number, rows: number): { first: number; count: number }[] {
  const pages: { first: number; count: number }[] = []
  let page = { first: 0, count: 0 }
  let row = 0
  let used = 0
  for (const [index, width] of widths.entries()) {
    const needed = Math.min(width, columns)
    if (used + needed > columns) {
      row += 1
      used = 0
    }
    if (row >= rows) {
      pages.push(page)
      page = { first: index, count: 0 }
      row = 0
    }
    used += needed
    page.count += 1
  }
  if (page.count > 0) pages.push(page)
  return pages
}
