import { readSsi, SSI, SSI_FROM_SCANNER } from './ssi.ts'

/** What a scanner said to its trigger. */
export type Reply = 'accepted' | 'refused'

export interface ReplyMatcher {
  /** What a reply can begin with: everything else is passed over quickly. */
  firstBytes: readonly number[]
  /** Looks for a reply at an offset. Pure. `incomplete` = what is there may still become one. */
  match(bytes: Uint8Array, at: number): { reply: Reply; bytes: number } | 'incomplete' | 'none'
}

const NOTHING = new Uint8Array(0)
/** The longest reply of any make, with room to spare: all that is ever held back. */
const MAX_REPLY_BYTES = 64

/** A make that always answers with the same bytes. */
export function fixedReply(reply: Uint8Array): ReplyMatcher {
  const match: ReplyMatcher['match'] = (bytes, at) => {
    for (const [index, expected] of reply.entries()) {
      const byte = bytes[at + index]
      if (byte === undefined) return 'incomplete'
      if (byte !== expected) return 'none'
    }
    return { reply: 'accepted', bytes: reply.length }
  }
  return { firstBytes: [...reply.subarray(0, 1)], match }
}

/** Lengths of an ack and of a nak with its cause; both are control characters that no text holds. */
const SSI_REPLY_LENGTHS = [4, 5]

/** Acks and naks of the Simple Serial Interface, as the scanner sends them. */
export const ssiReply: ReplyMatcher = {
  firstBytes: SSI_REPLY_LENGTHS,
  match: (bytes, at) => {
    const opcode = bytes[at + 1]
    if (opcode === undefined) return 'incomplete'
    if (opcode !== SSI.ack && opcode !== SSI.nak) return 'none'
    const packet = readSsi(bytes, at)
    if (typeof packet === 'string') return packet === 'incomplete' ? 'incomplete' : 'none'
    if (packet.source !== SSI_FROM_SCANNER) return 'none'
    return { reply: packet.opcode === SSI.ack ? 'accepted' : 'refused', bytes: packet.bytes }
  },
}

/**
 * Takes replies out of what a scanner sends before codes are looked for in it: a reply is never scanned, wherever
 * it is cut or whatever it is merged with. No I/O, no clock.
 */
export class ReplyFilter {
  #matcher: ReplyMatcher
  #held: Uint8Array = NOTHING
  #replyBytes = 0

  constructor(matcher: ReplyMatcher) {
    this.#matcher = matcher
  }

  /** Bytes in = bytes that went on + reply bytes + held bytes. */
  get replyBytes(): number {
    return this.#replyBytes
  }

  /** The beginning of what may be a reply. */
  get heldBytes(): number {
    return this.#held.length
  }

  /** `rest` is the chunk itself where nothing in it can be a reply; the caller wipes both. */
  push(chunk: Uint8Array): { rest: Uint8Array; replies: Reply[] } {
    const { firstBytes } = this.#matcher
    if (this.#held.length === 0 && firstBytes.every((byte) => !chunk.includes(byte))) {
      return { rest: chunk, replies: [] }
    }
    const bytes = new Uint8Array(this.#held.length + chunk.length)
    bytes.set(this.#held)
    bytes.set(chunk, this.#held.length)
    this.#held.fill(0)
    this.#held = NOTHING
    return this.#sift(bytes)
  }

  /** What is no reply moves to the front of the same memory. */
  #sift(bytes: Uint8Array): { rest: Uint8Array; replies: Reply[] } {
    const { firstBytes, match } = this.#matcher
    const replies: Reply[] = []
    let kept = 0
    let at = 0
    while (at < bytes.length) {
      const byte = bytes[at] ?? 0
      const found = firstBytes.includes(byte) ? match(bytes, at) : 'none'
      if (found === 'incomplete' && bytes.length - at <= MAX_REPLY_BYTES) {
        this.#held = bytes.slice(at)
        break
      }
      if (typeof found === 'string') {
        bytes[kept] = byte
        kept += 1
        at += 1
      } else {
        replies.push(found.reply)
        this.#replyBytes += found.bytes
        at += found.bytes
      }
    }
    bytes.fill(0, kept)
    return { rest: bytes.subarray(0, kept), replies }
  }

  /** The line fell silent: what was held back is no reply and goes on. */
  silence(): Uint8Array {
    const held = this.#held
    this.#held = NOTHING
    return held
  }
}
