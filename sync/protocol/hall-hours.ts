/** When a hall is open (DOMAIN.md §3.1): its hours by weekday, noon and weekend windows, holidays and shifted days. */
import type { Calendar, Hall } from './content.ts'
import { dayNamed, isWorkingDay } from './working-days.ts'

export interface OpenSpan {
  /** HH:MM at the hall; `closes` is the first minute after. */
  opens: string
  closes: string
}

/**
 * The spans of one day in order; none on a holiday. Two entries of one weekday are a morning and an afternoon with
 * noon between. A weekend day that is worked (调休) has Monday's hours; one that is not has those of its weekday,
 * which are its weekend windows.
 * @param date `YYYY-MM-DD` at the hall
 * @throws RangeError when `date` is no date
 */
export function openSpans(date: string, hours: Hall['hours'], calendars: readonly Calendar[]): OpenSpan[] {
  if (dayNamed(date, calendars) === 'free') return []
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay() || SUNDAY
  const day = weekday >= SATURDAY && isWorkingDay(date, calendars) ? MONDAY : weekday
  return hours
    .filter(({ weekdays }) => weekdays.includes(day))
    .map(({ opens, closes }) => ({ opens, closes }))
    .sort((a, b) => (a.opens < b.opens ? -1 : 1))
}

/** ISO 8601 weekdays. */
const MONDAY = 1
const SATURDAY = 6
const SUNDAY = 7
