/** Working days of the hall's calendar (DOMAIN.md §3.1): all limits are counted in them. */
import type { Calendar } from './content.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** 40 years of working days: more is no time limit but a wrong number. */
const MAX_DAYS = 10_000

/**
 * What the calendars say of a day; null where none names it. A year's arrangement may name days of the year before
 * (New Year's of 2019 made Saturday, 29 December 2018 a working day), so that all are looked through. A published
 * arrangement goes before a provisional one and replaces that of its own year; of two, the later year's was published
 * later.
 */
export function dayNamed(date: string, calendars: readonly Calendar[]): 'free' | 'worked' | null {
  let named: { by: Calendar; as: 'free' | 'worked' } | null = null
  for (const by of calendars) {
    if (by.provisional === true && isSettled(by.year, calendars)) continue
    const as = by.holidays.includes(date) ? 'free' : by.workingWeekends.includes(date) ? 'worked' : null
    if (as !== null && (named === null || goesBefore(by, named.by))) named = { by, as }
  }
  return named?.as ?? null
}

function goesBefore(one: Calendar, other: Calendar): boolean {
  const [first, second] = [one.provisional === true, other.provisional === true]
  return first === second ? one.year > other.year : second
}

function isSettled(year: number, calendars: readonly Calendar[]): boolean {
  return calendars.some((calendar) => calendar.year === year && calendar.provisional !== true)
}

/**
 * Two calendars of one year of which neither is provisional, or both are: nobody could say which one holds.
 * @returns the years, for whoever looks after the hall
 */
export function calendarsTwice(calendars: readonly Calendar[]): number[] {
  const seen = new Set<string>()
  const twice = calendars.filter(({ year, provisional }) => {
    const one = `${year} ${provisional === true}`
    return seen.has(one) || !seen.add(one)
  })
  return twice.map(({ year }) => year)
}

/**
 * Whether people work at the hall on that day: the calendars' holidays and shifted days (调休) first, else
 * Monday to Friday. A day that no calendar names is Monday to Friday.
 * @param date `YYYY-MM-DD` of the hall's own place
 * @throws RangeError when `date` is no date
 */
export function isWorkingDay(date: string, calendars: readonly Calendar[]): boolean {
  const at = dayOf(date)
  const named = dayNamed(date, calendars)
  if (named !== null) return named === 'worked'
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
  const [first, last] = dayOf(date) < dayOf(day) ? [date, day] : [day, date]
  const years = unsettledYears(yearOf(first), yearOf(shifted(last, NAMED_BEFORE_DAYS)), calendars)
  return { day, provisional: years.length > 0 }
}

/** So many days at a year's end have been named by the next year's arrangement: 29 to 31 December 2018. */
const NAMED_BEFORE_DAYS = 3

/**
 * So far ahead the hall's limits reach: a licence decided jointly takes 45 working days and 15 more (行政许可法
 * art. 42), 12 weeks with the longest holidays between. A year's arrangement is published in the November before;
 * what is promised earlier is told as provisional.
 */
const CALENDAR_AHEAD_DAYS = 100

/**
 * The years that the hall's limits need now and whose calendar is missing or provisional, for whoever looks after
 * the hall: each day counted in them is Monday to Friday, holidays or not.
 * @param today YYYY-MM-DD at the hall
 */
export function calendarGaps(today: string, calendars: readonly Calendar[]): number[] {
  const ahead = shifted(today, CALENDAR_AHEAD_DAYS)
  return unsettledYears(yearOf(today), yearOf(ahead), calendars)
}

function unsettledYears(first: number, last: number, calendars: readonly Calendar[]): number[] {
  const years = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  return years.filter((year) => !isSettled(year, calendars))
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

function yearOf(date: string): number {
  return dayOf(date).getUTCFullYear()
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
