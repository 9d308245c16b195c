/** Until when a case has to be done, by the hall's working days (DOMAIN.md §3.1): for every case system alike. */
import type { Case } from '../../protocol/cases.ts'
import type { Calendar } from '../../protocol/content.ts'
import { addWorkingDays, workingDeadline } from '../../protocol/working-days.ts'
import { hallDate } from './hall-time.ts'

/**
 * States in which the hall still owes what it promised: the day is that of completion (办结, DOMAIN.md §2 label 309),
 * and what is approved is completed only once its result lies ready.
 */
const OPEN_STATES: readonly Case['state'][] = ['accepted', 'in-review', 'approved']

/** Silence consents to nothing that was decided. */
const UNDECIDED: readonly Case['state'][] = ['accepted', 'in-review']

/** States in which the time limit does not run: nothing accepted yet, or the clock stands still. */
const CLOCK_STOPPED: readonly Case['state'][] = ['received', 'supplement', 'special-procedure']

export interface LimitFacts {
  state: Case['state']
  /** RFC 3339; since when the limit runs: acceptance, or the day on which all material was there. */
  runsFrom: string | null
  promisedDays: number
  statutoryDays: number | null
  /** Working days since then during which it stood still: hearing, survey, expert opinion. */
  pausedDays: number
  /** Who has to act when the promised day has passed. */
  overdueActor: string
  /** 超时默认: with the statutory day gone, silence counts as consent. */
  consentBySilence: boolean
}

export type Limits = Pick<
  Case,
  'clockFrom' | 'promisedBy' | 'overdue' | 'whenOverdue' | 'promisedByProvisional'
>

export function limitsOf(facts: LimitFacts, now: Date, calendars: readonly Calendar[]): Limits {
  const { state, runsFrom, promisedDays, pausedDays } = facts
  if (runsFrom === null || CLOCK_STOPPED.includes(state))
    return { clockFrom: null, promisedBy: null, overdue: false, whenOverdue: null }
  const from = hallDate(new Date(runsFrom))
  const { day, provisional } = workingDeadline(from, promisedDays + pausedDays, calendars)
  const today = hallDate(now)
  const overdue = OPEN_STATES.includes(state) && today > day
  return {
    clockFrom: runsFrom,
    promisedBy: day,
    ...(provisional ? { promisedByProvisional: true } : {}),
    overdue,
    whenOverdue: overdue ? whenOverdue(facts, from, today, calendars) : null,
  }
}

function whenOverdue(
  { state, statutoryDays, pausedDays, overdueActor, consentBySilence }: LimitFacts,
  from: string,
  today: string,
  calendars: readonly Calendar[],
): Case['whenOverdue'] {
  const actor = overdueActor
  if (!consentBySilence || statutoryDays === null || !UNDECIDED.includes(state))
    return { actor, consentedSince: null }
  // The limit's last day is still the hall's own; silence speaks from the next working day on.
  const silentUntil = addWorkingDays(from, statutoryDays + pausedDays, calendars)
  const since = addWorkingDays(silentUntil, 1, calendars)
  return { actor, consentedSince: today >= since ? since : null }
}
