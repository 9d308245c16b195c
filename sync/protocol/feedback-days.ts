/** By when a citizen has an answer (DOMAIN.md §3.1, §3.2), in the hall's working days. */
import type { Calendar, Hall } from './content.ts'
import { openSpans } from './hall-hours.ts'
import { type ReportKind, reportAnswerBy } from './report-limits.ts'
import { addWorkingDays, type Deadline, workingDeadline } from './working-days.ts'

/** As a bad rating is to be put right (DOMAIN.md §2.1); whoever needs longer tells so before. */
const COMPLAINT_WORKING_DAYS = 15
/** An ordinary matter of one office: somebody answers, or rings to agree on what comes next. */
const REQUEST_WORKING_DAYS = 1

const PACE_WORKING_DAYS: Readonly<Record<ReportKind, number>> = { now: 0, ordinary: 1, 'several-offices': 3 }

/** The longest holidays of a year take nine days: a hall that does not open for so long has no hours at all. */
const LOOK_AHEAD_DAYS = 31

export interface AnswerDay extends Deadline {
  /** Of the hall's calendar; 0 is as soon as a window is open. */
  workingDays: number
}

export type Answered = { kind: 'report'; pace: ReportKind } | { kind: 'complaint' } | { kind: 'request' }

/** `day` YYYY-MM-DD, `time` HH:MM, both at the hall. */
export interface HallMoment {
  day: string
  time: string
}

/** @throws RangeError when the moment's day is no date */
export function answerDay(
  answered: Answered,
  at: HallMoment,
  hours: Hall['hours'],
  calendars: readonly Calendar[],
): AnswerDay {
  switch (answered.kind) {
    case 'report': {
      const workingDays = PACE_WORKING_DAYS[answered.pace]
      const from = answered.pace === 'now' ? nextOpenDay(at, hours, calendars) : at.day
      return { ...reportAnswerBy(answered.pace, from, calendars), workingDays }
    }
    case 'complaint':
      return {
        ...workingDeadline(at.day, COMPLAINT_WORKING_DAYS, calendars),
        workingDays: COMPLAINT_WORKING_DAYS,
      }
    case 'request':
      return {
        ...workingDeadline(at.day, REQUEST_WORKING_DAYS, calendars),
        workingDays: REQUEST_WORKING_DAYS,
      }
  }
}

/** Today while a window is still open or will be, otherwise the next day on which one is. */
function nextOpenDay(
  { day, time }: HallMoment,
  hours: Hall['hours'],
  calendars: readonly Calendar[],
): string {
  if (openSpans(day, hours, calendars).some(({ closes }) => closes > time)) return day
  for (let ahead = 1; ahead <= LOOK_AHEAD_DAYS; ahead += 1) {
    const next = dayAfter(day, ahead)
    if (openSpans(next, hours, calendars).length > 0) return next
  }
  return addWorkingDays(day, 1, calendars)
}

const MS_PER_DAY = 24 * 60 * 60 * 1000

/** The calendar day so many days after `date`; before it where `days` is negative. */
export function dayAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * MS_PER_DAY).toISOString().slice(0, 10)
}
