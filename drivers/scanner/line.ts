import { startDeadline } from '../deadline.ts'
import type { Attendance } from '../supervisor.ts'
import type { Connection } from '../transport/connection.ts'
import type { RawScan, ScanParser } from './raw-scan.ts'
import type { Reply, ReplyFilter } from './replies.ts'
import { readScan, type Scan } from './text.ts'
import type { ScannerTimings } from './timings.ts'

/** How what comes over this wire becomes codes. */
export interface Wiring {
  parser: ScanParser
  /** Undefined where the scanner says nothing but codes. */
  replies: ReplyFilter | undefined
}

/** How a command ended. `sent` = its bytes have left, and no answer is due. */
export type Commanded = 'sent' | Reply | 'silent' | 'gone'

/** One connection to a scanner: codes come out of it, commands go in, one at a time. */
export class ScannerLine {
  #connection: Connection
  #attendance: Attendance
  #wiring: Wiring
  #timings: ScannerTimings
  #emit: (scan: Scan) => void
  #silence: NodeJS.Timeout | undefined
  #waiting: ((reply: Reply) => void) | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #discarded = 0
  #chunks = 0
  #codes = 0
  #isFlowing = false

  /** Listens from here on: a code that comes before the first command is not lost (field row 11). */
  constructor(
    connection: Connection,
    attendance: Attendance,
    wiring: Wiring,
    timings: ScannerTimings,
    emit: (scan: Scan) => void,
  ) {
    this.#connection = connection
    this.#attendance = attendance
    this.#wiring = wiring
    this.#timings = timings
    this.#emit = emit
    connection.onData((chunk) => this.#take(chunk))
  }

  /** How often anything at all was heard. */
  get chunks(): number {
    return this.#chunks
  }

  /** How many codes have ended, told or not. */
  get codes(): number {
    return this.#codes
  }

  /** In the middle of a code, without a pause until now. */
  get isHearingCode(): boolean {
    return this.#isFlowing && this.#wiring.parser.pendingBytes > 0
  }

  /** Sends a command, after those before it. */
  command(bytes: Uint8Array, isReplyDue: boolean): Promise<Commanded> {
    const turn = this.#turn.then(() => this.#exchange(bytes, isReplyDue))
    this.#turn = turn
    return turn
  }

  /** Forgets what is unfinished: half a code of a pulled cable is not a code. */
  stop(): void {
    this.#endSilence()
    this.#connection.onData((chunk) => chunk.fill(0))
    this.#wiring.replies?.silence().fill(0)
    for (const raw of this.#wiring.parser.silence()) if (raw.kind === 'bytes') raw.bytes.fill(0)
  }

  async #exchange(bytes: Uint8Array, isReplyDue: boolean): Promise<Commanded> {
    const { signal, counters } = this.#attendance
    if (signal.aborted) return 'gone'
    const { promise, resolve } = Promise.withResolvers<Commanded>()
    const gone = (): void => resolve('gone')
    const miss = (): void => {
      counters.deadlineAborts += 1
      resolve('silent')
    }
    signal.addEventListener('abort', gone, { once: true })
    this.#waiting = resolve
    let answered = (): void => {}
    // Not awaited: a write that is never taken must not hold up a program that is closing.
    void this.#connection.write(bytes, this.#timings.writeDeadlineMs).then((isWritten) => {
      if (!isWritten) resolve('gone')
      else if (!isReplyDue) resolve('sent')
      else if (!signal.aborted) answered = startDeadline(this.#timings.replyDeadlineMs, miss)
    })
    const outcome = await promise
    answered()
    signal.removeEventListener('abort', gone)
    this.#waiting = undefined
    return outcome
  }

  #take(chunk: Uint8Array): void {
    this.#chunks += 1
    const { parser, replies } = this.#wiring
    const taken = replies?.push(chunk) ?? { rest: chunk, replies: [] }
    // An answer to a command is no sign that a code goes on.
    if (taken.rest.length > 0) {
      this.#endSilence()
      this.#isFlowing = true
    }
    this.#hand(parser.push(taken.rest))
    // Both are memory that may hold what somebody's paper says.
    taken.rest.fill(0)
    chunk.fill(0)
    for (const reply of taken.replies) {
      this.#attendance.counters.frames += 1
      this.#waiting?.(reply)
    }
    if (this.#isUnfinished && this.#silence === undefined) {
      this.#inSilence(this.#timings.silenceMs, () => this.#pause())
    }
  }

  get #isUnfinished(): boolean {
    return this.#wiring.parser.unfinished || this.#heldBytes > 0
  }

  /** Of what may become a reply. */
  get #heldBytes(): number {
    return this.#wiring.replies?.heldBytes ?? 0
  }

  /** Timers come before bytes when the program was busy: what arrived meanwhile is heard first, and is no silence. */
  #inSilence(ms: number, then: () => void): void {
    this.#silence = setTimeout(() => {
      this.#silence = setTimeout(then, this.#timings.outstandingMs)
    }, ms)
  }

  #endSilence(): void {
    clearTimeout(this.#silence)
    this.#silence = undefined
  }

  #pause(): void {
    const { silenceMs, unfinishedDeadlineMs } = this.#timings
    this.#endSilence()
    this.#isFlowing = false
    // Half a reply is no part of the code before it.
    if (this.#heldBytes === 0) this.#hand(this.#wiring.parser.pause())
    if (this.#isUnfinished) this.#inSilence(unfinishedDeadlineMs - silenceMs, () => this.#fallSilent())
  }

  #fallSilent(): void {
    const { parser, replies } = this.#wiring
    this.#endSilence()
    const held = replies?.silence()
    if (held !== undefined) this.#hand(parser.push(held))
    held?.fill(0)
    const raws = parser.silence()
    if (raws.some((raw) => raw.kind === 'incomplete')) this.#attendance.counters.deadlineAborts += 1
    this.#hand(raws)
  }

  #hand(raws: RawScan[]): void {
    const { counters } = this.#attendance
    counters.discardedBytes += this.#wiring.parser.discardedBytes - this.#discarded
    this.#discarded = this.#wiring.parser.discardedBytes
    for (const raw of raws) {
      counters.frames += 1
      this.#codes += 1
      this.#emit(readScan(raw))
    }
  }
}
