import type { PadAction, PadState } from '../../device/http/contract.ts'
import type { DeviceLink } from '../shared/device-link.svelte.ts'

/** Each touch makes the page stay (PROTOCOLS.md §2); saying so once a second is enough for a page of 15 s. */
const TOUCH_EVERY_MS = 1_000

/**
 * What a citizen says to the pad, one thing after another. An answer changes nothing on the page: the device
 * writes it down first and then shows the next page. Until then a second answer is not taken.
 */
export class Conversation {
  /** The last answer may not have been written down; it can be given again. */
  failed = $state(false)

  readonly #link: DeviceLink<PadState, PadAction>
  #answering = false
  #touchedAt = Number.NEGATIVE_INFINITY
  /** How many pages there were. */
  #pages = 0
  /** So that what was touched later never arrives earlier. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(link: DeviceLink<PadState, PadAction>) {
    this.#link = link
  }

  /** A level, the end of the labels, or "not now". */
  async answer(action: PadAction): Promise<void> {
    if (this.#answering) return
    this.#answering = true
    try {
      await this.send(action)
    } finally {
      this.#answering = false
    }
  }

  async send(action: PadAction): Promise<void> {
    this.failed = false
    const page = this.#pages
    const sent = this.#last.then(() => this.#link.act(action))
    this.#last = sent
    const outcome = await sent
    // An answer to a page that has gone is nothing to the one in its place.
    if (page === this.#pages) this.failed = outcome !== 'done'
  }

  /** A new page says nothing of a failure on the page before. */
  pageChanged(_shown: string | undefined): void {
    this.#pages += 1
    this.#touchedAt = Number.NEGATIVE_INFINITY
    this.failed = false
  }

  /**
   * A finger on the page, also one that no button takes, as the second tap of a trembling hand: nobody knows whose it
   * was, and a clerk's cancel that waits for silence costs a minute, where one that is obeyed costs a citizen the
   * rating. So each page tells its first touch, however soon it comes after one on the page before.
   */
  touched(): void {
    const view = this.#link.state?.view.name
    if (view !== 'asking' && view !== 'labels') return
    if (performance.now() - this.#touchedAt < TOUCH_EVERY_MS) return
    this.#touchedAt = performance.now()
    this.#last = this.#last.then(() => this.#link.act({ type: 'touch' }))
  }
}
