import { checksum, MAX_FRAME_BYTES, OVERHEAD_BYTES, PREAMBLE } from './frame.ts'

/** Bytes that are no frame can pile up only to one frame less a byte; one chunk more is the most ever held. */
const MIN_LENGTH_FIELD = 3
const MAX_LENGTH_FIELD = MAX_FRAME_BYTES - OVERHEAD_BYTES

/** Finds whole frames in a stream that is split, merged or noisy anywhere (field rows 5 to 7). No I/O, no clock. */
export class FrameParser {
  #pending: Uint8Array = new Uint8Array(0)
  #framedBytes = 0
  #discardedBytes = 0
  #damagedFrames = 0

  get framedBytes(): number {
    return this.#framedBytes
  }

  get discardedBytes(): number {
    return this.#discardedBytes
  }

  /** Frames whose every byte came but whose checksum was wrong. */
  get damagedFrames(): number {
    return this.#damagedFrames
  }

  /** Bytes of a frame that is not whole yet, at most one frame less one byte. */
  get pendingBytes(): number {
    return this.#pending.length
  }

  /** Whole frames, each a copy that the caller owns. */
  push(chunk: Uint8Array): Uint8Array[] {
    const bytes = new Uint8Array(this.#pending.length + chunk.length)
    bytes.set(this.#pending, 0)
    bytes.set(chunk, this.#pending.length)
    this.#pending.fill(0)
    const { frames, rest } = this.#scan(bytes)
    this.#pending = bytes.slice(rest)
    // What was read from a card is kept nowhere but in the frames handed out.
    bytes.fill(0)
    return frames
  }

  /**
   * Gives up the frame that did not become whole within its deadline: a lost byte or a lying length. Whole frames
   * that it had swallowed are found; everything else that was pending is discarded.
   */
  abandon(): Uint8Array[] {
    const frames: Uint8Array[] = []
    while (this.#pending.length > 0) {
      const bytes = this.#pending
      this.#discardedBytes += 1
      const { frames: found, rest } = this.#scan(bytes.subarray(1))
      frames.push(...found)
      this.#pending = bytes.slice(1 + rest)
      bytes.fill(0)
    }
    return frames
  }

  /** Takes frames off the front until what is left can only be the beginning of one. */
  #scan(bytes: Uint8Array): { frames: Uint8Array[]; rest: number } {
    const frames: Uint8Array[] = []
    let at = 0
    while (at < bytes.length) {
      const size = sizeOfFrame(bytes, at)
      if (size === 'incomplete') break
      if (size === 'none') {
        at += 1
        this.#discardedBytes += 1
        continue
      }
      const body = bytes.subarray(at + PREAMBLE.length, at + size - 1)
      if (checksum(body) === bytes[at + size - 1]) {
        frames.push(bytes.slice(at, at + size))
        at += size
        this.#framedBytes += size
      } else {
        at += 1
        this.#discardedBytes += 1
        this.#damagedFrames += 1
      }
    }
    return { frames, rest: at }
  }
}

/** Size of the frame that begins at an offset: validated before anything is consumed. */
function sizeOfFrame(bytes: Uint8Array, at: number): number | 'incomplete' | 'none' {
  for (let index = 0; index < PREAMBLE.length; index += 1) {
    const byte = bytes[at + index]
    if (byte === undefined) return 'incomplete'
    if (byte !== PREAMBLE[index]) return 'none'
  }
  const high = bytes[at + 5]
  const low = bytes[at + 6]
  if (high === undefined) return 'incomplete'
  if (high > MAX_LENGTH_FIELD >> 8) return 'none'
  if (low === undefined) return 'incomplete'
  const length = (high << 8) | low
  if (length < MIN_LENGTH_FIELD || length > MAX_LENGTH_FIELD) return 'none'
  const size = length + OVERHEAD_BYTES
  return bytes.length - at < size ? 'incomplete' : size
}
