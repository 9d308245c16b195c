/** Working days of the hall's calendar (DOMAIN.md §3.1): all limits are counted in them. */
import type { Calendar } from './content.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** 40 years of working days: more is no time limit but a wrong number. */
const MAX_DAYS = 10_000

/**
 * Whether people work at the hall on that day: its calendar's holidays and shifted days (调休) first, else
 * Monday to Friday. A year that no calendar knows is Monday to Friday.
 * @param date `YYYY-MM-DD` of the hall's own place
 * @throws RangeError when `date` is no date
 */
export function isWorkingDay(date: string, calendars: readonly Calendar[]): boolean {
  const at = dayOf(date)
  const calendar = calendars.find((candidate) => candidate.year === at.getUTCFullYear())
  if (calendar?.holidays.includes(date)) return false
  if (calendar?.workingWeekends.includes(date)) return true
  const weekday = at.getUTCDay()
  return weekday >= 1 && weekday <= 5
}

/**
 * The day that is `days` working days after `date`, or before it where `days` is negative. `date` itself is
 * not counted, working day or not; 0 gives `date` back.
 * @throws RangeError when `date` is no date, or `days` no whole number within ±10,000
 */
export function addWorkingDays(date: string, days: number, calendars: readonly Calendar[]): string {
  if (!Number.isInteger(days) || Math.abs(days) > MAX_DAYS)
    throw new RangeError(`working days are a whole number of at most ${MAX_DAYS}, not ${days}`)
  const step = Math.sign(days)
  let at = date
  for (let left = Math.abs(days); left > 0; ) {
    at = shifted(at, step)
    if (isWorkingDay(at, calendars)) left -= 1
  }
  return shifted(at, 0)
}

/**
 * Working days after `from` up to and with `to`; negative where `to` lies before `from`. So
 * `workingDaysBetween(d, addWorkingDays(d, n))` is n.
 * @throws RangeError when either is no date
 */
export function workingDaysBetween(from: string, to: string, calendars: readonly Calendar[]): number {
  if (dayOf(to) < dayOf(from)) return -count(to, from, (day) => day !== from, calendars)
  return count(from, to, (day) => day !== from, calendars)
}

export interface Deadline {
  /** YYYY-MM-DD */
  day: string
  /** Counted through a year whose holidays are not published, or not for good: the day may still move. */
  provisional: boolean
}

/**
 * As `addWorkingDays`, and whether that can be relied on. The State Council publishes a year's arrangement in the
 * November before, so that limits set late in a year run into one that nobody knows yet.
 */
export function workingDeadline(date: string, days: number, calendars: readonly Calendar[]): Deadline {
  const day = addWorkingDays(date, days, calendars)
  const [first, last] = [date, day].map((one) => dayOf(one).getUTCFullYear()).sort((a, b) => a - b)
  return { day, provisional: unsettledYears(first ?? 0, last ?? 0, calendars).length > 0 }
}

/** From this long before a year's end its successor's calendar should be there: limits reach so far. */
const CALENDAR_AHEAD_DAYS = 31

/**
 * The years that the hall's limits need now and whose calendar is missing or provisional, for whoever looks after
 * the hall: each day counted in them is Monday to Friday, holidays or not.
 * @param today YYYY-MM-DD at the hall
 */
export function calendarGaps(today: string, calendars: readonly Calendar[]): number[] {
  const ahead = shifted(today, CALENDAR_AHEAD_DAYS)
  return unsettledYears(dayOf(today).getUTCFullYear(), dayOf(ahead).getUTCFullYear(), calendars)
}

function unsettledYears(first: number, last: number, calendars: readonly Calendar[]): number[] {
  const settled = new Set(calendars.filter(({ provisional }) => provisional !== true).map(({ year }) => year))
  const years = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  return years.filter((year) => !settled.has(year))
}

function count(
  first: string,
  last: string,
  counted: (day: string) => boolean,
  calendars: readonly Calendar[],
): number {
  let days = 0
  for (let day = first; day <= last; day = shifted(day, 1))
    if (counted(day) && isWorkingDay(day, calendars)) days += 1
  return days
}

function dayOf(date: string): Date {
  const at = new Date(`${date}T00:00:00Z`)
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== date)
    throw new RangeError(`no date: ${date}`)
  return at
}

function shifted(date: string, days: number): string {
  return new Date(dayOf(date).getTime() + days * DAY_MS).toISOString().slice(0, 10)
}
