import { startDeadline } from '../deadline.ts'
import type { Attendance } from '../supervisor.ts'
import { monotonicMs, sleep } from '../time.ts'
import type { Connection } from '../transport/connection.ts'
import { PaperAhead } from './ahead.ts'
import { filling, type StatusQuery, statusQuery } from './escpos.ts'
import type { PrinterMemory } from './memory.ts'
import { sizeOf } from './pieces.ts'
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
/** A full buffer of 4 kB of text is 400 mm, 8 s of the slowest paper; after that an XON was lost. */
const XOFF_BELIEVED_MS = 8000
/**
 * Between the queries to a printer whose answers come twice: the second one is in by then, also from a device server
 * that holds back small packets until the 40 ms of a delayed acknowledgement are over.
 */
const ECHO_GAP_MS = 60

/** How asking for the status ended: what the printer said, nothing in time, nothing whole, or the wire is gone. */
export type StatusAnswer = { kind: 'state'; state: PrinterState } | { kind: 'silent' | 'garbled' | 'gone' }

const QUERIES: readonly StatusQuery[] = [1, 2, 3, 4]
const QUERY_BYTES = 3

/** How slow wire and paper may be. */
export interface Pace {
  baud: number
  millimetresPerSecond: number
  /** The wire cannot hold its sender back: what is sent is measured out by the paper's own time. */
  isUnheld: boolean
}

/** One connection to a printer: one status query in flight, whole commands, and what it says unasked. */
export class PrinterLine {
  #connection: Connection
  #attendance: Attendance
  #statusDeadlineMs: number
  #pace: Pace
  #memory: PrinterMemory
  #ahead = new PaperAhead()
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
  /** Undefined while bytes may come. */
  #heldSinceMs: number | undefined
  /** Called with proofs and automatic statuses as they come. */
  onReply: ((reply: PrinterReply) => void) | undefined

  constructor(
    connection: Connection,
    attendance: Attendance,
    statusDeadlineMs: number,
    pace: Pace,
    memory: PrinterMemory,
  ) {
    this.#connection = connection
    this.#attendance = attendance
    this.#statusDeadlineMs = statusDeadlineMs
    this.#pace = pace
    this.#memory = memory
    connection.onData((chunk) => this.#take(this.#parser.push(chunk)))
    attendance.signal.addEventListener('abort', () => this.#answer(undefined), { once: true })
  }

  /** False between XOFF and XON, though an XON that was lost holds nothing up for ever. */
  get takesBytes(): boolean {
    if (this.#heldSinceMs === undefined) return true
    return !this.isPatient && monotonicMs() > this.#heldSinceMs + XOFF_BELIEVED_MS
  }

  /** How long until the printer's buffer surely has room for these. */
  roomInMs(commands: readonly PrintCommand[]): number {
    if (!this.#pace.isUnheld) return 0
    const nowMs = monotonicMs()
    return this.#ahead.roomAtMs(sizeOf(commands).bytes, nowMs) - nowMs
  }

  /** The paper stood still for so long, and the buffer stayed as full as it was. */
  stood(ms: number): void {
    this.#ahead.stood(ms)
  }

  /** Bytes that were no reply: a line that has them proves nothing. */
  get nonsense(): number {
    return this.#parser.discardedBytes
  }

  /** Bytes that were no reply and answers that nobody had asked for. */
  get oddities(): number {
    return this.#parser.discardedBytes + this.#surplus
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
    return (bytes * BITS_PER_BYTE * 1000) / this.#pace.baud + this.#paperMs(rows)
  }

  #paperMs(rows: number): number {
    return (rows * 1000) / (this.#pace.millimetresPerSecond * DOTS_PER_MILLIMETRE)
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

  /** Asks once more, slowly: no echo of an answer can be taken for that to another question. */
  async statusAgain(): Promise<StatusAnswer> {
    this.#knownSurplus = this.#surplus
    return await this.#round(ECHO_GAP_MS)
  }

  /**
   * Ends the command that an earlier line left unfinished, for the printer still waits for the rest of it and would
   * take whatever comes next: a question, or half of the next document.
   */
  async fillUp(): Promise<boolean> {
    return await this.write([{ bytes: filling(this.#memory.unfinished), rows: 0 }])
  }

  /** Writes whole commands. False when the connection ended on the way. */
  async write(commands: readonly PrintCommand[]): Promise<boolean> {
    const size = sizeOf(commands)
    const ownMs = this.timeMs(size)
    const nowMs = monotonicMs()
    for (const { bytes } of commands) {
      this.#memory.unfinished = Math.max(this.#memory.unfinished, bytes.length)
    }
    this.#ahead.sent(size.bytes, this.#paperMs(size.rows), nowMs)
    const bytes = Buffer.concat(commands.map((command) => command.bytes))
    this.#patientUntilMs = Math.max(this.#patientUntilMs, nowMs) + ownMs
    const stuck = setTimeout(() => {
      this.#attendance.fault('no-answer', 'the printer takes no bytes')
    }, ownMs + STUCK_TOLD_MS)
    try {
      return await this.#connection.write(bytes, this.#patientUntilMs - nowMs + WRITE_SLACK_MS)
    } finally {
      clearTimeout(stuck)
      bytes.fill(0)
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
    // Answered behind everything that was sent: nothing of that is still on its way.
    this.#memory.unfinished = QUERY_BYTES
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
    const answered = startDeadline(this.#statusDeadlineMs, () => {
      // Half a block or half an automatic status must not swallow the next answer (field row 15).
      this.#take(this.#parser.abandon())
      if (this.#latest === undefined) this.#attendance.counters.deadlineAborts += 1
      // Fewer answers than questions, and no more are coming: some were lost, and the last one is to this.
      else this.#unanswered = 0
      this.#answer(this.#latest)
    })
    if (!(await this.#connection.write(statusQuery(n), QUERY_WRITE_DEADLINE_MS))) this.#answer(undefined)
    const byte = await promise
    answered()
    return byte
  }

  #take(replies: PrinterReply[]): void {
    const { counters } = this.#attendance
    counters.discardedBytes += this.#parser.discardedBytes - this.#countedDiscarded
    this.#countedDiscarded = this.#parser.discardedBytes
    for (const reply of replies) {
      counters.frames += 1
      if (reply.kind === 'status') this.#hearStatus(reply.byte)
      else if (reply.kind === 'flow') this.#heldSinceMs = reply.on ? undefined : monotonicMs()
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
