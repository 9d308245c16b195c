/** Where keys lie: a pure computation over millimetres and columns. */

/** UX.md: a touch target and the gap between two. */
export const TOUCH_MM = 20
export const GAP_MM = 3

/** QWERTY needs ten columns; with fewer the letters stand in the order of the alphabet. */
export const QWERTY_COLUMNS = 10
/** Below this no word can be found with the eye any more. */
const FEWEST_COLUMNS = 6
/** Three lines to read in the usual letters, two in large ones, and their box. */
const SPREAD_TEXT_MM = 34
/** Two lines of large letters, and their box: with fewer nobody sees what was said before. */
const LAYERED_TEXT_MM = 29.5
/** A row of functions that holds two signs as well. */
const LAYERED_COLUMNS = 9

/**
 * `spread`: signs or suggestions have a row of their own above the letters. `layered`: on a panel as low as a 10 inch
 * one that row would leave one line of text. So the commonest two signs stand among the functions, the others behind
 * one key, and suggestions take the place of the functions while something is being spelled: no key is smaller.
 */
export type KeyboardForm = 'spread' | 'layered'

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

/** How the keyboard holds its sizes in that room; null: a page without it offers labels and numbers only. */
export function keyboardFormIn(room: { widthMm: number; heightMm: number }): KeyboardForm | null {
  const columns = columnsIn(room.widthMm)
  if (columns < FEWEST_COLUMNS) return null
  const keyRows = columns >= QWERTY_COLUMNS ? QWERTY_ROWS.length + 1 : plainRows(columns)
  const leaves = (rows: number) => room.heightMm - rows * (TOUCH_MM + GAP_MM)
  if (leaves(keyRows + 1) >= SPREAD_TEXT_MM) return 'spread'
  return columns >= LAYERED_COLUMNS && leaves(keyRows) >= LAYERED_TEXT_MM ? 'layered' : null
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
