/** A number in the hall's queue: what is asked for it, and what may come of it. */
import type { IdCard } from '../../drivers/id-reader/card.ts'
import type { Personal } from '../../drivers/personal.ts'
import type { TicketAnswer } from '../../sync/protocol/queue.ts'
import type { DeadEnd } from '../http/contract.ts'

export interface TicketWanted {
  businessType: string
  /** For the priority of age and the like, and for an appointment made in this name. */
  card: Personal<IdCard> | null
  /** The code of an appointment. */
  appointment: string | null
  /** A number that was called in vain. */
  missed: string | null
  /** The Idempotency-Key: one intent, one number. */
  key: string
}

/** What the hall says no with; `other` has only the hall's own words. */
export type TicketRefusal =
  | 'closed'
  | 'no-appointment'
  | 'other-business'
  | 'too-early'
  | 'too-late'
  | 'appointment-used'
  | 'not-missed'
  | 'other'

export type TicketOutcome =
  | { outcome: 'given'; ticket: TicketAnswer }
  | { outcome: 'refused'; refusal: TicketRefusal; words: string }
  /** A number may have been given: the same key again tells. */
  | { outcome: 'unknown' }
  | { outcome: 'dead-end'; deadEnd: DeadEnd }
