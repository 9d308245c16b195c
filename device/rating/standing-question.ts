import { Citizen } from './citizen.ts'
import { complete } from './endings.ts'
import type { OpenQuestion } from './open-question.ts'
import {
  type ActResult,
  ALREADY_RATED_MS,
  type CitizenAction,
  NOT_OPEN,
  type PadOptions,
  type PadPage,
  STORE_RETRY_MS,
  THANKS_MS,
} from './pad-types.ts'
import { PageHolder } from './page-holder.ts'
import type { Channel, Declined, Question } from './rules.ts'

/**
 * The question that stands on the pad, from the moment it is asked until the page is back at rest: what the citizen
 * makes of it becomes a rating, and their silence becomes none.
 */
export class StandingQuestion {
  readonly #options: PadOptions
  readonly #onRest: (left: OpenQuestion | null) => void
  readonly #page: PageHolder
  readonly #citizen: Citizen
  #now: OpenQuestion | null = null

  /** @param onRest called when the page is back at rest, with what stood there; the page is not told of before */
  constructor(options: PadOptions, onRest: (left: OpenQuestion | null) => void) {
    this.#options = options
    this.#onRest = onRest
    this.#page = new PageHolder({
      onPage: options.onPage,
      onClose: () => this.#timeOut(),
      onPass: () => this.#rest(),
      onTrouble: options.onTrouble,
    })
    this.#citizen = new Citizen({
      options,
      page: this.#page,
      open: () => this.#now,
      complete: () => this.#thank(),
      close: () => this.#timeOut(),
      notNow: () => this.#notNow(),
    })
  }

  get now(): OpenQuestion | null {
    return this.#now
  }

  get page(): PadPage {
    return this.#page.now
  }

  /** Whether the citizen has touched it, or is being thanked; then nobody else ends it. */
  get isTouched(): boolean {
    return this.#now !== null && !this.#page.isUntouched
  }

  /** Asks what the store has open already, in the place of whatever stood there. */
  begin(open: OpenQuestion): void {
    if (this.#now !== null) this.#options.onLeft()
    this.#now = open
    this.#page.open('asking')
  }

  async act(action: CitizenAction, channel: Channel): Promise<ActResult> {
    const open = this.#now
    if (open === null || open.id !== action.evaluationId) return NOT_OPEN
    this.touch()
    return await this.#citizen.act(open, action, channel)
  }

  /** The citizen is there; on a page without a question that changes nothing. */
  touch(): void {
    this.#page.touch()
  }

  /** The window takes it back; for one that nobody has touched. */
  cancel(): void {
    if (this.#now === null) return
    this.#decline(this.#now.question, 'cancelled')
    this.#rest()
  }

  /** The friendly page for a service that was rated before; only where no question stands. */
  refuse(): void {
    if (this.#now === null) this.#page.show({ name: 'already-rated' }, ALREADY_RATED_MS)
  }

  /** The store's error goes to `onTrouble`, and it is tried again; the page stays until then. */
  retry(action: () => void): void {
    try {
      action()
    } catch (error) {
      this.#options.onTrouble(error)
      this.#page.after(STORE_RETRY_MS, () => this.retry(action))
    }
  }

  close(): void {
    this.#page.stop()
  }

  #thank(): void {
    if (this.#now === null) return
    complete(this.#options.store, this.#now.question, this.#now.standing)
    this.#now.words.wipe()
    this.#page.show({ name: 'thanks' }, THANKS_MS)
  }

  #notNow(): void {
    if (this.#now === null) return
    this.#decline(this.#now.question, 'not-now')
    this.#page.show({ name: 'not-now' }, THANKS_MS)
  }

  #decline(question: Question, outcome: Declined): void {
    this.#options.store.decline(question, outcome, new Date())
  }

  #timeOut(): void {
    this.retry(() => {
      if (this.#now === null) return
      if (this.#now.question.tap !== null) return this.#thank()
      this.#decline(this.#now.question, 'timed-out')
      this.#rest()
    })
  }

  #rest(): void {
    const left = this.#now
    this.#now = null
    this.#page.rest()
    try {
      if (left !== null) this.#options.onLeft()
    } finally {
      this.#onRest(left)
    }
  }
}
