/** By when a bad rating is to be called back and put right (DOMAIN.md §2.1), as the profile and the calendar count. */
import type { Calendar } from '../../protocol/content.ts'
import type { EventData } from '../../protocol/events.ts'
import { addWorkingDays } from '../../protocol/working-days.ts'
import { hallDate } from '../case-system/hall-time.ts'
import type { Deadline, ProvinceProfile } from './profile-schema.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export interface Clock {
  /** The last day, YYYY-MM-DD of the hall's own place. */
  due: string
  overdue: boolean
}

export interface Deadlines {
  callBack: Clock
  putRight: Clock
}

/** A device keeps ratings for a hall that is away for so long; older ones by a clock that nobody has set are of today. */
const LONGEST_AWAY_MS = 31 * DAY_MS

/**
 * When a rating was given, as far as its device can be believed: never after it was here, and nothing from a long time
 * ago by a clock that was not synchronised (1970 after an empty battery). In doubt the earlier: people call too soon.
 */
export function givenAt(
  { capturedAt, clock }: Pick<EventData<'rating'>, 'capturedAt' | 'clock'>,
  receivedAt: number,
): Date {
  const captured = Date.parse(capturedAt)
  const impossible = captured > receivedAt || (!clock.synchronized && captured < receivedAt - LONGEST_AWAY_MS)
  return new Date(impossible ? receivedAt : captured)
}

/** @param from when the rating was given @param now today is that day at the hall */
export function deadlinesOf(
  { callBack, putRight }: Pick<ProvinceProfile, 'callBack' | 'putRight'>,
  from: Date,
  now: Date,
  calendars: readonly Calendar[],
): Deadlines {
  const clock = (deadline: Deadline): Clock => {
    const due = dueDay(deadline, hallDate(from), calendars)
    return { due, overdue: hallDate(now) > due }
  }
  return { callBack: clock(callBack), putRight: clock(putRight) }
}

/** The day of the rating itself is not counted. */
function dueDay({ days, counted }: Deadline, from: string, calendars: readonly Calendar[]): string {
  if (counted === 'working') return addWorkingDays(from, days, calendars)
  return new Date(Date.parse(`${from}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}
