import type { Attendance } from '../supervisor.ts'
import { monotonicMs, sleep } from '../time.ts'
import type { Connection } from '../transport/connection.ts'
import { answers, decodeReply, encodeRequest, type Reply, type RequestName } from './frame.ts'
import { FrameParser } from './parser.ts'
import type { ReaderTimings } from './timings.ts'

/** How a request ended: a reply, nothing in time, only damaged bytes, or the wire is gone. */
export type Answer =
  | { kind: 'reply'; reply: Reply }
  | { kind: 'silent' }
  | { kind: 'garbled' }
  | { kind: 'gone' }

interface Waiting {
  request: RequestName
  settle: (answer: Answer) => void
}

/** One request and its answer at a time over one connection. */
export class ReaderLine {
  #connection: Connection
  #attendance: Attendance
  #timings: ReaderTimings
  #parser = new FrameParser()
  #waiting: Waiting | undefined
  #frameTimer: NodeJS.Timeout | undefined
  #damageTimer: NodeJS.Timeout | undefined
  #lastPollMs = Number.NEGATIVE_INFINITY

  constructor(connection: Connection, attendance: Attendance, timings: ReaderTimings) {
    this.#connection = connection
    this.#attendance = attendance
    this.#timings = timings
    connection.onData((chunk) => this.#take(chunk))
    attendance.signal.addEventListener('abort', () => this.#settle({ kind: 'gone' }), { once: true })
  }

  async ask(request: RequestName): Promise<Answer> {
    const { signal, counters } = this.#attendance
    if (signal.aborted) return { kind: 'gone' }
    const { promise, resolve } = Promise.withResolvers<Answer>()
    this.#waiting = { request, settle: resolve }
    const discardedBefore = this.#parser.discardedBytes
    const deadline = setTimeout(() => {
      counters.deadlineAborts += 1
      // What is pending can only be the remains of this answer: it must not swallow the next one (field row 6).
      this.#giveUpFrame()
      const garbled = this.#parser.discardedBytes > discardedBefore
      this.#settle({ kind: garbled ? 'garbled' : 'silent' })
    }, this.#timings.deadlineMs[request])
    const written = await this.#connection.write(encodeRequest(request), this.#timings.writeDeadlineMs)
    if (!written) this.#settle({ kind: 'gone' })
    const answer = await promise
    clearTimeout(deadline)
    clearTimeout(this.#damageTimer)
    return answer
  }

  /** A request that looks for a card or whether it is still there: never sooner than the poll interval allows. */
  async poll(request: RequestName): Promise<Answer> {
    const wait = this.#lastPollMs + this.#timings.pollIntervalMs - monotonicMs()
    if (wait > 0) await sleep(wait, this.#attendance.signal)
    this.#lastPollMs = monotonicMs()
    return this.ask(request)
  }

  stop(): void {
    clearTimeout(this.#frameTimer)
    clearTimeout(this.#damageTimer)
    this.#giveUpFrame()
  }

  #take(chunk: Uint8Array): void {
    const damagedBefore = this.#parser.damagedFrames
    const frames = this.#parser.push(chunk)
    // The chunk is the transport's own memory and may hold a person's card.
    chunk.fill(0)
    clearTimeout(this.#damageTimer)
    for (const frame of frames) this.#accept(frame)
    if (this.#parser.damagedFrames > damagedBefore && this.#waiting !== undefined) {
      this.#damageTimer = setTimeout(() => this.#settle({ kind: 'garbled' }), this.#timings.damageSilenceMs)
    }
    this.#watchFrame(frames.length > 0)
    this.#count()
  }

  /** The whole-frame deadline runs from a frame's first byte. */
  #watchFrame(restart: boolean): void {
    if (restart || this.#parser.pendingBytes === 0) {
      clearTimeout(this.#frameTimer)
      this.#frameTimer = undefined
    }
    if (this.#parser.pendingBytes === 0 || this.#frameTimer !== undefined) return
    this.#frameTimer = setTimeout(() => {
      this.#attendance.counters.deadlineAborts += 1
      this.#giveUpFrame()
    }, this.#timings.frameDeadlineMs)
  }

  #giveUpFrame(): void {
    clearTimeout(this.#frameTimer)
    this.#frameTimer = undefined
    for (const frame of this.#parser.abandon()) this.#accept(frame)
    this.#count()
  }

  #accept(frame: Uint8Array): void {
    this.#attendance.counters.frames += 1
    const reply = decodeReply(frame)
    const waiting = this.#waiting
    // A late answer to a request that was given up fits neither nobody nor the shape of another.
    if (reply === undefined || waiting === undefined || !answers(waiting.request, reply)) {
      frame.fill(0)
      return
    }
    this.#settle({ kind: 'reply', reply })
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.settle(answer)
  }

  #counted = 0
  #count(): void {
    // The counters outlive this connection's parser.
    this.#attendance.counters.discardedBytes += this.#parser.discardedBytes - this.#counted
    this.#counted = this.#parser.discardedBytes
  }
}
