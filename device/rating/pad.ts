/**
 * The pad at the window: one question at a time, the citizen's answer, and what the window's system may see of it
 * (DOMAIN.md §2, PROTOCOLS.md §2). Levels stay inside: they are in no view, no event to the window and no log.
 */
import { Citizen } from './citizen.ts'
import { DeskHolder } from './desk.ts'
import { newestDictionary } from './dictionaries.ts'
import { NextQuestion } from './next-question.ts'
import { OpenQuestion } from './open-question.ts'
import {
  type ActResult,
  ALREADY_RATED_MS,
  type AskedQuestion,
  type AskResult,
  type CitizenAction,
  type EvaluationState,
  NOT_OPEN,
  type PadOptions,
  questionOf,
  STORE_RETRY_MS,
  THANKS_MS,
} from './pad-types.ts'
import { PageHolder } from './page-holder.ts'
import type { Desk } from './question-store.ts'
import {
  type AdmissionFacts,
  admit,
  type Channel,
  type Declined,
  expiresAtOf,
  type Finish,
  type Question,
  ratingOf,
  unfinished,
} from './rules.ts'
import { type RatingView, viewOf } from './view.ts'

export class Pad {
  readonly #options: PadOptions
  readonly #page: PageHolder
  #open: OpenQuestion | null = null
  readonly #citizen: Citizen
  readonly #next: NextQuestion
  /** Nobody is asked it before the hall has agreed; until then nobody else is asked anything either. */
  #held: Question | null = null
  readonly #desk: DeskHolder

  constructor(options: PadOptions) {
    this.#options = options
    this.#next = new NextQuestion(options.store, options.onNews)
    this.#desk = new DeskHolder(options.store, options.onNews)
    this.#page = new PageHolder({
      onPage: options.onPage,
      onClose: () => this.#timeOut(),
      onPass: () => this.#rest(),
      onTrouble: options.onTrouble,
    })
    this.#citizen = new Citizen({
      options,
      page: this.#page,
      open: () => this.#open,
      complete: () => this.#thank(),
      close: () => this.#timeOut(),
      notNow: () => this.#notNow(),
    })
  }

  /** Ends what a stop of the program left open: an answer becomes its rating, silence stays silence. */
  recover(): void {
    for (const question of this.#options.store.leftOver()) {
      if (question.tap === null) this.#decline(question, 'timed-out')
      else this.#complete(question, unfinished(question))
    }
  }

  desk(): Desk {
    return this.#desk.now
  }

  /** A question is open, its answer is being thanked for, or one waits to be asked. */
  isAsking(): boolean {
    return this.#open !== null || this.#next.now !== null
  }

  view(): RatingView {
    return viewOf(this.#page.now, this.#open, this.#desk.now)
  }

  /** What the citizen does. Touches that come too late change nothing; the page that follows is the answer. */
  async act(action: CitizenAction, channel: Channel = 'pad'): Promise<ActResult> {
    const open = this.#open
    if (open === null || open.id !== action.evaluationId) return NOT_OPEN
    this.touch()
    return await this.#citizen.act(open, action, channel)
  }

  /** The citizen is there; on a page without a question that changes nothing. */
  touch(): void {
    this.#page.touch()
  }

  /**
   * The window's system asks. `user` is sealed already.
   * @param when `held`: decided on as any other, and shown by `openHeld` only
   */
  ask(asked: AskedQuestion, when: 'now' | 'held' = 'now'): AskResult {
    const { store } = this.#options
    const serviceKey = store.serviceKey(asked.case, asked.assessNumber)
    const isSame = (other: Question | null): other is Question =>
      other !== null && store.serviceKey(other.case, other.assessNumber) === serviceKey
    const same = [this.#open?.question ?? null, this.#next.now].find(isSame) ?? null
    // Asked for by two at once: whoever need not wait for the hall has it asked.
    const held = isSame(this.#held) ? this.#held : null
    const admission = admit({
      paused: this.#desk.wanted.paused,
      same,
      rated: store.isRated(serviceKey),
      occupied: this.#occupied(held),
      replace: asked.replace,
    })
    switch (admission.verdict) {
      case 'same':
        return { verdict: 'same', id: admission.same.id, expiresAt: expiresAtOf(admission.same) }
      case 'already-rated':
        if (this.#open === null && when === 'now')
          this.#page.show({ name: 'already-rated' }, ALREADY_RATED_MS)
        return admission
      case 'busy':
      case 'paused':
        return admission
      case 'open':
      case 'wait': {
        const question = held ?? questionOf(asked, this.#desk.wanted.staffId)
        if (when === 'held') this.#held = question
        else this.#put(question)
        return { verdict: 'opened', id: question.id, expiresAt: expiresAtOf(question) }
      }
    }
  }

  /** Asks what was held, unless the window was paused or another asked in its place meanwhile. */
  openHeld(id: string): void {
    const held = this.#held
    if (held?.id !== id) return
    this.#held = null
    if (!this.#desk.wanted.paused) this.#put(held)
  }

  /** What was held is asked by nobody. */
  letGo(id: string): void {
    if (this.#held?.id === id) this.#held = null
  }

  /** As the window may see it; null for an id that is not known. */
  evaluation(id: string): EvaluationState | null {
    if (this.#open?.id === id || this.#next.now?.id === id) return 'waiting'
    return this.#options.store.outcomeOf(id)
  }

  /** False for an id that is not known. After the citizen's first touch the question goes its way. */
  cancel(id: string): boolean {
    if (this.#next.now?.id === id) {
      this.#next.cancel()
      return true
    }
    if (this.#open?.id === id && this.#page.isUntouched) {
      this.#decline(this.#open.question, 'cancelled')
      this.#rest()
    }
    return this.evaluation(id) !== null
  }

  setDesk(change: Partial<Desk>): void {
    this.#desk.want(change)
    if (this.#open !== null && !this.#page.isUntouched) return
    if (this.#open !== null && this.#desk.wanted.paused) {
      this.#decline(this.#open.question, 'cancelled')
      this.#rest()
    } else this.#desk.take()
    this.#options.onPage()
  }

  close(): void {
    this.#page.stop()
  }

  /** What was admitted: now, or once the citizen who is answering has gone. */
  #put(question: Question): void {
    this.#held = null
    if (this.#occupied() === 'touched-question') this.#next.wait(question)
    else this.#openInstead(question)
  }

  /** In the place of an untouched question, or of one that still waits because it could not be written. */
  #openInstead(asked: Question): void {
    const { store } = this.#options
    const open = this.#withLabels(asked)
    const before = this.#open?.question ?? this.#next.now
    if (before === null) store.open(open.question)
    else store.replace(before, open.question, new Date())
    this.#begin(open, before)
  }

  /** Labels are the newest that are here when the citizen is asked, and stay these until the answer is complete. */
  #withLabels(question: Question): OpenQuestion {
    const dictionary = newestDictionary(this.#options.dictionaries())
    return new OpenQuestion(
      { ...question, dictionary: dictionary.version },
      dictionary,
      this.#options.sealText,
    )
  }

  /** The store has it open already, and `before` cancelled. */
  #begin(open: OpenQuestion, before: Question | null): void {
    if (this.#open !== null) this.#options.onLeft()
    this.#open = open
    this.#next.leave()
    this.#page.open('asking')
    if (before !== null) this.#options.onNews({ type: 'evaluation', id: before.id, state: 'cancelled' })
    this.#options.onNews({ type: 'evaluation', id: open.id, state: 'waiting' })
  }

  #thank(): void {
    if (this.#open === null) return
    this.#complete(this.#open.question, this.#open.standing)
    this.#open.words.wipe()
    this.#page.show({ name: 'thanks' }, THANKS_MS)
  }

  #notNow(): void {
    if (this.#open === null) return
    this.#decline(this.#open.question, 'not-now')
    this.#page.show({ name: 'not-now' }, THANKS_MS)
  }

  #complete(question: Question, finish: Finish): void {
    if (question.tap === null) throw new Error('a question without an answer cannot become a rating')
    this.#options.store.complete(question, ratingOf(question, question.tap, finish), new Date())
  }

  #decline(question: Question, outcome: Declined): void {
    this.#options.store.decline(question, outcome, new Date())
  }

  /** @param own what is held for the very service that is asked for */
  #occupied(own: Question | null = null): AdmissionFacts['occupied'] {
    if (this.#open === null)
      return this.#next.now === null && this.#held === own ? 'no' : 'untouched-question'
    return this.#page.isUntouched ? 'untouched-question' : 'touched-question'
  }

  #timeOut(): void {
    const open = this.#open
    if (open === null) return
    try {
      if (open.question.tap === null) {
        this.#decline(open.question, 'timed-out')
        this.#rest()
      } else this.#thank()
    } catch (error) {
      this.#options.onTrouble(error)
      this.#page.after(STORE_RETRY_MS, () => this.#timeOut())
    }
  }

  /** Back at rest: only now the window learns what became of the question, and its own wishes take effect. */
  #rest(): void {
    const left = this.#open
    this.#open = null
    this.#page.rest()
    try {
      if (left !== null) this.#options.onLeft()
      this.#desk.take()
      const state = left === null ? null : this.evaluation(left.id)
      if (left !== null && state !== null) {
        this.#options.onNews({ type: 'evaluation', id: left.id, state })
      }
    } finally {
      this.#takeNext()
      this.#options.onPage()
    }
  }

  #takeNext(): void {
    const next = this.#next.now
    if (next === null) return
    try {
      if (this.#desk.now.paused) this.#next.cancel()
      else {
        const open = this.#withLabels(next)
        this.#options.store.open(open.question)
        this.#begin(open, null)
      }
    } catch (error) {
      this.#options.onTrouble(error)
      this.#page.after(STORE_RETRY_MS, () => this.#takeNext())
    }
  }
}
