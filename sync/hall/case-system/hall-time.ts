/** Days and clock times at the hall. China has one time zone and no summer time, whatever the server is set to. */
import type { Calendar } from '../../protocol/content.ts'
import { addWorkingDays } from '../../protocol/working-days.ts'

const OFFSET = '+08:00'
const OFFSET_MS = 8 * 60 * 60 * 1000

/** A day counted in working days from today, never 0 for what has happened: today may be a Sunday night. */
export interface RelativeTime {
  workingDays: number
  /** HH:MM */
  time: string
}

/** The hall's date at an instant, YYYY-MM-DD. */
export function hallDate(at: Date): string {
  return new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 10)
}

/** RFC 3339 with the hall's offset. */
export function hallInstant(relative: RelativeTime, today: string, calendars: readonly Calendar[]): string {
  return `${addWorkingDays(today, relative.workingDays, calendars)}T${relative.time}:00${OFFSET}`
}

/** 2026-11-20 → 2026年11月20日 */
export function dateInWords(date: string): string {
  const [year, month, day] = date.split('-').map(Number)
  return `${year}年${month}月${day}日`
}

/** An instant as RFC 3339 with the hall's offset, in seconds. */
export function atHall(at: Date): string {
  return `${new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 19)}${OFFSET}`
}

/** The instant at which it is `time` (HH:MM, up to 24:00) at the hall on a day. */
export function hallMoment(date: string, time: string): Date {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return new Date(Date.parse(`${date}T00:00:00${OFFSET}`) + (hours * 60 + minutes) * 60 * 1000)
}
