/**
 * The question that a terminal asks, and its answer (DOMAIN.md §2): the same store, rules and facts as a pad's. The
 * level stays in here: the session is told which labels to offer, and nothing else of it.
 */
import { uuidv7 } from 'uuidv7'
import type { OpenRating } from '../../sync/protocol/cases.ts'
import type { Dictionary } from '../../sync/protocol/content.ts'
import type { ClockState, RatedCase } from '../../sync/protocol/events.ts'
import type { LevelNumber } from '../../sync/protocol/levels.ts'
import type { Level } from '../http/contract.ts'
import { labelsIn, newestDictionary } from './dictionaries.ts'
import { complete, end } from './endings.ts'
import { STORE_RETRY_MS } from './pad-types.ts'
import type { QuestionStore } from './question-store.ts'
import type { AssessNumber, Label } from './rating.ts'
import { type Declined, numberOf, type Question, unfinished } from './rules.ts'

/** Nobody is signed in at a terminal, and it is no window. */
const NOBODY = { staffId: '', window: '' } as const

export interface TerminalQuestionsOptions {
  store: QuestionStore
  /** As the hall has handed them out. */
  dictionaries: () => readonly Dictionary[]
  clock: () => ClockState
  onTrouble: (error: unknown) => void
}

export interface Asked {
  about: RatedCase | null
  assessNumber: AssessNumber
  proof: Question['proof']
  /** A JWE; null when nobody is named. */
  user: string | null
}

interface OpenQuestion {
  number: number
  question: Question
  dictionary: Dictionary
}

export class TerminalQuestions {
  readonly #options: TerminalQuestionsOptions
  #open: OpenQuestion | null = null
  /** Questions whose end could not be written yet; they are tried again, and at the next start at the latest. */
  readonly #unended = new Map<string, () => void>()
  #retry: NodeJS.Timeout | undefined

  constructor(options: TerminalQuestionsOptions) {
    this.#options = options
  }

  /** Ends what a stop of the program left open: an answer becomes its rating, silence stays silence. */
  recover(): void {
    for (const question of this.#options.store.leftOver()) this.#end(question, 'timed-out', null)
  }

  /**
   * Which rating of a case is still to be had, by what this device has taken itself and what its hall says.
   * @param told absent where the hall does not know
   */
  openOf(about: RatedCase, told: OpenRating = 'first'): OpenRating {
    if (told === 'first') return this.#isRated(about, 1) ? 'none' : 'first'
    return told === 'follow-up' && this.#isRated(about, 2) ? 'none' : told
  }

  #isRated(about: RatedCase, assessNumber: AssessNumber): boolean {
    const { store } = this.#options
    return store.isRated(store.serviceKey(about, assessNumber))
  }

  /** @throws the store's error; then nothing is open */
  ask(number: number, { about, assessNumber, proof, user }: Asked): 'asked' | 'already-rated' {
    if (this.#open !== null) this.leave(this.#open.number, 'timed-out', null)
    if (about !== null && this.#isRated(about, assessNumber)) return 'already-rated'
    const dictionary = newestDictionary(this.#options.dictionaries())
    const question: Question = {
      id: uuidv7(),
      case: about,
      assessNumber,
      staff: NOBODY,
      user,
      proof,
      dictionary: dictionary.version,
      anonymous: false,
      askedAt: new Date(),
      tap: null,
      labels: [],
    }
    this.#options.store.open(question)
    this.#open = { number, question, dictionary }
    return 'asked'
  }

  /**
   * The answer; when this returns it survives a pulled plug. The first touch counts: a second changes nothing.
   * @returns the labels of that level; null where the question is closed
   * @throws the store's error; then nothing was answered
   */
  choose(number: number, level: Level): Label[] | null {
    const open = this.#at(number)
    if (open === null) return null
    if (open.question.tap === null) {
      const tap = {
        level: numberOf(level),
        channel: 'terminal',
        at: new Date(),
        clock: this.#options.clock(),
      } as const
      this.#options.store.tap(open.question.id, tap)
      this.#open = { ...open, question: { ...open.question, tap } }
      return labelsOf(open.dictionary, tap.level)
    }
    return labelsOf(open.dictionary, open.question.tap.level)
  }

  /**
   * Labels and the wish not to be named, as they stand on the page.
   * @throws the store's error; then they stand as they did
   */
  amend(number: number, labels: readonly string[], anonymous: boolean): void {
    const open = this.#at(number)
    if (open === null) return
    const question = { ...open.question, labels: offered(open, labels), anonymous }
    this.#options.store.amend(question)
    this.#open = { ...open, question }
  }

  /**
   * Makes the rating of an answer.
   * @param comment a JWE
   * @throws the store's error; then the question is open as before
   */
  finish(number: number, labels: readonly string[], comment: string | null): void {
    const open = this.#at(number)
    if (open === null || open.question.tap === null) return
    complete(this.#options.store, open.question, { labels: offered(open, labels), comment })
    this.#open = null
  }

  /** Whoever was asked has gone. It never throws: what cannot be written now is written as soon as it can. */
  leave(number: number, silence: Exclude<Declined, 'cancelled'>, comment: string | null): void {
    const open = this.#at(number)
    if (open === null) return
    this.#open = null
    this.#end(open.question, silence, comment)
  }

  close(): void {
    clearTimeout(this.#retry)
  }

  #at(number: number): OpenQuestion | null {
    return this.#open?.number === number ? this.#open : null
  }

  #end(question: Question, silence: Exclude<Declined, 'cancelled'>, comment: string | null): void {
    const { store } = this.#options
    const at = new Date()
    const finish = { ...unfinished(question), comment }
    this.#unended.set(question.id, () => end(store, question, finish, silence, at))
    this.#endThem()
  }

  #endThem(): void {
    clearTimeout(this.#retry)
    for (const [id, end] of this.#unended) {
      try {
        end()
        this.#unended.delete(id)
      } catch (error) {
        this.#options.onTrouble(error)
      }
    }
    if (this.#unended.size === 0) return
    this.#retry = setTimeout(() => this.#endThem(), STORE_RETRY_MS)
    this.#retry.unref()
  }
}

const labelsOf = (dictionary: Dictionary, level: LevelNumber): Label[] =>
  labelsIn(dictionary, level).map(({ code, text }) => ({ code, text }))

/** Of what a page says was touched, what this level has, each once. */
const offered = ({ question, dictionary }: OpenQuestion, labels: readonly string[]): string[] =>
  question.tap === null
    ? []
    : labelsIn(dictionary, question.tap.level)
        .map(({ code }) => code)
        .filter((code) => labels.includes(code))
