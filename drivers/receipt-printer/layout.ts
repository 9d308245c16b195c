import { cellsOf, charactersOf, textCells } from './characters.ts'
import type { Align } from './document.ts'

/** Signs that must not begin a line; the character before them comes along. */
const NOT_AT_START = '，。、；：？！）》」』】〉”’…％,.;:?!)]}%'

/** Signs that must not end a line; they go along with what follows. */
const NOT_AT_END = '（《「『【〈“‘([{'

/** Lines of at most `cells` half-width cells. Breaks between Chinese characters, and at spaces between words. */
export function wrap(text: string, cells: number): string[] {
  return text.split('\n').flatMap((paragraph) => wrapParagraph(paragraph, cells))
}

function wrapParagraph(paragraph: string, cells: number): string[] {
  const lines: string[] = []
  let line: string[] = []
  let used = 0
  for (const character of charactersOf(paragraph)) {
    const width = cellsOf(character)
    if (used + width > cells) {
      const better = withNumbers(line, breakPoint(line, character), character, cells)
      // What comes along must leave room for the character that it comes along for.
      const fits = textCells(line.slice(better).join('')) + width <= cells
      const kept = fits ? better : line.length
      lines.push(line.slice(0, kept).join('').trimEnd())
      line = line.slice(kept)
      // The space at which a line was broken is not the beginning of the next.
      if (line.length === 0 && character === ' ') {
        used = 0
        continue
      }
      used = textCells(line.join(''))
    }
    line.push(character)
    used += width
  }
  lines.push(line.join('').trimEnd())
  return lines
}

/** How many characters of a full line stay on it when `next` does not fit any more. */
function breakPoint(line: readonly string[], next: string): number {
  const last = line.length
  if (last > 1 && NOT_AT_END.includes(line[last - 1] ?? '')) return last - 1
  if (NOT_AT_START.includes(next) && last > 1 && !NOT_AT_START.includes(line[last - 1] ?? '')) {
    // Only if what comes along is no half of a word.
    return isWord(line[last - 1] ?? '') ? wordStart(line, last) : last - 1
  }
  if (!isWord(next)) return last
  return wordStart(line, last)
}

/** A space so few characters before a number is a better place to break than the middle of "复印1". */
const SPACE_NEAR = 4

/** What a number stays with: "复印" or "￥" at a line's end says nothing of the 1 below. */
const BEFORE_NUMBER = /^[\p{Script=Han}￥¥]/u

function withNumbers(line: readonly string[], at: number, next: string, cells: number): number {
  if (!/^[0-9]$/.test(line[at] ?? next) || !BEFORE_NUMBER.test(line[at - 1] ?? '')) return at
  const space = line.lastIndexOf(' ', at - 1)
  const isNear = space > 0 && at - space <= SPACE_NEAR + 1
  const opened = NOT_AT_END.includes(line[at - 2] ?? ' ') ? at - 2 : at - 1
  const better = isNear ? space + 1 : opened
  const fits = textCells(line.slice(better).join('')) + cellsOf(next) <= cells
  return better > 0 && fits ? better : at
}

/** The beginning of the word that ends a line, or its end when the word alone is the line. */
function wordStart(line: readonly string[], last: number): number {
  let at = last
  while (at > 0 && isWord(line[at - 1] ?? '')) at -= 1
  return at === 0 ? last : at
}

function isWord(character: string): boolean {
  return character > ' ' && character <= '~'
}

/** Text with spaces so that it fills `cells`; text that is too long stays as it is. */
export function pad(text: string, cells: number, align: Align): string {
  const free = Math.max(cells - textCells(text), 0)
  const left = align === 'left' ? 0 : align === 'right' ? free : Math.trunc(free / 2)
  return ' '.repeat(left) + text + ' '.repeat(free - left)
}

export interface Column {
  text: string
  share: number
  align?: Align
  bold?: boolean
}

export interface Segment {
  text: string
  bold: boolean
}

/** Rows of segments that fill the line: each column wrapped in its own width, one cell apart from the next. */
export function layoutColumns(columns: readonly Column[], cells: number): Segment[][] {
  const widths = columnWidths(columns, cells)
  const wrapped = columns.map((column, index) => {
    const width = widths[index] ?? 0
    const room = index === columns.length - 1 ? width : width - 1
    return wrap(column.text, Math.max(room, 2)).map((text) => pad(text, room, column.align ?? 'left'))
  })
  const rows = Math.max(0, ...wrapped.map((lines) => lines.length))
  return Array.from({ length: rows }, (_, row) =>
    columns.map((column, index) => {
      const text = wrapped[index]?.[row] ?? ''
      return { text: pad(text, widths[index] ?? 0, 'left'), bold: column.bold ?? false }
    }),
  )
}

/** Whole cells for shares that add up to 1; rounding never adds up to more than the line. */
function columnWidths(columns: readonly Column[], cells: number): number[] {
  let share = 0
  let used = 0
  return columns.map((column) => {
    share += column.share
    const end = Math.min(Math.round(share * cells), cells)
    const width = end - used
    used = end
    return width
  })
}
