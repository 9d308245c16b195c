/**
 * The pad at the window: one question at a time, the citizen's answer, and what the window's system may see of it
 * (DOMAIN.md §2, PROTOCOLS.md §2). Levels stay inside: they are in no view, no event to the window and no log.
 */
import type { LevelNumber } from '../../sync/protocol/levels.ts'
import type { PadAction } from '../http/contract.ts'
import { DeskHolder } from './desk.ts'
import {
  type ActResult,
  ALREADY_RATED_MS,
  type AskedQuestion,
  type AskResult,
  DONE,
  type EvaluationState,
  NOT_OPEN,
  type PadOptions,
  type PadPage,
  questionOf,
  refusedLabel,
  STORE_RETRY_MS,
  THANKS_MS,
} from './pad-types.ts'
import type { Desk } from './question-store.ts'
import {
  admit,
  closesAtMs,
  type Declined,
  type Finish,
  labelFault,
  NOTHING_ADDED,
  numberOf,
  type Question,
  ratingOf,
} from './rules.ts'
import { expiryOf, levelOf, type RatingView, viewOf } from './view.ts'

export class Pad {
  readonly #options: PadOptions
  #page: PadPage = { name: 'rest' }
  #question: Question | null = null
  /** A question that waits, after `replace`, until the pad is back at rest. */
  #next: Question | null = null
  readonly #desk: DeskHolder
  #timer: NodeJS.Timeout | undefined

  constructor(options: PadOptions) {
    this.#options = options
    this.#desk = new DeskHolder(options.store, options.onNews)
  }

  /** Ends what a stop of the program left open: an answer becomes its rating, silence stays silence. */
  recover(): void {
    for (const question of this.#options.store.leftOver()) {
      if (question.tap === null) this.#decline(question, 'timed-out')
      else this.#complete(question, NOTHING_ADDED)
    }
  }

  desk(): Desk {
    return this.#desk.now
  }

  /** A question is open, or its answer is being thanked for. */
  isAsking(): boolean {
    return this.#question !== null
  }

  view(): RatingView {
    return viewOf(this.#page, this.#question, this.#desk.now)
  }

  /** What the citizen does. Touches that come too late change nothing; the page that follows is the answer. */
  async act(action: Exclude<PadAction, { type: 'prefer' | 'touch' }>): Promise<ActResult> {
    const question = this.#question
    if (question === null || question.id !== action.evaluationId) return NOT_OPEN
    this.touch()
    switch (action.type) {
      case 'choose-level':
        this.#choose(question, numberOf(action.level))
        return DONE
      case 'set-anonymous':
        if (this.#page.name !== 'asking' && this.#page.name !== 'labels') return DONE
        this.#options.store.setAnonymous(question.id, action.anonymous)
        this.#question = { ...question, anonymous: action.anonymous }
        this.#options.onPage()
        return DONE
      case 'finish':
        return await this.#finish(question, action)
      case 'not-now':
        if (this.#page.name !== 'asking') return DONE
        this.#decline(question, 'not-now')
        this.#show({ name: 'not-now' }, THANKS_MS)
        return DONE
    }
  }

  /** The citizen is there; on a page without a question that changes nothing. */
  touch(): void {
    if (this.#page.name !== 'asking' && this.#page.name !== 'labels') return
    this.#page = { ...this.#page, touchedMs: performance.now(), touched: true }
    this.#arm()
    this.#options.onPage()
  }

  /** The window's system asks. `user` is sealed already. */
  ask(asked: AskedQuestion): AskResult {
    const { store } = this.#options
    const serviceKey = store.serviceKey(asked.case, asked.assessNumber)
    const isSame = (other: Question | null): other is Question =>
      other !== null && store.serviceKey(other.case, other.assessNumber) === serviceKey
    const same = isSame(this.#question) ? this.#question : isSame(this.#next) ? this.#next : null
    const admission = admit({
      paused: this.#desk.wanted.paused,
      same: same?.id ?? null,
      rated: store.isRated(serviceKey),
      occupied:
        this.#question === null ? 'no' : this.#isUntouched() ? 'untouched-question' : 'touched-question',
      replace: asked.replace,
    })
    switch (admission.verdict) {
      case 'same':
        return { verdict: 'same', id: admission.id, expiresAt: expiryOf(this.#page) }
      case 'already-rated':
        if (this.#question === null) this.#show({ name: 'already-rated' }, ALREADY_RATED_MS)
        return admission
      case 'busy':
      case 'paused':
        return admission
      case 'open':
      case 'wait': {
        const question = questionOf(asked, this.#desk.wanted.staffId)
        if (admission.verdict === 'open') {
          this.#cancelOpen()
          this.#open(question)
        } else {
          this.#dropNext()
          this.#next = question
        }
        return { verdict: 'opened', id: question.id, expiresAt: expiryOf(this.#page) }
      }
    }
  }

  /** As the window may see it; null for an id that is not known. */
  evaluation(id: string): EvaluationState | null {
    if (this.#question?.id === id || this.#next?.id === id) return 'waiting'
    return this.#options.store.outcomeOf(id)
  }

  /** False for an id that is not known. After the citizen's first touch the question goes its way. */
  cancel(id: string): boolean {
    if (this.#next?.id === id) {
      this.#dropNext()
      return true
    }
    const question = this.#question
    if (question?.id === id && this.#isUntouched()) {
      this.#decline(question, 'cancelled')
      this.#rest()
    }
    return this.evaluation(id) !== null
  }

  setDesk(change: Partial<Desk>): void {
    this.#desk.want(change)
    if (this.#question !== null && !this.#isUntouched()) return
    if (this.#question !== null && this.#desk.wanted.paused) {
      this.#decline(this.#question, 'cancelled')
      this.#rest()
    } else this.#desk.take()
    this.#options.onPage()
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  #open(question: Question): void {
    this.#options.store.open(question)
    this.#question = question
    this.#page = { name: 'asking', openedMs: performance.now(), touchedMs: performance.now(), touched: false }
    this.#arm()
    this.#options.onPage()
    this.#options.onNews({ type: 'evaluation', id: question.id, state: 'waiting' })
  }

  #choose(question: Question, level: LevelNumber): void {
    // The first touch counts: a second one, as of a trembling hand, finds the page of labels.
    if (this.#page.name !== 'asking') return
    const tap = { level, at: new Date(), clock: this.#options.clock() }
    this.#options.store.tap(question.id, tap)
    this.#question = { ...question, tap }
    this.#page = { name: 'labels', openedMs: performance.now(), touchedMs: performance.now(), touched: true }
    this.#arm()
    this.#options.onPage()
  }

  async #finish(question: Question, action: Extract<PadAction, { type: 'finish' }>): Promise<ActResult> {
    if (this.#page.name !== 'labels') return DONE
    const fault = labelFault(levelOf(question), action.labels)
    if (fault !== null) return refusedLabel(fault)
    const words = action.comment?.trim() ?? ''
    const comment = words === '' ? null : await this.#options.sealText(words)
    // The page may have closed by itself while the words were being sealed.
    const open = this.#question
    if (open?.id !== question.id || this.#page.name !== 'labels') return DONE
    this.#complete(open, { labels: action.labels, comment })
    this.#show({ name: 'thanks' }, THANKS_MS)
    return DONE
  }

  #complete(question: Question, finish: Finish): void {
    if (question.tap === null) throw new Error('a question without an answer cannot become a rating')
    this.#options.store.complete(question, ratingOf(question, question.tap, finish), new Date())
  }

  #decline(question: Question, outcome: Declined): void {
    this.#options.store.decline(question, outcome, new Date())
  }

  #cancelOpen(): void {
    const question = this.#question
    if (question === null) return
    this.#decline(question, 'cancelled')
    this.#options.onNews({ type: 'evaluation', id: question.id, state: 'cancelled' })
  }

  #dropNext(): void {
    const next = this.#next
    if (next === null) return
    this.#decline(next, 'cancelled')
    this.#next = null
    this.#options.onNews({ type: 'evaluation', id: next.id, state: 'cancelled' })
  }

  #isUntouched(): boolean {
    return this.#page.name === 'asking' && !this.#page.touched
  }

  /** A page that passes by itself. */
  #show(page: Extract<PadPage, { name: 'thanks' | 'not-now' | 'already-rated' }>, forMs: number): void {
    this.#page = page
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      try {
        this.#rest()
      } catch (error) {
        this.#options.onTrouble(error)
      }
    }, forMs)
    this.#options.onPage()
  }

  #arm(waitMs?: number): void {
    const page = this.#page
    if (page.name !== 'asking' && page.name !== 'labels') return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#timeOut(), waitMs ?? closesAtMs(page) - performance.now())
  }

  #timeOut(): void {
    const question = this.#question
    if (question === null) return
    try {
      if (question.tap === null) {
        this.#decline(question, 'timed-out')
        this.#rest()
      } else {
        this.#complete(question, NOTHING_ADDED)
        this.#show({ name: 'thanks' }, THANKS_MS)
      }
    } catch (error) {
      this.#options.onTrouble(error)
      this.#arm(STORE_RETRY_MS)
    }
  }

  /** Back at rest: only now the window learns what became of the question, and its own wishes take effect. */
  #rest(): void {
    const left = this.#question
    clearTimeout(this.#timer)
    this.#question = null
    this.#page = { name: 'rest' }
    this.#desk.take()
    if (left !== null) {
      const state = this.evaluation(left.id)
      if (state !== null) this.#options.onNews({ type: 'evaluation', id: left.id, state })
    }
    const next = this.#next
    if (next !== null && this.#desk.now.paused) this.#dropNext()
    else if (next !== null) {
      this.#next = null
      this.#open(next)
    }
    this.#options.onPage()
  }
}
