/** Tables for a terminal: columns under each other, Chinese characters counted as the two places that they take. */

const GAP = '  '

/** One line a row, the first of them the heading; nothing is cut. */
export function inColumns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, places(cell))
    })
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - places(cell))).join(GAP)
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('')
}

/** East Asian wide characters and full-width forms (Unicode TR 11) take two places. */
function places(text: string): number {
  let count = 0
  for (const character of text)
    count += /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uff60]/u.test(
      character,
    )
      ? 2
      : 1
  return count
}

/** `2026-11-21 20:14`, by the clock of whoever reads it. */
export function minute(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const date = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}`
}
