/** Who comes to the demonstration hall on a day: always the same people on the same day, from nothing but the date. */
import { createHash } from 'node:crypto'
import type { OpenSpan } from '../../protocol/hall-hours.ts'
import { hallMoment } from '../case-system/hall-time.ts'
import type { DemoQueuePlan, QueueType } from './demo-data.ts'

export interface Arrival {
  /** Milliseconds since 1970. */
  at: number
  businessType: string
  /** Of this type's people on this day, from 0. */
  index: number
}

const MINUTE_MS = 60 * 1000
const HALF_HOUR_MS = 30 * MINUTE_MS
/** Numbers are given until so long before closing: who comes later would not be served. */
export const LAST_NUMBER_BEFORE_CLOSING_MS = HALF_HOUR_MS
/** Of the duty desk, for a share of 1. */
const NIGHT_HALF_HOUR = 5

/** In which half hours how many come, as far as the type is open then. */
export function halfHoursOf(
  { halfHours }: Pick<DemoQueuePlan, 'halfHours'>,
  type: QueueType,
  spans: readonly OpenSpan[],
): { from: string; to: string; people: number }[] {
  return Array.from({ length: 48 }, (_, index) => clockTime(index)).flatMap((from, index) => {
    const open = spans.some(({ opens, closes }) => opens <= from && from < closes)
    if (!open) return []
    const people = (type.dayAndNight ? NIGHT_HALF_HOUR : (halfHours[from] ?? 0)) * type.share
    return [{ from, to: clockTime(index + 1), people }]
  })
}

function clockTime(halfHour: number): string {
  const hour = String(Math.floor(halfHour / 2)).padStart(2, '0')
  return `${hour}:${halfHour % 2 === 0 ? '00' : '30'}`
}

/** In order of time. */
export function arrivalsOf(
  date: string,
  plan: DemoQueuePlan,
  type: QueueType,
  spans: readonly OpenSpan[],
): Arrival[] {
  const lastAt = (from: string): number => {
    const span = spans.find(({ opens, closes }) => opens <= from && from < closes)
    const closes = hallMoment(date, span?.closes ?? '24:00').getTime()
    return type.dayAndNight ? closes : closes - LAST_NUMBER_BEFORE_CLOSING_MS
  }
  const times = halfHoursOf(plan, type, spans).flatMap(({ from, people }) => {
    const start = hallMoment(date, from).getTime()
    const whole = Math.floor(people + chance(date, type.businessType, from))
    return Array.from(
      { length: whole },
      (_, index) => start + Math.floor(chance(date, type.businessType, from, index) * HALF_HOUR_MS),
    ).filter((at) => at < lastAt(from))
  })
  return times.sort((a, b) => a - b).map((at, index) => ({ at, businessType: type.businessType, index }))
}

/** From 0 up to 1, always the same for the same things. */
export function chance(...of: readonly (string | number)[]): number {
  return createHash('sha256').update(of.join('\n')).digest().readUInt32BE(0) / 2 ** 32
}
