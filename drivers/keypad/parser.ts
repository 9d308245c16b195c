/** What stands at one place of a stream: a whole frame, perhaps the beginning of one, or surely none. */
export type Match<T> = { size: number; value: T } | 'incomplete' | 'none'

/**
 * Says what begins at an offset; pure. `incomplete` may be said of no more bytes than the longest frame has: the
 * parser holds as much as that.
 */
export type Matcher<T> = (bytes: Uint8Array, at: number) => Match<T>

const NOTHING = new Uint8Array(0)

/**
 * Finds whole frames of either form in a stream that is split, merged or noisy anywhere (field rows 5 to 7): where
 * no frame begins it goes on by one byte. No I/O, no clock.
 */
export class FrameParser<T> {
  #match: Matcher<T>
  #pending: Uint8Array = NOTHING
  #framedBytes = 0
  #discardedBytes = 0

  constructor(match: Matcher<T>) {
    this.#match = match
  }

  get framedBytes(): number {
    return this.#framedBytes
  }

  get discardedBytes(): number {
    return this.#discardedBytes
  }

  /** Bytes of a frame that is not whole yet, at most one frame less one byte. */
  get pendingBytes(): number {
    return this.#pending.length
  }

  /** What the frames say that have become whole. */
  push(chunk: Uint8Array): T[] {
    if (this.#pending.length === 0) return this.#take(chunk)
    const bytes = new Uint8Array(this.#pending.length + chunk.length)
    bytes.set(this.#pending, 0)
    bytes.set(chunk, this.#pending.length)
    return this.#take(bytes)
  }

  /**
   * Gives up the frame that did not become whole within its deadline: a lost byte or a lying length. Whole frames
   * that it had swallowed are found; of everything else, what begins before that place of the stream is discarded.
   */
  abandon(before = Number.POSITIVE_INFINITY): T[] {
    const found: T[] = []
    while (this.#pending.length > 0 && this.#framedBytes + this.#discardedBytes < before) {
      this.#discardedBytes += 1
      found.push(...this.#take(this.#pending.subarray(1)))
    }
    return found
  }

  #take(bytes: Uint8Array): T[] {
    const found: T[] = []
    let at = 0
    while (at < bytes.length) {
      const match = this.#match(bytes, at)
      if (match === 'incomplete') break
      if (match === 'none') {
        at += 1
        this.#discardedBytes += 1
        continue
      }
      found.push(match.value)
      at += match.size
      this.#framedBytes += match.size
    }
    // A copy, which slice() of a Buffer is not: the chunk is its owner's, to wipe or to use again.
    this.#pending = at === bytes.length ? NOTHING : Uint8Array.from(bytes.subarray(at))
    return found
  }
}
