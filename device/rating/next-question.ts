import type { WindowNews } from './pad-types.ts'
import type { QuestionStore } from './question-store.ts'
import type { Question } from './rules.ts'

/**
 * A question that waits, after `replace`, until the pad is back at rest. It stays until the store has taken it, or
 * has taken that it was cancelled.
 */
export class NextQuestion {
  readonly #store: QuestionStore
  readonly #onNews: (news: WindowNews) => void
  #now: Question | null = null

  constructor(store: QuestionStore, onNews: (news: WindowNews) => void) {
    this.#store = store
    this.#onNews = onNews
  }

  get now(): Question | null {
    return this.#now
  }

  /** In the place of one that waited before. Throws when that could not be written down as cancelled. */
  wait(question: Question): void {
    this.cancel()
    this.#now = question
  }

  cancel(): void {
    const question = this.#now
    if (question === null) return
    this.#store.decline(question, 'cancelled', new Date())
    this.#now = null
    this.#onNews({ type: 'evaluation', id: question.id, state: 'cancelled' })
  }

  /** The store has it open, or has put another in its place. */
  leave(): void {
    this.#now = null
  }
}
