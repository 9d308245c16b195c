/** What a terminal's session wants of the rating room, and what may come of it. */
import type { IdCard } from '../../drivers/id-reader/card.ts'
import type { Personal } from '../../drivers/personal.ts'
import type { OpenRating } from '../../sync/protocol/cases.ts'
import type { RatedCase } from '../../sync/protocol/events.ts'
import type { DeadEnd, Level } from '../http/contract.ts'
import type { Question } from './rules.ts'

/** 1: the first rating of a service; 2: the one follow-up (追评) after a bad one was handled. */
export type AssessNumber = 1 | 2

/** A case that was shown, as it would be rated; `open`: as far as this device and its hall know. */
export interface RatableCase {
  rated: RatedCase
  acceptedAt: string | null
  open: OpenRating
}

export interface Label {
  code: string
  text: string
}

/** `question` is the session's number for the question; it is asked once, and the last that was asked is open. */
export type RatingWanted =
  | { do: 'find'; by: 'receipt'; caseNo: string }
  | { do: 'find'; by: 'card'; card: Personal<IdCard> }
  /** `card`: whoever rates by name; sealed when the question opens. */
  | {
      do: 'ask'
      question: number
      about: RatedCase | null
      assessNumber: AssessNumber
      proof: Question['proof']
      card: Personal<IdCard> | null
    }
  | { do: 'choose'; question: number; level: Level }
  | { do: 'amend'; question: number; labels: readonly string[]; anonymous: boolean }
  | { do: 'finish'; question: number; labels: readonly string[]; words: Personal<string> | null }
  /** Whoever was asked has gone: an answer becomes its rating, silence stays silence. */
  | { do: 'leave'; question: number; silence: 'not-now' | 'timed-out'; words: Personal<string> | null }

export type RatingOutcome =
  | { outcome: 'found'; cases: RatableCase[] }
  | { outcome: 'dead-end'; deadEnd: DeadEnd }
  | { outcome: 'asked' }
  | { outcome: 'already-rated' }
  | { outcome: 'chosen'; labels: Label[] }
  /** It is durable. */
  | { outcome: 'kept' }
  /** The store took nothing; the question stands as it did. */
  | { outcome: 'not-kept' }
