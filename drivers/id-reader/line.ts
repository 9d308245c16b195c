import { startDeadline } from '../deadline.ts'
import type { Attendance, Ending } from '../supervisor.ts'
import { monotonicMs, sleep } from '../time.ts'
import type { Connection } from '../transport/connection.ts'
import { decodeReply, OVERHEAD_BYTES, type Reply } from './frame.ts'
import type { Framing } from './framing.ts'
import { PHOTO_BYTES } from './parts.ts'
import { answers, encodeRequest, type RequestName, readsFromCard } from './requests.ts'
import type { ReaderTimings } from './timings.ts'

/** How a request ended: a reply, nothing in time, only damaged bytes, or the wire is gone. */
export type Answer = { kind: 'reply'; reply: Reply } | Miss

export type Miss = { kind: 'silent' } | { kind: 'garbled' } | { kind: 'gone' }

export const SILENT: Ending = {
  reason: 'no-answer',
  detail: 'the port is open and the reader says nothing: check its power and its cable',
}
export const GARBLED: Ending = {
  reason: 'bad-frames',
  detail: 'bytes come, but no whole frame: check the speed and the cable',
}

/** What a line needs of those who attend it. */
export type LineKeeper = Pick<Attendance, 'signal' | 'counters' | 'fault'>

export interface LineOptions {
  framing: Framing
  timings: ReaderTimings
  /** Between the answer to a `30xx` command and the next request. */
  pauseAfterReadMs: number
}

/** Preamble and length: before these are whole, bytes are noise as likely as a frame. */
const HEADER_BYTES = OVERHEAD_BYTES

/** So much of an answer to a read came without being a frame that its beginning was lost: it has passed. */
const LOST_ANSWER_BYTES = PHOTO_BYTES

type TimerName = 'silence' | 'beginning' | 'frame' | 'frameSilence' | 'damage'

interface Waiting {
  request: RequestName
  settle: (answer: Answer) => void
}

/** One request and its answer at a time over one connection. */
export class ReaderLine {
  #connection: Connection
  #keeper: LineKeeper
  #framing: Framing
  #timings: ReaderTimings
  #pauseAfterReadMs: number
  #waiting: Waiting | undefined
  #timers: Partial<Record<TimerName, () => void>> = {}
  /** Whoever had this wire before may have polled a moment ago. */
  #lastPollMs = monotonicMs()
  #pausedUntilMs = Number.NEGATIVE_INFINITY
  #counted = 0
  #discardedAtQuestion = 0
  /** Where in all that came the pending frame begins. */
  #frameAt = 0
  #stopped = false

  constructor(connection: Connection, keeper: LineKeeper, options: LineOptions) {
    this.#connection = connection
    this.#keeper = keeper
    this.#framing = options.framing
    this.#timings = options.timings
    this.#pauseAfterReadMs = options.pauseAfterReadMs
    connection.onData((chunk) => {
      if (!this.#stopped) this.#take(chunk)
      // The chunk is ours and may hold a person's card.
      chunk.fill(0)
    })
    keeper.signal.addEventListener('abort', () => this.#settle({ kind: 'gone' }), { once: true })
  }

  async ask(request: RequestName): Promise<Answer> {
    const { signal, counters } = this.#keeper
    const pauseMs = this.#pausedUntilMs - monotonicMs()
    if (pauseMs > 0) await sleep(pauseMs, signal)
    if (signal.aborted) return { kind: 'gone' }
    const { promise, resolve } = Promise.withResolvers<Answer>()
    this.#waiting = { request, settle: resolve }
    this.#awaitBytes()
    const discardedBefore = this.#framing.finder.discardedBytes
    this.#discardedAtQuestion = discardedBefore
    const answered = startDeadline(this.#timings.deadlineMs[request], () => {
      counters.deadlineAborts += 1
      // What is pending can only be the remains of this answer: it must not swallow the next one (field row 6).
      this.#giveUpFrame()
      if (this.#framing.finder.discardedBytes === discardedBefore) return this.#settle({ kind: 'silent' })
      if (this.#waiting !== undefined) this.#keeper.fault(GARBLED.reason, GARBLED.detail)
      this.#settle({ kind: 'garbled' })
    })
    if (readsBase(request)) {
      this.#start('beginning', this.#timings.readBeginsMs, () => {
        counters.deadlineAborts += 1
        this.#settle({ kind: 'silent' })
      })
    }
    void this.#write(request)
    const answer = await promise
    answered()
    this.#stop('beginning')
    this.#stop('damage')
    if (readsFromCard(request)) this.#pausedUntilMs = monotonicMs() + this.#pauseAfterReadMs
    return answer
  }

  /** A request that looks for a card or whether it is still there: never sooner than the poll interval allows. */
  async poll(request: RequestName): Promise<Answer> {
    const wait = this.#lastPollMs + this.#timings.pollIntervalMs - monotonicMs()
    if (wait > 0) await sleep(wait, this.#keeper.signal)
    this.#lastPollMs = monotonicMs()
    return this.ask(request)
  }

  /** The answer may be here before the line has drained: nobody waits for the writing alone. */
  async #write(request: RequestName): Promise<void> {
    for (const piece of this.#framing.wrap(encodeRequest(request))) {
      if (await this.#connection.write(piece, this.#timings.writeDeadlineMs)) continue
      this.#settle({ kind: 'gone' })
      return
    }
  }

  /** Nothing that still comes is looked at. */
  stop(): void {
    this.#stopped = true
    this.#stop('silence')
    this.#stop('damage')
    this.#giveUpFrame()
  }

  #take(chunk: Uint8Array): void {
    const { finder } = this.#framing
    const damagedBefore = finder.damagedFrames
    this.#stop('silence')
    this.#stop('beginning')
    const frames = finder.push(chunk)
    this.#stop('damage')
    for (const frame of frames) this.#accept(frame)
    if (this.#waiting !== undefined && (finder.damagedFrames > damagedBefore || this.#hasLostAnswer())) {
      this.#start('damage', this.#timings.damageSilenceMs, () => this.#settle({ kind: 'garbled' }))
    }
    this.#watchFrame()
    if (this.#waiting !== undefined) this.#awaitBytes()
    this.#count()
  }

  /** From the question, or from the last byte, until the line counts as silent; answered questions do not count. */
  #awaitBytes(): void {
    if (this.#timers.silence !== undefined) return
    const { usual, reading } = this.#timings.silenceMs
    const begun = this.#framing.finder.pendingBytes > 0
    const isReading = this.#waiting !== undefined && readsBase(this.#waiting.request)
    this.#start('silence', isReading && !begun ? reading : usual, () => {
      this.#keeper.fault(SILENT.reason, SILENT.detail)
    })
  }

  #hasLostAnswer(): boolean {
    const discarded = this.#framing.finder.discardedBytes - this.#discardedAtQuestion
    return this.#waiting !== undefined && readsBase(this.#waiting.request) && discarded >= LOST_ANSWER_BYTES
  }

  /** The whole-frame deadline runs from a frame's first byte; the pause within it from its last. */
  #watchFrame(): void {
    const { pendingBytes, passedBytes } = this.#framing.finder
    this.#stop('frameSilence')
    // What was pending before may have been noise, and this the beginning of the frame.
    if (pendingBytes === 0 || passedBytes !== this.#frameAt) this.#stop('frame')
    this.#frameAt = passedBytes
    if (pendingBytes === 0) return
    const late = (): void => {
      this.#keeper.counters.deadlineAborts += 1
      const hadBegun = this.#framing.finder.pendingBytes >= HEADER_BYTES
      this.#giveUpFrame()
      if (hadBegun) this.#settle({ kind: 'garbled' })
    }
    this.#start('frameSilence', this.#timings.frameSilenceMs, late)
    if (this.#timers.frame === undefined) this.#start('frame', this.#timings.frameDeadlineMs, late)
  }

  #giveUpFrame(): void {
    this.#stop('frame')
    this.#stop('frameSilence')
    for (const frame of this.#framing.finder.abandon()) this.#accept(frame)
    this.#count()
  }

  #accept(frame: Uint8Array): void {
    this.#keeper.counters.frames += 1
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

  #start(timer: TimerName, ms: number, work: () => void): void {
    this.#stop(timer)
    this.#timers[timer] = startDeadline(ms, () => {
      delete this.#timers[timer]
      work()
    })
  }

  #stop(timer: TimerName): void {
    this.#timers[timer]?.()
    delete this.#timers[timer]
  }

  #count(): void {
    const { discardedBytes } = this.#framing.finder
    // The counters outlive this connection's parser.
    this.#keeper.counters.discardedBytes += discardedBytes - this.#counted
    this.#counted = discardedBytes
  }
}

function readsBase(request: RequestName): boolean {
  return request === 'read-base' || request === 'read-base-and-prints'
}
