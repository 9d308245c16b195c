/** How a question ends for good, at the pad's window and at a terminal. */
import type { QuestionStore } from './question-store.ts'
import { type Declined, type Finish, type Question, ratingOf } from './rules.ts'

type Store = Pick<QuestionStore, 'complete' | 'decline'>

/** @throws the store's error; then it is open as before */
export function complete(store: Store, question: Question, finish: Finish): void {
  if (question.tap === null) throw new Error('a question without an answer cannot become a rating')
  store.complete(question, ratingOf(question, question.tap, finish), new Date())
}

/**
 * Of a question that nobody touches any more: an answer becomes its rating, silence stays silence (DOMAIN.md §2).
 * @throws the store's error; then it is open as before
 */
export function end(store: Store, question: Question, finish: Finish, silence: Declined, at: Date): void {
  if (question.tap === null) store.decline(question, silence, at)
  else store.complete(question, ratingOf(question, question.tap, finish), at)
}
