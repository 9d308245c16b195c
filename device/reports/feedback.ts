/** A citizen's report, complaint or request on its way into the chain. */
import type { Personal } from '../../drivers/personal.ts'
import type { EventData } from '../../sync/protocol/events.ts'
import type { Said } from '../../sync/protocol/feedback.ts'
import type { AnswerDay } from '../../sync/protocol/feedback-days.ts'
import type { SealedUser } from '../../sync/protocol/sealing.ts'
import type { NotKept } from '../http/contract.ts'
import type { Kept } from './feedback-store.ts'

/** What stands in the clear, by what it is. */
export type FeedbackFacts =
  | { type: 'report'; facts: Pick<EventData<'report'>, 'ground' | 'pace' | 'item' | 'place'> }
  | { type: 'complaint'; facts: Pick<EventData<'complaint'>, 'ground' | 'named'> }
  | { type: 'request'; facts: Pick<EventData<'request'>, 'kind' | 'item' | 'slot' | 'firstAsked'> }

export interface FeedbackWanted {
  /** One key for one intent: the same again keeps nothing new. */
  key: string
  about: FeedbackFacts
  said: Personal<Said> | null
  user: Personal<SealedUser> | null
  answer: AnswerDay
}

export type FeedbackOutcome = { outcome: 'kept'; kept: Kept } | { outcome: 'not-kept'; why: NotKept }
