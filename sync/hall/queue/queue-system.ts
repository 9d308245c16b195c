/** What a hall asks its queue system. Numbers name nobody; a person is shown to it only for priority. */

import type { Personal } from '../../protocol/personal.ts'
import type { QueueAnswer, QueueCall, TicketAnswer } from '../../protocol/queue.ts'
import type { Applicant } from '../case-system/case-system.ts'
import type { NotFound, Refused, Unavailable } from '../outside/outcome.ts'

export type QueueFound = { outcome: 'found'; types: QueueAnswer['types'] } | Unavailable

export interface TicketWish {
  businessType: string
  /** By card: the old come first, and an appointment may be looked up by it. */
  person: Personal<Applicant> | null
  appointment: string | null
  /** A number that was called in vain and is taken again. */
  missed: string | null
}

/** `not-found`: no such business type. `refused`: closed, no such appointment, not a missed number, … */
export type TicketOutcome = { outcome: 'given'; ticket: TicketAnswer } | NotFound | Refused | Unavailable

export type CallsFound =
  /** In order of time; `cursor` is where the next question goes on. */
  { outcome: 'found'; cursor: string; calls: QueueCall[] } | Unavailable

export interface QueueSystem {
  /** Waiting and quiet hours by business type. */
  overview(): Promise<QueueFound>
  /** @param key names this one errand: the same again is the same ticket */
  take(wish: TicketWish, key: string): Promise<TicketOutcome>
  /** Moves a number to another business type, before the others there (转号). */
  transfer(number: string, to: string, key: string): Promise<TicketOutcome>
  /** What is being served at each window, the last call of each. */
  serving(): Promise<CallsFound>
  /** What was called, missed or transferred after `cursor`. */
  calls(cursor: string): Promise<CallsFound>
  close(): void
}
