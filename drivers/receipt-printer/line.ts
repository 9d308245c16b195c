import type { Attendance } from '../supervisor.ts'
import { monotonicMs, sleep } from '../time.ts'
import type { Connection } from '../transport/connection.ts'
import { type StatusQuery, statusQuery } from './escpos.ts'
import { type PrinterReply, ReplyParser } from './reply-parser.ts'
import { ALL_CLEAR, type PrinterState, readStatus } from './status.ts'
import type { PrintCommand } from './tape.ts'

/** Three bytes. */
const QUERY_WRITE_DEADLINE_MS = 1000
/** Beyond the wire's and the paper's own time. */
const WRITE_SLACK_MS = 2000
/** A write that is stuck for so long is told of, though it may still go on. */
const STUCK_TOLD_MS = 1500
/** Start bit, 8 data bits, stop bit. */
const BITS_PER_BYTE = 10
const DOTS_PER_MILLIMETRE = 8
/** Between the queries to a printer whose answers come twice: the second one, of a byte, is in by then. */
const ECHO_GAP_MS = 30

/** How asking for the status ended: what the printer said, nothing in time, nothing whole, or the wire is gone. */
export type StatusAnswer = { kind: 'state'; state: PrinterState } | { kind: 'silent' | 'garbled' | 'gone' }

const QUERIES: readonly StatusQuery[] = [1, 2, 3, 4]

/** How slow wire and paper may be. */
export interface Pace {
  baud: number
  millimetresPerSecond: number
}

/** One connection to a printer: one status query in flight, whole commands, and what it says unasked. */
export class PrinterLine {
  #connection: Connection
  #attendance: Attendance
  #statusDeadlineMs: number
  #pace: Pace
  #parser = new ReplyParser()
  #waiting: ((byte: number | undefined) => void) | undefined
  /** Queries without an answer: a late one must not be taken for the next one's (field row 15). */
  #unanswered = 0
  #latest: number | undefined
  /** Answers that nobody had asked for. */
  #surplus = 0
  #knownSurplus = 0
  #countedDiscarded = 0
  #patientUntilMs = 0
  #flowsFrom = true
  /** Called with proofs and automatic statuses as they come. */
  onReply: ((reply: PrinterReply) => void) | undefined

  constructor(connection: Connection, attendance: Attendance, statusDeadlineMs: number, pace: Pace) {
    this.#connection = connection
    this.#attendance = attendance
    this.#statusDeadlineMs = statusDeadlineMs
    this.#pace = pace
    connection.onData((chunk) => this.#take(this.#parser.push(chunk)))
    attendance.signal.addEventListener('abort', () => this.#answer(undefined), { once: true })
  }

  /** False between XOFF and XON. */
  get takesBytes(): boolean {
    return this.#flowsFrom
  }

  /** Bytes that were no reply: a line that has them proves nothing. */
  get nonsense(): number {
    return this.#parser.discardedBytes
  }

  /**
   * Until then silence may only mean that a slow wire or a printer whose buffer is full still has bytes before the
   * question. `done` ends it.
   */
  get isPatient(): boolean {
    return monotonicMs() < this.#patientUntilMs
  }

  done(): void {
    this.#patientUntilMs = 0
  }

  /** How long these bytes may be on the wire and this paper be moving. */
  timeMs({ bytes, rows }: { bytes: number; rows: number }): number {
    const wireMs = (bytes * BITS_PER_BYTE * 1000) / this.#pace.baud
    return wireMs + (rows * 1000) / (this.#pace.millimetresPerSecond * DOTS_PER_MILLIMETRE)
  }

  /** Asks all four real-time questions, one after the other; an unanswered one is the end of it. */
  async status(): Promise<StatusAnswer> {
    // An answer too many since the last time: this one's may be pushed to the wrong question, too.
    const echoes = this.#surplus > this.#knownSurplus
    this.#knownSurplus = this.#surplus
    const answer = await this.#round(echoes ? ECHO_GAP_MS : 0)
    if (echoes || answer.kind !== 'state' || this.#surplus === this.#knownSurplus) return answer
    return await this.#round(ECHO_GAP_MS)
  }

  /** Writes whole commands. False when the connection ended on the way. */
  async write({ bytes, rows }: PrintCommand): Promise<boolean> {
    const ownMs = this.timeMs({ bytes: bytes.length, rows })
    const nowMs = monotonicMs()
    this.#patientUntilMs = Math.max(this.#patientUntilMs, nowMs) + ownMs
    const stuck = setTimeout(() => {
      this.#attendance.fault('no-answer', 'the printer takes no bytes')
    }, ownMs + STUCK_TOLD_MS)
    try {
      return await this.#connection.write(bytes, this.#patientUntilMs - nowMs + WRITE_SLACK_MS)
    } finally {
      clearTimeout(stuck)
    }
  }

  async #round(gapMs: number): Promise<StatusAnswer> {
    const bytes = { ...ALL_CLEAR }
    const discardedBefore = this.#parser.discardedBytes
    for (const n of QUERIES) {
      if (gapMs > 0) await sleep(gapMs, this.#attendance.signal)
      const byte = await this.#ask(n)
      if (this.#attendance.signal.aborted) return { kind: 'gone' }
      if (byte === undefined) {
        return { kind: this.#parser.discardedBytes > discardedBefore ? 'garbled' : 'silent' }
      }
      bytes[n] = byte
    }
    // A turn of the event loop, for an echo of the last answer.
    await new Promise((resolve) => setImmediate(resolve))
    return { kind: 'state', state: readStatus(bytes) }
  }

  async #ask(n: StatusQuery): Promise<number | undefined> {
    if (this.#attendance.signal.aborted) return undefined
    const { promise, resolve } = Promise.withResolvers<number | undefined>()
    this.#waiting = resolve
    this.#unanswered += 1
    this.#latest = undefined
    const deadline = setTimeout(() => {
      // Half a block or half an automatic status must not swallow the next answer (field row 15).
      this.#take(this.#parser.abandon())
      if (this.#latest === undefined) this.#attendance.counters.deadlineAborts += 1
      // Fewer answers than questions, and no more are coming: some were lost, and the last one is to this.
      else this.#unanswered = 0
      this.#answer(this.#latest)
    }, this.#statusDeadlineMs)
    if (!(await this.#connection.write(statusQuery(n), QUERY_WRITE_DEADLINE_MS))) this.#answer(undefined)
    const byte = await promise
    clearTimeout(deadline)
    return byte
  }

  #take(replies: PrinterReply[]): void {
    const { counters } = this.#attendance
    counters.discardedBytes += this.#parser.discardedBytes - this.#countedDiscarded
    this.#countedDiscarded = this.#parser.discardedBytes
    for (const reply of replies) {
      counters.frames += 1
      if (reply.kind === 'status') this.#hearStatus(reply.byte)
      else if (reply.kind === 'flow') this.#flowsFrom = reply.on
      else this.onReply?.(reply)
    }
  }

  #hearStatus(byte: number): void {
    if (this.#unanswered === 0) {
      this.#surplus += 1
      return
    }
    this.#unanswered -= 1
    this.#latest = byte
    if (this.#unanswered === 0) this.#answer(byte)
  }

  #answer(byte: number | undefined): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.(byte)
  }
}
