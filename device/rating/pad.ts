/**
 * The pad at the window: who may ask, in which order, and what the window's system may see of it (DOMAIN.md §2,
 * PROTOCOLS.md §2). Levels stay inside: they are in no view, no event to the window and no log.
 */
import { DeskHolder } from './desk.ts'
import { newestDictionary } from './dictionaries.ts'
import { end } from './endings.ts'
import { NextQuestion } from './next-question.ts'
import { OpenQuestion } from './open-question.ts'
import {
  type ActResult,
  type AskedQuestion,
  type AskResult,
  type CitizenAction,
  type EvaluationState,
  type PadOptions,
  questionOf,
} from './pad-types.ts'
import type { Desk } from './question-store.ts'
import { type AdmissionFacts, admit, type Channel, expiresAtOf, type Question, unfinished } from './rules.ts'
import { StandingQuestion } from './standing-question.ts'
import { type RatingView, viewOf } from './view.ts'

export class Pad {
  readonly #options: PadOptions
  readonly #standing: StandingQuestion
  readonly #next: NextQuestion
  /** Nobody is asked it before the hall has agreed; until then nobody else is asked anything either. */
  #held: Question | null = null
  readonly #desk: DeskHolder

  constructor(options: PadOptions) {
    this.#options = options
    this.#next = new NextQuestion(options.store, options.onNews)
    this.#desk = new DeskHolder(options.store, options.onNews)
    this.#standing = new StandingQuestion(options, (left) => this.#atRest(left))
  }

  /** Ends what a stop of the program left open: an answer becomes its rating, silence stays silence. */
  recover(): void {
    const { store } = this.#options
    for (const question of store.leftOver())
      end(store, question, unfinished(question), 'timed-out', new Date())
  }

  desk(): Desk {
    return this.#desk.now
  }

  /** A question is open, its answer is being thanked for, or one waits to be asked. */
  isAsking(): boolean {
    return this.#standing.now !== null || this.#next.now !== null
  }

  view(): RatingView {
    return viewOf(this.#standing.page, this.#standing.now, this.#desk.now)
  }

  /** What the citizen does. Touches that come too late change nothing; the page that follows is the answer. */
  async act(action: CitizenAction, channel: Channel = 'pad'): Promise<ActResult> {
    return await this.#standing.act(action, channel)
  }

  /** The citizen is there; on a page without a question that changes nothing. */
  touch(): void {
    this.#standing.touch()
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
    const same = [this.#standing.now?.question ?? null, this.#next.now].find(isSame) ?? null
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
        if (when === 'now') this.#standing.refuse()
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
    if (this.#standing.now?.id === id || this.#next.now?.id === id) return 'waiting'
    return this.#options.store.outcomeOf(id)
  }

  /** False for an id that is not known. After the citizen's first touch the question goes its way. */
  cancel(id: string): boolean {
    if (this.#next.now?.id === id) {
      this.#next.cancel()
      return true
    }
    if (this.#standing.now?.id === id && !this.#standing.isTouched) this.#standing.cancel()
    return this.evaluation(id) !== null
  }

  /** Takes effect at rest; a pause ends a question that nobody has touched. */
  setDesk(change: Partial<Desk>): void {
    this.#desk.want(change)
    if (this.#standing.isTouched) return
    if (this.#desk.wanted.paused && this.#standing.now !== null) this.#standing.cancel()
    else this.#desk.take()
    this.#options.onPage()
  }

  close(): void {
    this.#standing.close()
  }

  /** @param own what is held for the very service that is asked for */
  #occupied(own: Question | null = null): AdmissionFacts['occupied'] {
    if (this.#standing.now === null)
      return this.#next.now === null && this.#held === own ? 'no' : 'untouched-question'
    return this.#standing.isTouched ? 'touched-question' : 'untouched-question'
  }

  /** What was admitted: now, or once the citizen who is answering has gone. */
  #put(question: Question): void {
    this.#held = null
    if (this.#standing.isTouched) this.#next.wait(question)
    else this.#openInstead(question)
  }

  /** In the place of an untouched question, or of one that still waits because it could not be written. */
  #openInstead(asked: Question): void {
    const { store, onNews } = this.#options
    const open = this.#withLabels(asked)
    const before = this.#standing.now?.question ?? this.#next.now
    if (before === null) store.open(open.question)
    else store.replace(before, open.question, new Date())
    this.#begin(open)
    if (before !== null) onNews({ type: 'evaluation', id: before.id, state: 'cancelled' })
    onNews({ type: 'evaluation', id: open.id, state: 'waiting' })
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

  #begin(open: OpenQuestion): void {
    this.#next.leave()
    this.#standing.begin(open)
  }

  /** Only now the window learns what became of the question, and its own wishes take effect. */
  #atRest(left: OpenQuestion | null): void {
    const { onNews, onPage } = this.#options
    try {
      this.#desk.take()
      const state = left === null ? null : this.evaluation(left.id)
      if (left !== null && state !== null) onNews({ type: 'evaluation', id: left.id, state })
    } finally {
      this.#standing.retry(() => this.#takeNext())
      onPage()
    }
  }

  #takeNext(): void {
    const next = this.#next.now
    if (next === null) return
    if (this.#desk.now.paused) {
      this.#next.cancel()
      return
    }
    const open = this.#withLabels(next)
    this.#options.store.open(open.question)
    this.#begin(open)
    this.#options.onNews({ type: 'evaluation', id: open.id, state: 'waiting' })
  }
}
