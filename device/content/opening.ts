/** When the hall's windows are open next, by its hours and its calendar. All of China keeps one time. */
import type { Calendar, Hall } from '../../sync/protocol/content.ts'
import { openSpans } from '../../sync/protocol/hall-hours.ts'

export interface Opening {
  openNow: boolean
  /** When they open next; null while they are open, and where no day within the horizon is worked. */
  opensAt: Date | null
}

const HALL_OFFSET = '+08:00'
const HALL_OFFSET_MS = 8 * 60 * 60 * 1000
const DAY_MS = 24 * 60 * 60 * 1000

/** Longer than any holiday with its shifted days. */
const HORIZON_DAYS = 21

export const openingOf = (now: Date, hall: Hall | null, calendars: readonly Calendar[]): Opening | null => {
  if (hall === null) return null
  for (let ahead = 0; ahead <= HORIZON_DAYS; ahead += 1) {
    const day = new Date(now.getTime() + HALL_OFFSET_MS + ahead * DAY_MS).toISOString().slice(0, 10)
    for (const { opens, closes } of openSpans(day, hall.hours, calendars)) {
      const [from, until] = [momentOf(day, opens), momentOf(day, closes)]
      if (from <= now && now < until) return { openNow: true, opensAt: null }
      if (now < from) return { openNow: false, opensAt: from }
    }
  }
  return { openNow: false, opensAt: null }
}

/** @param time `HH:MM` at the hall */
const momentOf = (day: string, time: string): Date => new Date(`${day}T${time}:00${HALL_OFFSET}`)
