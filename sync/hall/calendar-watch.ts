/** Says in the log, at start and once a day, that limits are counted into a year whose holidays nobody knows yet. */
import type { Logger } from 'pino'
import type { Calendar } from '../protocol/content.ts'
import { calendarGaps } from '../protocol/working-days.ts'
import { hallDate } from './case-system/hall-time.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export function watchCalendars(
  calendars: () => readonly Calendar[],
  clock: () => Date,
  logger: Logger,
): { close(): void } {
  function look(): void {
    const years = calendarGaps(hallDate(clock()), calendars())
    if (years.length === 0) return
    const files = years.map((year) => `calendar-${year}.json`).join(', ')
    logger.warn(
      { code: 'calendar-missing', years },
      `limits that reach into ${years.join(', ')} are counted without that year's published holidays: put ${files} into the hall's content`,
    )
  }
  look()
  const timer = setInterval(look, DAY_MS)
  timer.unref()
  return { close: () => clearInterval(timer) }
}
