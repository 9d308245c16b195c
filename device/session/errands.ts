/**
 * What a service wants of the hall or of the device's own store, beyond a search and a print. Each kind is one line
 * here, its types with the room that runs it. An errand is run once; what became of it comes back under its number,
 * and comes too late for whoever has gone by then.
 */
import type { QueueAnswer } from '../../sync/protocol/queue.ts'
import type { DeadEnd } from '../http/contract.ts'
import type { PickupOutcome, PickupWanted } from '../pickup/pickup.ts'
import type { DocumentOutcome, DocumentWanted, ProofOutcome, ProofWanted } from '../proofs/proof.ts'
import type { RatingOutcome, RatingWanted } from '../rating/rating.ts'
import type { FeedbackOutcome, FeedbackWanted } from '../reports/feedback.ts'
import type { TicketOutcome, TicketWanted } from '../tickets/ticket.ts'

/** What the hall said, or the dead end that its silence or refusal leads to. */
export type Asked<Value> = { ok: true; value: Value } | { ok: false; deadEnd: DeadEnd }

export interface ErrandKinds {
  /** What one can queue for now. */
  queue: { wanted: object; outcome: Asked<QueueAnswer> }
  /** A result that is handed over. */
  pickup: { wanted: PickupWanted; outcome: PickupOutcome }
  proof: { wanted: ProofWanted; outcome: ProofOutcome }
  /** A result's own PDF. */
  document: { wanted: DocumentWanted; outcome: DocumentOutcome }
  ticket: { wanted: TicketWanted; outcome: TicketOutcome }
  feedback: { wanted: FeedbackWanted; outcome: FeedbackOutcome }
  rating: { wanted: RatingWanted; outcome: RatingOutcome }
}

type Kind = keyof ErrandKinds
export type Errand = { [K in Kind]: { kind: K; wanted: ErrandKinds[K]['wanted'] } }[Kind]
export type ErrandOutcome = { [K in Kind]: { kind: K; outcome: ErrandKinds[K]['outcome'] } }[Kind]

/** Runs them. What the hall or the line does is an outcome; a rejection is a defect, and is told as trouble. */
export type ErrandRunners = {
  [K in Kind]: (wanted: ErrandKinds[K]['wanted']) => Promise<ErrandKinds[K]['outcome']>
}

export const runErrand = async (runners: ErrandRunners, { kind, wanted }: Errand): Promise<ErrandOutcome> => {
  // The kind picks the runner of its own wanted: more than the compiler can follow through the union.
  const run = runners[kind] as (wanted: Errand['wanted']) => Promise<ErrandOutcome['outcome']>
  return { kind, outcome: await run(wanted) } as ErrandOutcome
}
