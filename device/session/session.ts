/** Runs the transition: timers, searches, printing, and the fact at a session's end. */
import { createHmac, randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { uuidv7 } from 'uuidv7'
import type { CardEvent } from '../../drivers/id-reader/driver.ts'
import { maskName } from '../../drivers/id-reader/masking.ts'
import type { Scan } from '../../drivers/scanner/driver.ts'
import type { EventData } from '../../sync/protocol/events.ts'
import { formatInstant } from '../../sync/protocol/identifiers.ts'
import type { Cases, SearchAnswer } from '../cases/cases.ts'
import type { Preferences, PrintJobView, TerminalAction, TerminalView } from '../http/contract.ts'
import type { LedgerJob, NewJob, PrintLedger } from '../printing/ledger.ts'
import { itemCodeOf, type Printable } from '../printing/printable.ts'
import type { JobListener, Printing } from '../printing/printing.ts'
import { THANKS_MS } from '../rating/pad-types.ts'
import { LABELS_WITHOUT_TOUCH_MS } from '../rating/rules.ts'
import { type Errand, type ErrandRunners, runErrand } from './errands.ts'
import { doubtedIn } from './prints.ts'
import {
  initialState,
  type JobRecord,
  type PrintAction,
  type RatingTimer,
  type SessionEffect,
  type SessionEvent,
  type SessionState,
  type SessionTimings,
  type TimerName,
  type World,
} from './state.ts'
import { endEffects } from './steps.ts'
import { transition } from './transition.ts'

/** UX.md, Terminal: so long without a touch, then the warning, then the end; and the neutral page after it. */
export const SESSION_TIMINGS: SessionTimings = { idle: 60_000, warning: 30_000, ending: 8_000 }

/** The paper is taken and read by then; the page of labels is DOMAIN.md §2's; thanks are as long as on a pad. */
const RATING_TIMINGS: Record<RatingTimer, number> = {
  settled: 12_000,
  labels: LABELS_WITHOUT_TOUCH_MS,
  thanks: THANKS_MS,
}

/** What the driver says of a card whose number breaks a rule (drivers/id-reader/decode-card.ts). */
const NUMBER_FAULT = /: number-/

export interface SessionOptions {
  world: () => World
  cases: Cases
  errands: ErrandRunners
  printing: Printing
  ledger: PrintLedger
  /** Puts the session's fact into the chain. */
  onEnd: (fact: EventData<'session'>) => void
  onChange: () => void
  onTrouble: (error: unknown) => void
  /** Asked at each arming, so that a change is taken. */
  timings?: () => SessionTimings
  /** The preferences that each new person begins with. */
  beginsWith?: () => Preferences
}

export class Session {
  readonly #options: SessionOptions
  /** Tells cards apart within this run of the program; nobody's number is kept for it. */
  readonly #personKey = randomBytes(32)
  #state
  #timer: NodeJS.Timeout | undefined
  #idleEndsAt: string | null = null
  #closesAt: string | null = null
  #closed = false
  /** Aborted when whoever is here now has gone; the next one has another. */
  #gone = new AbortController()

  constructor(options: SessionOptions) {
    this.#options = options
    this.#state = initialState(options.world().enrolled, options.beginsWith?.())
  }

  get view(): TerminalView {
    return this.#state.view
  }

  get preferences(): Preferences {
    return this.#state.preferences
  }

  get cardExpired(): boolean {
    return this.#state.personal.cardExpired
  }

  get idleEndsAt(): string | null {
    return this.#idleEndsAt
  }

  /** When the page of labels closes by itself; null on every other page. */
  get closesAt(): string | null {
    return this.#closesAt
  }

  act(action: TerminalAction): void {
    switch (action.type) {
      case 'print-guide':
      case 'print-notice':
      case 'print-form':
      case 'print-paper':
      case 'print-chosen':
      case 'print-pickup':
      case 'print-proof-slip':
      case 'retry-print':
        this.#wantPrint(action)
        return
      case 'nothing-came-out': {
        const offered = doubtedIn(this.#state.view, action.jobId) !== null
        const noted = offered && this.#options.ledger.noteNothing(action.jobId)
        this.#dispatch({ type: 'nothing-came-out', jobId: action.jobId, noted })
        return
      }
      default:
        this.#dispatch({ type: 'action', action })
    }
  }

  card(event: CardEvent): void {
    switch (event.kind) {
      case 'placed': {
        const { name, number } = event.card.reveal()
        const person = createHmac('sha256', this.#personKey).update(number).digest('base64url')
        this.#dispatch({ type: 'card-placed', card: event.card, person, masked: maskName(name) })
        return
      }
      case 'lifted':
        this.#dispatch({ type: 'card-lifted' })
        return
      case 'unreadable':
        this.#dispatch({ type: 'card-unreadable', numberWrong: NUMBER_FAULT.test(event.reason) })
    }
  }

  scan(scan: Scan): void {
    this.#dispatch(
      scan.kind === 'scanned'
        ? { type: 'scanned', text: scan.text }
        : { type: 'scan-rejected', reason: scan.reason },
    )
  }

  worldChanged(): void {
    this.#dispatch({ type: 'world-changed' })
  }

  /** That a restart cut a job off is told to whoever stands there: not whose it was, nor what. */
  showInterrupted(job: LedgerJob): void {
    this.#dispatch({ type: 'interrupted-print', paper: job.paper })
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#timer)
    for (const effect of endEffects(this.#state, 'stop', this.#options.world())) this.#run(effect)
    this.#state = initialState(false)
  }

  #wantPrint(action: PrintAction): void {
    const job = this.#options.ledger.find(action.key)
    const known = job === null ? null : recordOf(job)
    this.#dispatch({ type: 'print-wanted', action, jobId: uuidv7(), known })
  }

  #dispatch(event: SessionEvent): void {
    if (this.#closed) return
    const { state, effects } = transition(this.#begun(), event, this.#options.world())
    this.#state = state
    for (const effect of effects) this.#run(effect)
    this.#options.onChange()
  }

  /** What new people begin with, as it is set now; nobody's own wishes are touched. */
  #begun(): SessionState {
    const state = this.#state
    const beginsWith = this.#options.beginsWith?.() ?? state.beginsWith
    if (isDeepStrictEqual(beginsWith, state.beginsWith)) return state
    const nobodyHere = state.view.name === 'rest' || state.view.name === 'not-enrolled'
    return { ...state, beginsWith, preferences: nobodyHere ? { ...beginsWith } : state.preferences }
  }

  #run(effect: SessionEffect): void {
    switch (effect.type) {
      case 'search-card':
        this.#search(effect.lookup, () => this.#options.cases.byCard(effect.card))
        return
      case 'search-code':
        this.#search(effect.lookup, () => this.#options.cases.byReceipt(effect.caseNo))
        return
      case 'errand':
        this.#errand(effect.number, effect.errand)
        return
      case 'print':
        this.#print(newJobOf(effect), effect.printable)
        return
      case 'end':
        this.#gone.abort()
        this.#gone = new AbortController()
        this.#tellEnd(effect)
        return
      case 'arm':
        this.#arm(effect.timer)
        return
      case 'disarm':
        clearTimeout(this.#timer)
        this.#idleEndsAt = null
        this.#closesAt = null
    }
  }

  #search(lookup: number, ask: () => Promise<SearchAnswer>): void {
    const answered = (answer: SearchAnswer): void => this.#dispatch({ type: 'answer', lookup, answer })
    Promise.try(ask).then(answered, (error: unknown) => {
      this.#options.onTrouble(error)
      answered({ ok: false, deadEnd: 'hall-trouble' })
    })
  }

  #errand(number: number, errand: Errand): void {
    const failed = (error: unknown): void => {
      this.#options.onTrouble(error)
      this.#dispatch({ type: 'errand-broke', number })
    }
    runErrand(this.#options.errands, errand).then(
      (done) => this.#dispatch({ type: 'errand-done', number, done, jobId: uuidv7() }),
      failed,
    )
  }

  #print(job: NewJob, printable: Printable): void {
    const { jobId } = job
    try {
      const listener: JobListener = {
        sending: (pages) => this.#dispatch({ type: 'print-sending', jobId, pages }),
        sent: () => this.#dispatch({ type: 'print-sent', jobId }),
        sides: (count) => this.#dispatch({ type: 'print-sides', jobId, count }),
        ended: (outcome) => this.#dispatch({ type: 'print-outcome', jobId, outcome }),
      }
      this.#options.printing.start(job, printable, listener, this.#gone.signal)
    } catch (error) {
      // A ledger that cannot be written, as on a full disk: then nothing is printed, and that is said.
      this.#options.onTrouble(error)
      const outcome = { outcome: 'failed', reason: null } as const
      setImmediate(() => this.#dispatch({ type: 'print-outcome', jobId, outcome }))
    }
  }

  #tellEnd({ services, seconds, endedBy }: Extract<SessionEffect, { type: 'end' }>): void {
    try {
      this.#options.onEnd({ services, seconds, endedBy })
    } catch (error) {
      // Wiping the person away must not hang on a store that cannot be written.
      this.#options.onTrouble(error)
    }
  }

  #arm(timer: TimerName): void {
    clearTimeout(this.#timer)
    const waitMs = { ...RATING_TIMINGS, ...(this.#options.timings?.() ?? SESSION_TIMINGS) }[timer]
    const at = formatInstant(new Date(Date.now() + waitMs))
    this.#idleEndsAt = timer === 'warning' ? at : null
    this.#closesAt = timer === 'labels' ? at : null
    this.#timer = setTimeout(() => this.#dispatch({ type: 'timer', timer }), waitMs)
  }
}

const newJobOf = ({ key, retryOf, job, printable }: Extract<SessionEffect, { type: 'print' }>): NewJob => ({
  jobId: job.jobId,
  key,
  retryOf,
  kind: job.kind,
  itemCode: itemCodeOf(printable),
  paper: job.paper,
})

const jobViewOf = (job: LedgerJob): PrintJobView => ({
  jobId: job.jobId,
  kind: job.kind,
  paper: job.paper,
  pages: job.pages,
})

const recordOf = (job: LedgerJob): JobRecord => ({
  job: jobViewOf(job),
  state: job.state,
  reason: job.reason,
  // The document is only here while its own page is: a job found by its key is looked at, not repeated.
  canReportNothing: false,
})
