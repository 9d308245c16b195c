import { MAX_FRAME_BYTES, OVERHEAD_BYTES, PREAMBLE } from './frame.ts'

/** SW1 SW2 SW3 or CMD PARA, and the checksum: nothing shorter means anything. */
const MIN_LENGTH_FIELD = 3
const MAX_LENGTH_FIELD = MAX_FRAME_BYTES - OVERHEAD_BYTES
/** Several frames, so that bytes are seldom moved; all that is ever held, whatever comes (field row 7). */
const CAPACITY_BYTES = 4 * MAX_FRAME_BYTES

const FIRST = PREAMBLE[0]
const PADDING = 0x00

/** Whatever finds frames of a reader in what comes from its wire. No I/O, no clock. */
export interface FrameFinder {
  /** Bytes of whole frames handed out. */
  readonly framedBytes: number
  readonly discardedBytes: number
  /** Frames whose every byte came but that were not as they were sent. */
  readonly damagedFrames: number
  /** Bytes of a frame that is not whole yet. */
  readonly pendingBytes: number
  /** Bytes of the stream before the pending ones. */
  readonly passedBytes: number
  /** Whole frames, each a copy that the caller owns. */
  push(chunk: Uint8Array): Uint8Array[]
  /**
   * Gives up the frame that did not become whole within its deadline: a lost byte or a lying length. Whole frames
   * that it had swallowed are found; everything else that was pending is discarded.
   */
  abandon(): Uint8Array[]
}

/**
 * Finds whole frames in a stream that is split, merged or noisy anywhere (field rows 5 to 7). Each byte is looked
 * at a bounded number of times even when every seventh begins a frame that lies about its length: the checksum of
 * any stretch comes from two running sums.
 */
export class FrameParser implements FrameFinder {
  #bytes = new Uint8Array(CAPACITY_BYTES)
  /** XOR of all bytes before each place; as long as the bytes and one more. */
  #sums = new Uint8Array(CAPACITY_BYTES + 1)
  #start = 0
  #end = 0
  #padded: boolean
  #framedBytes = 0
  #discardedBytes = 0
  #paddingBytes = 0
  #damagedFrames = 0

  /** `padded`: zero bytes between frames are a report filled up, not damage. */
  constructor({ padded = false }: { padded?: boolean } = {}) {
    this.#padded = padded
  }

  get framedBytes(): number {
    return this.#framedBytes
  }

  get discardedBytes(): number {
    return this.#discardedBytes
  }

  get paddingBytes(): number {
    return this.#paddingBytes
  }

  get damagedFrames(): number {
    return this.#damagedFrames
  }

  /** At most one frame less one byte. */
  get pendingBytes(): number {
    return this.#end - this.#start
  }

  get passedBytes(): number {
    return this.#framedBytes + this.#discardedBytes + this.#paddingBytes
  }

  /** Bytes of memory that it works with, whatever is pushed. */
  get heldBytes(): number {
    return this.#bytes.length + this.#sums.length
  }

  push(chunk: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = []
    for (let at = 0; at < chunk.length; ) {
      if (this.#end === CAPACITY_BYTES) this.#moveToFront()
      const size = Math.min(chunk.length - at, CAPACITY_BYTES - this.#end)
      this.#append(chunk, at, size)
      at += size
      this.#scan(frames)
    }
    return frames
  }

  abandon(): Uint8Array[] {
    const frames: Uint8Array[] = []
    while (this.pendingBytes > 0) {
      this.#discard()
      this.#scan(frames)
    }
    return frames
  }

  #append(chunk: Uint8Array, from: number, size: number): void {
    const bytes = this.#bytes
    const sums = this.#sums
    let end = this.#end
    let sum = sums[end] ?? 0
    for (let index = from; index < from + size; index += 1) {
      const byte = chunk[index] ?? 0
      bytes[end] = byte
      sum ^= byte
      end += 1
      sums[end] = sum
    }
    this.#end = end
  }

  /** Room is made only when there is none; what is moved is less than one frame. */
  #moveToFront(): void {
    const pending = this.pendingBytes
    this.#bytes.copyWithin(0, this.#start, this.#end)
    this.#sums.copyWithin(0, this.#start, this.#end + 1)
    this.#bytes.fill(0, pending)
    this.#sums.fill(0, pending + 1)
    this.#start = 0
    this.#end = pending
  }

  /** Takes frames off the front until what is left can only be the beginning of one. */
  #scan(frames: Uint8Array[]): void {
    const scannedFrom = this.#start
    while (this.#start < this.#end) {
      if (this.#bytes[this.#start] !== FIRST) {
        this.#discard()
        continue
      }
      const size = this.#sizeOfFrame()
      if (size === 'incomplete') break
      if (size === 'none') {
        this.#discard()
        continue
      }
      const last = this.#start + size - 1
      if (this.#xor(this.#start + PREAMBLE.length, last) === this.#bytes[last]) {
        frames.push(this.#bytes.slice(this.#start, last + 1))
        this.#start += size
        this.#framedBytes += size
      } else {
        this.#damagedFrames += 1
        this.#discard()
      }
    }
    this.#wipe(scannedFrom)
  }

  /** What was read from a card is kept nowhere but in the frames handed out; running sums would tell it as well. */
  #wipe(from: number): void {
    if (this.#start === this.#end) {
      this.#bytes.fill(0, from, this.#end)
      this.#sums.fill(0, from, this.#end + 1)
      this.#start = 0
      this.#end = 0
      return
    }
    this.#bytes.fill(0, from, this.#start)
    this.#sums.fill(0, from, this.#start)
  }

  #discard(): void {
    if (this.#padded && this.#bytes[this.#start] === PADDING) this.#paddingBytes += 1
    else this.#discardedBytes += 1
    this.#start += 1
  }

  #xor(from: number, to: number): number {
    return (this.#sums[to] ?? 0) ^ (this.#sums[from] ?? 0)
  }

  /** Size of the frame that begins at the front: validated before anything is consumed. */
  #sizeOfFrame(): number | 'incomplete' | 'none' {
    const bytes = this.#bytes
    const start = this.#start
    const available = this.#end - start
    const known = Math.min(PREAMBLE.length, available)
    for (let index = 1; index < known; index += 1) {
      if (bytes[start + index] !== PREAMBLE[index]) return 'none'
    }
    if (available <= PREAMBLE.length) return 'incomplete'
    const high = bytes[start + 5] ?? 0
    if (high > MAX_LENGTH_FIELD >> 8) return 'none'
    if (available < OVERHEAD_BYTES) return 'incomplete'
    const length = (high << 8) | (bytes[start + 6] ?? 0)
    if (length < MIN_LENGTH_FIELD || length > MAX_LENGTH_FIELD) return 'none'
    const size = length + OVERHEAD_BYTES
    return available < size ? 'incomplete' : size
  }
}
