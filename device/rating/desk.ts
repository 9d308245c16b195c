import type { WindowNews } from './pad-types.ts'
import type { Desk, QuestionStore } from './question-store.ts'

/** Who sits at the window and whether it is open: what is wanted, and what is shown once no citizen is in between. */
export class DeskHolder {
  readonly #store: QuestionStore
  readonly #onNews: (news: WindowNews) => void
  #now: Desk
  #wanted: Desk

  constructor(store: QuestionStore, onNews: (news: WindowNews) => void) {
    this.#store = store
    this.#onNews = onNews
    this.#now = store.desk()
    this.#wanted = this.#now
  }

  get now(): Desk {
    return this.#now
  }

  get wanted(): Desk {
    return this.#wanted
  }

  want(change: Partial<Desk>): void {
    this.#wanted = { ...this.#wanted, ...change }
    this.#store.saveDesk(this.#wanted)
  }

  /** Shows what is wanted and tells the window of each difference. */
  take(): void {
    const before = this.#now
    const now = this.#wanted
    this.#now = now
    if (before.staffId !== now.staffId) this.#onNews({ type: 'staff', staffId: now.staffId })
    if (before.paused !== now.paused || before.message !== now.message) {
      this.#onNews({ type: 'service', state: now.paused ? 'paused' : 'open', message: now.message })
    }
    if (before.ticketNo !== now.ticketNo) this.#onNews({ type: 'serving', ticketNo: now.ticketNo })
  }
}
