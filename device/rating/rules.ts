/** The rules of DOMAIN.md §2 as plain functions; no clock, no store, no page. */
import { EVALUATION_AT_MOST_MS, EVALUATION_WAITS_MS } from '../../sync/protocol/evaluations.ts'
import type { ClockState, EventData, RatedCase, RatedStaff } from '../../sync/protocol/events.ts'
import { formatInstant } from '../../sync/protocol/identifiers.ts'
import { type LevelNumber, levelName, levelNumber } from '../../sync/protocol/levels.ts'
import type { Level } from '../http/contract.ts'

/** An open question waits so long without a touch (PROTOCOLS.md §2). */
export const ASKING_WITHOUT_TOUCH_MS = EVALUATION_WAITS_MS
/** However much it is touched, the question goes after this, for the next citizen waits (PROTOCOLS.md §2). */
export const ASKING_AT_MOST_MS = EVALUATION_AT_MOST_MS
/** The page of labels closes by itself after so long without a touch (DOMAIN.md §2). */
export const LABELS_WITHOUT_TOUCH_MS = 15_000

export interface Question {
  id: string
  /** null for a service without a case, as a guide that was printed; a terminal alone asks after those. */
  case: RatedCase | null
  assessNumber: number
  staff: RatedStaff
  /** A JWE, sealed when the question opened; null when nobody was named. */
  user: string | null
  /** What was shown for the case. */
  proof: EventData<'rating'>['proof']
  /** The version that its labels are of. */
  dictionary: string
  anonymous: boolean
  askedAt: Date
  /** The citizen's answer, durable before any further page. */
  tap: Tap | null
  /** Codes of the labels touched so far. */
  labels: readonly string[]
}

/** On what the citizen answered: the pad's page, the keypad beside it, or a terminal. */
export type Channel = EventData<'rating'>['channel']

/** `clock` is what was known of the device's clock at that moment. */
export interface Tap {
  level: LevelNumber
  channel: Channel
  at: Date
  clock: ClockState
}

/** When the page closes by itself, on the same clock as its arguments (milliseconds). */
export const closesAtMs = (page: {
  name: 'asking' | 'labels'
  openedMs: number
  touchedMs: number
}): number => {
  const limit = page.name === 'asking' ? ASKING_WITHOUT_TOUCH_MS : LABELS_WITHOUT_TOUCH_MS
  return Math.min(page.touchedMs + limit, page.openedMs + ASKING_AT_MOST_MS)
}

/**
 * When the question goes if nobody touches it, RFC 3339. The window sees this one value as long as the question is
 * there: one that moved with the touches would tell what the citizen does.
 */
export const expiresAtOf = (question: Question): string =>
  formatInstant(new Date(question.askedAt.getTime() + ASKING_WITHOUT_TOUCH_MS))

const isBad = (level: LevelNumber): boolean => {
  const name: Level = levelName(level)
  return name === 'dissatisfied' || name === 'very-dissatisfied'
}

/** Bad ratings without label or words are kept; the hall's call back completes them. */
export const reasonPending = (
  level: LevelNumber,
  labels: readonly string[],
  comment: string | null,
): boolean => isBad(level) && labels.length === 0 && comment === null

export const numberOf = (level: Level): LevelNumber => levelNumber(level)

/** What was added on the page of labels. */
export interface Finish {
  labels: readonly string[]
  /** A JWE. */
  comment: string | null
}

/** A question that a stop of the program left open, with the words that were written, a JWE. */
export interface LeftOver extends Question {
  comment: string | null
}

/** What stands of a question that nobody finished: what was touched, and what was written. */
export const unfinished = ({ labels, comment = null }: Question & Partial<LeftOver>): Finish => ({
  labels,
  comment,
})

/**
 * The rating of a question that was answered; the capture time is the tap's and stays it. Its members stand in the
 * order of RFC 8785: the event's text need not be sorted then, while the citizen waits.
 */
export const ratingOf = (question: Question, tap: Tap, finish: Finish): EventData<'rating'> => ({
  anonymous: question.anonymous,
  askedAt: formatInstant(question.askedAt),
  assessNumber: question.assessNumber,
  capturedAt: formatInstant(tap.at),
  case: question.case === null ? null : caseInOrder(question.case),
  channel: tap.channel,
  clock: { offsetMs: tap.clock.offsetMs, synchronized: tap.clock.synchronized },
  comment: finish.comment,
  dictionary: question.dictionary,
  labels: [...finish.labels],
  level: tap.level,
  proof: question.proof,
  reasonPending: reasonPending(tap.level, finish.labels, finish.comment),
  staff: { staffId: question.staff.staffId, window: question.staff.window },
  user: question.anonymous ? null : question.user,
})

const caseInOrder = (rated: RatedCase): RatedCase => ({
  caseNo: rated.caseNo,
  handleItem: rated.handleItem,
  itemCode: rated.itemCode,
  itemName: rated.itemName,
  serviceName: rated.serviceName,
  serviceNumber: rated.serviceNumber,
  ticketNo: rated.ticketNo,
})

export type Declined = EventData<'rating-declined'>['outcome']

/** What the window's system may be told, and when it is: nothing of an answer before the pad is at rest. */
export type Admission =
  | { verdict: 'open' }
  | { verdict: 'same'; same: Question }
  /** The citizen has begun to answer: the next question waits until the pad is at rest. */
  | { verdict: 'wait' }
  | { verdict: 'busy' | 'already-rated' | 'paused' }

export interface AdmissionFacts {
  paused: boolean
  /** The question with the same case, service and assess number that has not left the pad yet. */
  same: Question | null
  rated: boolean
  /** What the pad is occupied with. */
  occupied: 'no' | 'untouched-question' | 'touched-question'
  replace: boolean
}

/** Decides on a new question. A question that is open is never harmed by one that is refused. */
export const admit = (facts: AdmissionFacts): Admission => {
  if (facts.same !== null) return { verdict: 'same', same: facts.same }
  if (facts.paused) return { verdict: 'paused' }
  if (facts.rated) return { verdict: 'already-rated' }
  if (facts.occupied === 'no') return { verdict: 'open' }
  if (!facts.replace) return { verdict: 'busy' }
  return facts.occupied === 'untouched-question' ? { verdict: 'open' } : { verdict: 'wait' }
}
