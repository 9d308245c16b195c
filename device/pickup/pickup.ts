/** Handing a result over: what is asked of the hall, and what may come of it. */
import type { IdCard } from '../../drivers/id-reader/card.ts'
import type { Personal } from '../../drivers/personal.ts'
import type { PickupAnswer } from '../../sync/protocol/pickups.ts'
import type { DeadEnd } from '../http/contract.ts'

export interface PickupWanted {
  caseNo: string
  /** What proves it: the card; where there is none, the receipt that was scanned. */
  card: Personal<IdCard> | null
  /** The Idempotency-Key: one intent, one handing over. */
  key: string
}

/** What the hall says no with; `other` has only the hall's own words. */
export type PickupRefusal = 'card-needed' | 'other-person' | 'already-collected' | 'nothing-here' | 'other'

export type PickupOutcome =
  | { outcome: 'collected'; pickup: PickupAnswer }
  | { outcome: 'refused'; refusal: PickupRefusal; words: string }
  /** It may be noted as handed over: the same key again tells. */
  | { outcome: 'unknown' }
  | { outcome: 'dead-end'; deadEnd: DeadEnd }
