/** What may be seen of a reader's wire: how it is asked, and of its answers the heads; never what a card says. */
import type { ByteMask } from '../transport/tap.ts'
import { MAX_FRAME_BYTES, OVERHEAD_BYTES, PREAMBLE } from './frame.ts'
import { decodeWrappedPacket } from './hid-wrapped.ts'
import type { IdReaderProfile } from './profile.ts'
import { REQUESTS } from './requests.ts'

/** Preamble, length, SW1 SW2 SW3. */
const HEAD_BYTES = OVERHEAD_BYTES + 3
/** Status and checksum: nothing of a card is in such an answer. */
const BARE_LENGTH = 4
/** Status, the SAM's own number, checksum (DEVICES §1.3). */
const SAM_ID_LENGTH = 0x14

/** A mask for one look at a reader of that profile. */
export function idReaderMask({ wire }: IdReaderProfile): ByteMask {
  const answers = new AnswerMask()
  return {
    begin: () => answers.begin(),
    shown: (direction, bytes) => {
      if (direction === 'out') {
        answers.asked(bytes)
        return Array.from(bytes, () => true)
      }
      if (wire.kind !== 'hid-wrapped') return answers.shown(bytes)
      const packet = decodeWrappedPacket(bytes, wire)
      // A packet that is none may be half of somebody's.
      if (packet === undefined) return Array.from(bytes, () => false)
      const dataAt = packet.data.byteOffset - bytes.byteOffset
      const data = answers.shown(packet.data)
      return Array.from(bytes, (_, at) => at < dataAt || data[at - dataAt] === true)
    },
  }
}

/** Finds heads of answers in what is split anywhere. Nothing is shown outside of one. */
class AnswerMask {
  #asksForSamId = false
  /** Bytes of the frame's head that have passed. */
  #at = 0
  #length = 0
  /** Bytes of the frame behind its head that are still to come. */
  #left = 0
  #showsRest = false

  begin(): void {
    this.#at = 0
    this.#left = 0
  }

  asked(request: Uint8Array): void {
    const at = Buffer.from(request.buffer, request.byteOffset, request.length).indexOf(PREAMBLE)
    const [command, parameter] = REQUESTS['sam-id']
    this.#asksForSamId =
      at !== -1 && request[at + OVERHEAD_BYTES] === command && request[at + OVERHEAD_BYTES + 1] === parameter
  }

  shown(bytes: Uint8Array): boolean[] {
    const shown = Array.from(bytes, () => false)
    for (const [index, byte] of bytes.entries()) {
      if (this.#left > 0) {
        this.#left -= 1
        shown[index] = this.#showsRest
        if (this.#left === 0) this.#at = 0
      } else if (this.#at < PREAMBLE.length) {
        this.#at = this.#nextOfPreamble(byte)
        // Only now is it sure that these were no bytes of somebody's name; those of a chunk before stay hidden.
        if (this.#at === PREAMBLE.length)
          shown.fill(true, Math.max(0, index + 1 - PREAMBLE.length), index + 1)
      } else {
        shown[index] = this.#takeHead(byte)
      }
    }
    return shown
  }

  /** How much of a preamble has come with this byte. `AA AA AA AA` may still end in one. */
  #nextOfPreamble(byte: number): number {
    if (byte === PREAMBLE[this.#at]) return this.#at + 1
    if (byte !== PREAMBLE[0]) return 0
    return this.#at === 3 ? 3 : 1
  }

  #takeHead(byte: number): boolean {
    if (this.#at === PREAMBLE.length) this.#length = byte << 8
    else if (this.#at === PREAMBLE.length + 1) {
      this.#length |= byte
      // A length that no answer has: this was noise, and what follows may be anything.
      if (this.#length < BARE_LENGTH || this.#length > MAX_FRAME_BYTES - OVERHEAD_BYTES) {
        this.#at = 0
        return false
      }
    }
    this.#at += 1
    if (this.#at === HEAD_BYTES) {
      this.#left = this.#length + OVERHEAD_BYTES - HEAD_BYTES
      const isSamId = this.#asksForSamId && this.#length === SAM_ID_LENGTH
      this.#showsRest = this.#length === BARE_LENGTH || isSamId
    }
    return true
  }
}
