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
