/**
 * What the window has said and been told: how it wants the desk to be, also while a citizen who has begun keeps that
 * from being shown, and which questions are open. It begins every stream of events (PROTOCOLS.md §2).
 */
import type { Pad } from '../../rating/pad.ts'
import type { WindowNews } from '../../rating/pad-types.ts'
import type { Desk } from '../../rating/question-store.ts'

export class Standing {
  readonly #pad: Pick<Pad, 'desk' | 'setDesk'>
  readonly #onWanted: () => void
  readonly #open = new Set<string>()
  #wanted: Desk

  /** @param onWanted the desk is wanted otherwise than before */
  constructor(pad: Pick<Pad, 'desk' | 'setDesk'>, onWanted: () => void) {
    this.#pad = pad
    this.#onWanted = onWanted
    this.#wanted = pad.desk()
  }

  /** As the window has set it last; the pad shows it once it is at rest. */
  get wanted(): Desk {
    return this.#wanted
  }

  /** As the pad shows it. */
  get shown(): Desk {
    return this.#pad.desk()
  }

  want(change: Partial<Desk>): void {
    this.#pad.setDesk(change)
    this.#wanted = { ...this.#wanted, ...change }
    this.#onWanted()
  }

  hear(news: WindowNews): void {
    if (news.type !== 'evaluation') return
    if (news.state === 'waiting') this.#open.add(news.id)
    else this.#open.delete(news.id)
  }

  isOpen(id: string): boolean {
    return this.#open.has(id)
  }

  get anyOpen(): boolean {
    return this.#open.size > 0
  }

  /** As if all of it had changed just now. */
  asNews(): WindowNews[] {
    const { staffId, paused, message, ticketNo } = this.shown
    return [
      { type: 'staff', staffId },
      { type: 'service', state: paused ? 'paused' : 'open', message },
      { type: 'serving', ticketNo },
      ...[...this.#open].map((id): WindowNews => ({ type: 'evaluation', id, state: 'waiting' })),
    ]
  }
}

/** As an event of a stream. */
export const eventOf = ({ type, ...data }: WindowNews): { event: string; data: object } => ({
  event: type,
  data,
})
