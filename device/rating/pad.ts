/**
 * The pad at the window: one question at a time, the citizen's answer, and what the window's system may see of it
 * (DOMAIN.md §2, PROTOCOLS.md §2). Levels stay inside: they are in no view, no event to the window and no log.
 */
import type { LevelNumber } from '../../sync/protocol/levels.ts'
import { DeskHolder } from './desk.ts'
import { NextQuestion } from './next-question.ts'
import {
  type ActResult,
  ALREADY_RATED_MS,
  type AskedQuestion,
  type AskResult,
  type CitizenAction,
  DONE,
  type EvaluationState,
  NOT_OPEN,
  type PadOptions,
  questionOf,
  refusedLabel,
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
  labelFault,
  numberOf,
  type Question,
  ratingOf,
  unfinished,
} from './rules.ts'
import { levelOf, type RatingView, viewOf } from './view.ts'

export class Pad {
  readonly #options: PadOptions
  readonly #page: PageHolder
  #question: Question | null = null
  readonly #next: NextQuestion
  /** What 完成 brought for the open question, whatever became of the attempt to write it. */
  #added: Finish | null = null
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

  /** A question is open, or its answer is being thanked for. */
  isAsking(): boolean {
    return this.#question !== null
  }

  view(): RatingView {
    return viewOf(this.#page.now, this.#question, this.#desk.now)
  }

  /** What the citizen does. Touches that come too late change nothing; the page that follows is the answer. */
  async act(action: CitizenAction, channel: Channel = 'pad'): Promise<ActResult> {
    const question = this.#question
    if (question === null || question.id !== action.evaluationId) return NOT_OPEN
    this.touch()
    switch (action.type) {
      case 'choose-level':
        this.#choose(question, numberOf(action.level), channel)
        return DONE
      case 'set-anonymous':
        if (this.#page.now.name !== 'asking' && this.#page.now.name !== 'labels') return DONE
        return this.#amend({ ...question, anonymous: action.anonymous })
      case 'set-labels':
      case 'finish': {
        if (this.#page.now.name !== 'labels') return DONE
        const fault = labelFault(levelOf(question), action.labels)
        if (fault !== null) return refusedLabel(fault)
        return action.type === 'finish'
          ? await this.#finish(question, action)
          : this.#amend({ ...question, labels: action.labels })
      }
      case 'not-now':
        if (this.#page.now.name !== 'asking') return DONE
        this.#decline(question, 'not-now')
        this.#page.show({ name: 'not-now' }, THANKS_MS)
        return DONE
    }
  }

  /** The citizen is there; on a page without a question that changes nothing. */
  touch(): void {
    this.#page.touch()
  }

  /** The window's system asks. `user` is sealed already. */
  ask(asked: AskedQuestion): AskResult {
    const { store } = this.#options
    const serviceKey = store.serviceKey(asked.case, asked.assessNumber)
    const isSame = (other: Question | null): other is Question =>
      other !== null && store.serviceKey(other.case, other.assessNumber) === serviceKey
    const same = isSame(this.#question) ? this.#question : isSame(this.#next.now) ? this.#next.now : null
    const admission = admit({
      paused: this.#desk.wanted.paused,
      same,
      rated: store.isRated(serviceKey),
      occupied: this.#occupied(),
      replace: asked.replace,
    })
    switch (admission.verdict) {
      case 'same':
        return { verdict: 'same', id: admission.same.id, expiresAt: expiresAtOf(admission.same) }
      case 'already-rated':
        if (this.#question === null) this.#page.show({ name: 'already-rated' }, ALREADY_RATED_MS)
        return admission
      case 'busy':
      case 'paused':
        return admission
      case 'open':
      case 'wait': {
        const question = questionOf(asked, this.#desk.wanted.staffId)
        if (admission.verdict === 'open') this.#openInstead(question)
        else this.#next.wait(question)
        return { verdict: 'opened', id: question.id, expiresAt: expiresAtOf(question) }
      }
    }
  }

  /** As the window may see it; null for an id that is not known. */
  evaluation(id: string): EvaluationState | null {
    if (this.#question?.id === id || this.#next.now?.id === id) return 'waiting'
    return this.#options.store.outcomeOf(id)
  }

  /** False for an id that is not known. After the citizen's first touch the question goes its way. */
  cancel(id: string): boolean {
    if (this.#next.now?.id === id) {
      this.#next.cancel()
      return true
    }
    const question = this.#question
    if (question?.id === id && this.#page.isUntouched) {
      this.#decline(question, 'cancelled')
      this.#rest()
    }
    return this.evaluation(id) !== null
  }

  setDesk(change: Partial<Desk>): void {
    this.#desk.want(change)
    if (this.#question !== null && !this.#page.isUntouched) return
    if (this.#question !== null && this.#desk.wanted.paused) {
      this.#decline(this.#question, 'cancelled')
      this.#rest()
    } else this.#desk.take()
    this.#options.onPage()
  }

  close(): void {
    this.#page.stop()
  }

  /** In the place of an untouched question, or of one that still waits because it could not be written. */
  #openInstead(question: Question): void {
    const { store } = this.#options
    const before = this.#question ?? this.#next.now
    if (before === null) store.open(question)
    else store.replace(before, question, new Date())
    this.#begin(question, before)
  }

  /** The store has it open already, and `before` cancelled. */
  #begin(question: Question, before: Question | null): void {
    if (this.#question !== null) this.#options.onLeft()
    this.#question = question
    this.#next.leave()
    this.#added = null
    this.#page.open('asking')
    if (before !== null) this.#options.onNews({ type: 'evaluation', id: before.id, state: 'cancelled' })
    this.#options.onNews({ type: 'evaluation', id: question.id, state: 'waiting' })
  }

  #choose(question: Question, level: LevelNumber, channel: Channel): void {
    // The first touch counts: a second one, as of a trembling hand, finds the page of labels.
    if (this.#page.now.name !== 'asking') return
    const tap = { level, channel, at: new Date(), clock: this.#options.clock() }
    this.#options.store.tap(question.id, tap)
    this.#question = { ...question, tap }
    this.#page.open('labels')
  }

  #amend(question: Question): ActResult {
    this.#options.store.amend(question)
    this.#question = question
    this.#options.onPage()
    return DONE
  }

  async #finish(question: Question, action: Extract<CitizenAction, { type: 'finish' }>): Promise<ActResult> {
    const words = action.comment?.trim() ?? ''
    const comment = words === '' ? null : await this.#options.sealText(words)
    // The page may have closed by itself while the words were being sealed.
    const open = this.#question
    if (open?.id !== question.id || this.#page.now.name !== 'labels') return DONE
    this.#added = { labels: action.labels, comment }
    this.#complete(open, this.#added)
    this.#page.show({ name: 'thanks' }, THANKS_MS)
    return DONE
  }

  #complete(question: Question, finish: Finish): void {
    if (question.tap === null) throw new Error('a question without an answer cannot become a rating')
    this.#options.store.complete(question, ratingOf(question, question.tap, finish), new Date())
  }

  #decline(question: Question, outcome: Declined): void {
    this.#options.store.decline(question, outcome, new Date())
  }

  #occupied(): AdmissionFacts['occupied'] {
    if (this.#question === null) return this.#next.now === null ? 'no' : 'untouched-question'
    return this.#page.isUntouched ? 'untouched-question' : 'touched-question'
  }

  #timeOut(): void {
    const question = this.#question
    if (question === null) return
    try {
      if (question.tap === null) {
        this.#decline(question, 'timed-out')
        this.#rest()
      } else {
        this.#complete(question, this.#added ?? unfinished(question))
        this.#page.show({ name: 'thanks' }, THANKS_MS)
      }
    } catch (error) {
      this.#options.onTrouble(error)
      this.#page.after(STORE_RETRY_MS, () => this.#timeOut())
    }
  }

  /** Back at rest: only now the window learns what became of the question, and its own wishes take effect. */
  #rest(): void {
    const left = this.#question
    this.#question = null
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
        this.#options.store.open(next)
        this.#begin(next, null)
      }
    } catch (error) {
      this.#options.onTrouble(error)
      this.#page.after(STORE_RETRY_MS, () => this.#takeNext())
    }
  }
}
