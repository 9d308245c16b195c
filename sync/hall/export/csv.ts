/** Comma-separated values (RFC 4180) that spreadsheets open as they are and never run. */

/** Excel takes a file without it for one in the machine's own code page. */
export const BYTE_ORDER_MARK = '\ufeff'

const LINE_END = '\r\n'

/**
 * What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), full-width forms included; a tab
 * or carriage return is dropped on import and leaves what follows as the beginning.
 */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/

/** One record. Numbers stand as they are; a text that could be run gets an apostrophe before it, which shows it as text. */
export function csvLine(cells: readonly (string | number)[]): string {
  return cells.map(cell).join(',') + LINE_END
}

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const safe = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
