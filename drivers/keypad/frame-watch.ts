import { monotonicMs } from '../time.ts'
import type { FrameParser } from './parser.ts'

/** Bytes that came together. */
interface Arrival {
  /** How long the stream was with them. */
  end: number
  atMs: number
}

type Stream = Pick<FrameParser<unknown>, 'framedBytes' | 'discardedBytes' | 'pendingBytes'>

/** The whole-frame deadline: it runs from the first byte of the frame that is pending (field row 6). */
export class FrameWatch {
  #parser: Stream
  #deadlineMs: number
  #late: (before: number) => void
  /** Those of which something is pending. */
  #arrivals: Arrival[] = []
  #watched: Arrival | undefined
  #timer: NodeJS.Timeout | undefined

  /** `late`: what begins before that place of the stream is to be abandoned. */
  constructor(parser: Stream, deadlineMs: number, late: (before: number) => void) {
    this.#parser = parser
    this.#deadlineMs = deadlineMs
    this.#late = late
  }

  /** The parser was given a chunk. */
  heard(): void {
    const { framedBytes, discardedBytes, pendingBytes } = this.#parser
    this.#arrivals.push({ end: framedBytes + discardedBytes + pendingBytes, atMs: monotonicMs() })
    this.#watch()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #watch(): void {
    const begin = this.#parser.framedBytes + this.#parser.discardedBytes
    this.#arrivals = this.#arrivals.filter(({ end }) => end > begin)
    const [first] = this.#arrivals
    if (first === this.#watched) return
    clearTimeout(this.#timer)
    this.#watched = first
    if (first === undefined) return
    const waitMs = first.atMs + this.#deadlineMs - monotonicMs()
    this.#timer = setTimeout(() => {
      this.#late(first.end)
      this.#watch()
    }, waitMs)
  }
}
