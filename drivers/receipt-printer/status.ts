import type { FaultReason, Warning } from '../status.ts'
import type { StatusQuery } from './escpos.ts'

/** Everything a printer says back (DEVICES §3). */
export type PrinterReply =
  | { kind: 'status'; byte: number }
  | { kind: 'print-done'; mark: Uint8Array }
  | { kind: 'automatic'; bytes: Uint8Array }
  | { kind: 'marker'; byte: number }
  | { kind: 'flow'; on: boolean }

const BLOCK_OPENERS = [0x37, 0x3d, 0x5f]
const PRINT_DONE_SECOND = 0x22
const XON = 0x11
const XOFF = 0x13
/** The longest block we know has 7 bytes; a serial number block of others is under this. */
const MAX_BLOCK_BYTES = 80
const AUTOMATIC_BYTES = 4

/** Tells replies apart in a stream that is cut anywhere. No I/O, no clock; what fits nothing is counted. */
export class ReplyParser {
  #pending: number[] = []
  #framedBytes = 0
  #discardedBytes = 0

  get framedBytes(): number {
    return this.#framedBytes
  }

  get discardedBytes(): number {
    return this.#discardedBytes
  }

  get pendingBytes(): number {
    return this.#pending.length
  }

  push(chunk: Uint8Array): PrinterReply[] {
    const replies: PrinterReply[] = []
    for (const byte of chunk) {
      this.#pending.push(byte)
      this.#scan(replies)
    }
    return replies
  }

  /** Gives up a reply that did not become whole; whole ones that it had swallowed are found. */
  abandon(): PrinterReply[] {
    const replies: PrinterReply[] = []
    while (this.#pending.length > 0) {
      this.#discard()
      this.#scan(replies)
    }
    return replies
  }

  #scan(replies: PrinterReply[]): void {
    while (this.#pending.length > 0) {
      const found = readReply(this.#pending)
      if (found === 'incomplete') return
      if (found === 'none') {
        this.#discard()
        continue
      }
      this.#pending.splice(0, found.size)
      this.#framedBytes += found.size
      if (found.reply !== undefined) replies.push(found.reply)
    }
  }

  #discard(): void {
    this.#pending.shift()
    this.#discardedBytes += 1
  }
}

type Found = { size: number; reply: PrinterReply | undefined }

function readReply(pending: readonly number[]): Found | 'incomplete' | 'none' {
  const first = pending[0] ?? 0
  // Blocks first: their openers look like answers of other kinds.
  if (BLOCK_OPENERS.includes(first)) return readBlock(pending)
  if (first === XON || first === XOFF) return { size: 1, reply: { kind: 'flow', on: first === XON } }
  if ((first & 0x93) === 0x12) return { size: 1, reply: { kind: 'status', byte: first } }
  if ((first & 0x93) === 0x10) return readAutomatic(pending)
  if ((first & 0x90) === 0x00) return { size: 1, reply: { kind: 'marker', byte: first } }
  return 'none'
}

function readBlock(pending: readonly number[]): Found | 'incomplete' | 'none' {
  const end = pending.indexOf(0)
  const content = pending.slice(1, end === -1 ? undefined : end)
  // A byte that no block holds: its end was lost, and what follows are replies of their own.
  if (content.some((byte) => byte < 0x20 || byte > 0x7e)) return 'none'
  if (end === -1) return pending.length >= MAX_BLOCK_BYTES ? 'none' : 'incomplete'
  const size = end + 1
  const isPrintDone = pending[0] === 0x37 && content[0] === PRINT_DONE_SECOND && content.length === 5
  // Other blocks are whole answers to questions that this driver does not ask.
  if (!isPrintDone) return { size, reply: undefined }
  return { size, reply: { kind: 'print-done', mark: Uint8Array.from(content.slice(1)) } }
}

function readAutomatic(pending: readonly number[]): Found | 'incomplete' | 'none' {
  const rest = pending.slice(1, AUTOMATIC_BYTES)
  // Bytes 2 to 4 are 0xx0xxxx: anything else means that the first was no opener, or that a byte was lost.
  if (rest.some((byte) => (byte & 0x90) !== 0)) return 'none'
  if (pending.length < AUTOMATIC_BYTES) return 'incomplete'
  return {
    size: AUTOMATIC_BYTES,
    reply: { kind: 'automatic', bytes: Uint8Array.from(pending.slice(0, AUTOMATIC_BYTES)) },
  }
}

/** What the four real-time answers say together. */
export interface PrinterState {
  fault: { reason: FaultReason; detail: string } | undefined
  warnings: Warning[]
}

export type StatusBytes = Record<StatusQuery, number>

/** All four bytes of a printer without a care. */
export const ALL_CLEAR: StatusBytes = { 1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12 }

const bit = (value: number, index: number): boolean => ((value >> index) & 1) === 1

/**
 * The one fault to tell, the one a person can mend first: a cover must be closed before paper can be judged, and
 * "offline" is only said when nothing better explains it.
 */
export function readStatus(bytes: StatusBytes): PrinterState {
  const warnings: Warning[] = (bytes[4] & 0x0c) !== 0 ? ['paper-near-end'] : []
  const fault = (reason: FaultReason, detail: string): PrinterState => ({
    fault: { reason, detail },
    warnings,
  })
  if (bit(bytes[2], 2)) return fault('cover-open', 'the cover is open')
  if ((bytes[4] & 0x60) !== 0 || bit(bytes[2], 5)) return fault('paper-out', 'the paper is used up')
  if (bit(bytes[3], 3)) return fault('cutter', 'the cutter is stuck')
  if (bit(bytes[3], 5)) return fault('mechanical', 'an error that only switching off can clear')
  if (bit(bytes[3], 6))
    return fault('mechanical', 'the print head is too hot or similar; it recovers by itself')
  if (bit(bytes[2], 6)) return fault('mechanical', 'the printer reports an error')
  if (bit(bytes[2], 3)) return fault('offline', 'paper is being fed by hand')
  if (bit(bytes[1], 5)) return fault('offline', 'the printer waits for the feed button to recover')
  if (bit(bytes[1], 3)) return fault('offline', 'the printer says that it is offline')
  return { fault: undefined, warnings }
}

/** `1D 72 1` is answered with near end in the lowest two bits and end in the next two. */
export function markerSaysPaperEnd(byte: number): boolean {
  return (byte & 0x0c) !== 0
}
