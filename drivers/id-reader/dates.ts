/** Dates as cards and numbers carry them: YYYYMMDD, in the Gregorian calendar. */
import { timestamp } from '../time.ts'

/** `YYYY-MM-DD` for eight digits that name a real day; undefined otherwise. */
export function calendarDate(digits: string): string | undefined {
  if (!/^\d{8}$/.test(digits)) return undefined
  const iso = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`
  const at = new Date(`${iso}T00:00:00Z`)
  // 30 February is rolled over to March by the parser instead of being refused: compare the way back.
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== iso) return undefined
  return iso
}

/** The clock of a terminal whose battery is empty says less than this program's age, and turns nobody away. */
const EARLIEST_TODAY = '2026-01-01'

/** Whether a `YYYY-MM-DD` is still to come on the day `today`. */
export function isToCome(date: string, today: string): boolean {
  return date > (today > EARLIEST_TODAY ? today : EARLIEST_TODAY)
}

/** This machine's date as `YYYY-MM-DD`. */
export function localDate(): string {
  return timestamp().slice(0, 10)
}

/** `20240229` for `2024-02-29`; digits that already are bare stay so. */
export function bareDate(date: string): string {
  return date.replaceAll('-', '')
}
