/** How fast and whether at all the province is asked: its rate, and a circuit that opens when nothing comes back. */
import { type Backoff, createBackoff } from '../../backoff.ts'
import { type ReportKey, reportName } from '../store/province-report.ts'

export interface PaceTiming {
  /** After the first run of failures the circuit stays open for up to so long… */
  pauseFirstMs: number
  /** …and for up to so long after many: what was mended is noticed within a minute. */
  pauseMaxMs: number
}

export const PACE_TIMING: PaceTiming = { pauseFirstMs: 1_000, pauseMaxMs: 60_000 }

/** Fewer are those records' own misfortune, however often each of them fails. */
const ROWS_TO_OPEN = 5

export class Pace {
  readonly #intervalMs: number
  readonly #backoff: Backoff
  #nextTurn = 0
  readonly #failing = new Set<string>()
  #refusedForAll = false
  #pausedUntil = 0

  constructor(perSecond: number, { pauseFirstMs, pauseMaxMs }: PaceTiming) {
    this.#intervalMs = 1000 / perSecond
    this.#backoff = createBackoff(pauseFirstMs, pauseMaxMs)
  }

  /** Milliseconds until the next request may go out; it has that turn. */
  takeTurn(): number {
    const now = performance.now()
    const turn = Math.max(now, this.#nextTurn)
    this.#nextTurn = turn + this.#intervalMs
    return turn - now
  }

  /** Milliseconds for which nothing is to be sent; 0 when it may. */
  pausedMs(): number {
    return Math.max(0, this.#pausedUntil - performance.now())
  }

  /** After a pause one request goes ahead of the others. */
  get probing(): boolean {
    return this.#refusedForAll || this.#failing.size >= ROWS_TO_OPEN
  }

  succeeded(): void {
    this.#failing.clear()
    this.#refusedForAll = false
    this.#pausedUntil = 0
    this.#backoff.reset()
  }

  /** The province, or the way to it, had no use for this one. */
  failed(row: ReportKey): void {
    // What is in it beyond that tells nothing more.
    if (this.#failing.size < ROWS_TO_OPEN) this.#failing.add(reportName(row))
    if (this.probing) this.pause(this.#backoff.next())
  }

  /** The answer concerns every request, such as a refused signature. */
  failedForAll(): void {
    this.#refusedForAll = true
    this.pause(this.#backoff.next())
  }

  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, performance.now() + ms)
  }
}
