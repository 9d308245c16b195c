import type { Language } from '../../device/http/contract.ts'
import { clockTime, deviceOffsetMinutes, shortDate, wallClock } from '../shared/format.ts'

const MS_PER_MINUTE = 60_000
const MS_PER_SECOND = 1_000

/** `14:05`, with the day before it where it is another than today; in the device's own zone. */
export const when = (instant: string, nowMs: number, language: Language): string => {
  const offset = deviceOffsetMinutes(instant)
  const at = wallClock(Date.parse(instant), offset)
  const today = wallClock(nowMs, offset)
  const sameDay = at.year === today.year && at.month === today.month && at.day === today.day
  if (sameDay) return clockTime(at)
  const day = shortDate(at, today.year, language)
  return `${day}${language === 'zh' ? ' ' : ', '}${clockTime(at)}`
}

/** What is left until then: minutes while there are any, else seconds; never below zero. */
export const timeLeft = (
  until: string,
  nowMs: number,
  words: { seconds: (count: number) => string; minutes: (count: number) => string },
): string => {
  const leftMs = Math.max(0, Date.parse(until) - nowMs)
  return leftMs >= 2 * MS_PER_MINUTE
    ? words.minutes(Math.ceil(leftMs / MS_PER_MINUTE))
    : words.seconds(Math.ceil(leftMs / MS_PER_SECOND))
}
