import { PREAMBLE } from './frame.ts'
import { decodeWrappedPacket, type WrappedPacket, type WrappedShape } from './hid-wrapped.ts'
import { type FrameFinder, FrameParser } from './parser.ts'

/**
 * Joins the packets of the answer that is awaited. A packet of another request is dropped, a repeated one too; a
 * missing or damaged one makes the answer worthless, for its bytes cannot be had again. No I/O, no clock.
 * Bytes in = framed + overhead + discarded + pending.
 */
export class WrappedParser implements FrameFinder {
  #shape: WrappedShape
  #frames = new FrameParser()
  #serial: number | undefined
  /** Of the packet taken last. */
  #number: number | undefined
  #overheadBytes = 0
  #droppedBytes = 0
  #damagedAnswers = 0

  constructor(shape: WrappedShape) {
    this.#shape = shape
  }

  get framedBytes(): number {
    return this.#frames.framedBytes
  }

  get discardedBytes(): number {
    return this.#frames.discardedBytes + this.#droppedBytes
  }

  /** What stands around the data of packets that were taken. */
  get overheadBytes(): number {
    return this.#overheadBytes
  }

  get damagedFrames(): number {
    return this.#frames.damagedFrames + this.#damagedAnswers
  }

  get pendingBytes(): number {
    return this.#frames.pendingBytes
  }

  get passedBytes(): number {
    return this.#frames.passedBytes
  }

  /** From now on the answer to this request is awaited and no other. */
  expect(serial: number): void {
    this.abandon()
    this.#serial = serial
  }

  push(report: Uint8Array): Uint8Array[] {
    const packet = decodeWrappedPacket(report, this.#shape)
    if (packet === undefined) return this.#spoil(report)
    const isAnother = packet.serial !== this.#serial
    const isRepeated = packet.number === this.#number
    if (isAnother || isRepeated) {
      this.#droppedBytes += report.length
      return []
    }
    if (!packet.ok) return this.#spoil(report)
    const follows = this.#number === undefined ? isFirst(packet) : packet.number === this.#number + 1
    if (!follows) return this.#spoil(report)
    this.#number = packet.number
    this.#overheadBytes += report.length - packet.data.length
    return this.#frames.push(packet.data)
  }

  abandon(): Uint8Array[] {
    this.#number = undefined
    return this.#frames.abandon()
  }

  /** The answer will not become whole any more: nothing of it is waited for. */
  #spoil(report: Uint8Array): Uint8Array[] {
    this.#droppedBytes += report.length
    this.#damagedAnswers += 1
    return this.abandon()
  }
}

/** Where numbers begin differs [?]: the first packet of an answer is the one that begins a frame. */
function isFirst(packet: WrappedPacket): boolean {
  return PREAMBLE.every((byte, index) => packet.data[index] === byte)
}
