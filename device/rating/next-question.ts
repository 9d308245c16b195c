import type { WindowNews } from './pad-types.ts'
import type { QuestionStore } from './question-store.ts'
import type { Question } from './rules.ts'

/**
 * A question that waits, after `replace`, until the pad is back at rest. It lies in the store from the beginning, so
 * that a stop of the program leaves it as silence and not as nothing; it stays until it is open, or cancelled there.
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

  /** In the place of one that waited before. Throws when either could not be written down. */
  wait(question: Question): void {
    this.cancel()
    this.#store.open(question)
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
