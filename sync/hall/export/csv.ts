/** Comma-separated values (RFC 4180) that spreadsheets open as they are, and neither run nor rewrite. */

/** Excel takes a file without it for one in the machine's own code page. */
export const BYTE_ORDER_MARK = '\ufeff'

const LINE_END = '\r\n'

/**
 * What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), full-width forms included; a tab
 * or carriage return is dropped on import and leaves what follows as the beginning.
 */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/

/** Shown as it is written: more than 15 digits are rounded, and zeros before them are dropped. */
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,14})$/

/** What a spreadsheet may read as a number, an amount, a time or a date: window 3-12, staff 007, 1E5, 3月12日, 9a. */
const NUMBER_OR_DATE = /^[\s\d０-９.,:/\-+%()年月日时分秒点上下午¥￥$€]*(?:[eE][+-]?\d+|\s*[aApP][mM]?)?$/
const MONTH = /jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec/i
const DIGIT = /[\d０-９]/
const BOOLEAN = /^\s*(?:true|false)\s*$/i

/** A string is text, whatever it looks like; `shown` is for the spreadsheet to make of it what it can, as of a time. */
export type Cell = string | number | { shown: string }

/** One record. A text that could be run or rewritten gets an apostrophe before it, which shows it as text. */
export function csvLine(cells: readonly Cell[]): string {
  return cells.map(cell).join(',') + LINE_END
}

function cell(value: Cell): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'object') return value.shown
  const text = FORMULA.test(value) || isRewritten(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function isRewritten(value: string): boolean {
  if (WHOLE_NUMBER.test(value)) return false
  if (BOOLEAN.test(value)) return true
  return DIGIT.test(value) && (NUMBER_OR_DATE.test(value) || MONTH.test(value))
}
