/** Everything a printer says back (DEVICES §3). */
export type PrinterReply =
  | { readonly kind: 'status'; readonly byte: number }
  | { readonly kind: 'print-done'; readonly mark: Uint8Array }
  | { readonly kind: 'automatic'; readonly bytes: Uint8Array }
  | { readonly kind: 'marker'; readonly byte: number }
  | { readonly kind: 'flow'; readonly on: boolean }

const BLOCK_OPENERS = [0x37, 0x3d, 0x5f]
const PRINT_DONE_OPENER = 0x37
const PRINT_DONE_SECOND = 0x22
/** Opener, 22, a mark of four, 00. */
const PRINT_DONE_BYTES = 7
const XON = 0x11
const XOFF = 0x13
/** The longest block we know has 7 bytes; a serial number block of others is under this. */
const MAX_BLOCK_BYTES = 80
const AUTOMATIC_BYTES = 4

/** Tells replies apart in a stream that is cut anywhere. No I/O, no clock; what fits nothing is counted. */
export class ReplyParser {
  #pending: Uint8Array = new Uint8Array(0)
  #framedBytes = 0
  #discardedBytes = 0

  get framedBytes(): number {
    return this.#framedBytes
  }

  get discardedBytes(): number {
    return this.#discardedBytes
  }

  /** Bytes of a block or an automatic status that is not whole yet, less than the longest block. */
  get pendingBytes(): number {
    return this.#pending.length
  }

  push(chunk: Uint8Array): PrinterReply[] {
    const replies: PrinterReply[] = []
    const bytes = joined(this.#pending, chunk)
    this.#pending = bytes.slice(this.#scan(bytes, 0, replies))
    return replies
  }

  /** Gives up a reply that did not become whole; whole ones that it had swallowed are found. */
  abandon(): PrinterReply[] {
    const replies: PrinterReply[] = []
    const bytes = this.#pending
    let at = 0
    while (at < bytes.length) {
      this.#discardedBytes += 1
      at = this.#scan(bytes, at + 1, replies)
    }
    this.#pending = new Uint8Array(0)
    return replies
  }

  /** Gives where the first reply begins that is not whole yet. */
  #scan(bytes: Uint8Array, from: number, replies: PrinterReply[]): number {
    let at = from
    while (at < bytes.length) {
      const size = sizeOfReply(bytes, at)
      if (size === INCOMPLETE) break
      if (size === NONE) {
        at += 1
        this.#discardedBytes += 1
        continue
      }
      const reply = size === 1 ? SINGLE_BYTES[bytes[at] ?? 0] : longReply(bytes, at, size)
      if (reply !== undefined) replies.push(reply)
      at += size
      this.#framedBytes += size
    }
    return at
  }
}

const INCOMPLETE = -1
const NONE = 0

/** Replies of one byte; made once, because a noisy line is full of them. */
const SINGLE_BYTES: readonly (PrinterReply | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  // Blocks first: their openers look like answers of other kinds.
  if (isBlockOpener(byte)) return undefined
  if (byte === XON || byte === XOFF) return { kind: 'flow', on: byte === XON }
  if ((byte & 0x93) === 0x12) return { kind: 'status', byte }
  return (byte & 0x90) === 0x00 ? { kind: 'marker', byte } : undefined
})

function isBlockOpener(byte: number): boolean {
  return byte === BLOCK_OPENERS[0] || byte === BLOCK_OPENERS[1] || byte === BLOCK_OPENERS[2]
}

/** How long the reply is that begins at an offset, or that it is not whole yet, or that none begins there. */
function sizeOfReply(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  if (SINGLE_BYTES[first] !== undefined) return 1
  if (isBlockOpener(first)) return sizeOfBlock(bytes, at)
  return (first & 0x93) === 0x10 ? sizeOfAutomatic(bytes, at) : NONE
}

function sizeOfBlock(bytes: Uint8Array, at: number): number {
  for (let index = at + 1; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0
    const size = index + 1 - at
    if (byte === 0 && size <= MAX_BLOCK_BYTES) return size
    // A byte that no block holds: its end was lost, and what follows are replies of their own.
    if (byte < 0x20 || byte > 0x7e || size >= MAX_BLOCK_BYTES) return NONE
  }
  return INCOMPLETE
}

function sizeOfAutomatic(bytes: Uint8Array, at: number): number {
  const end = at + AUTOMATIC_BYTES
  // Bytes 2 to 4 are 0xx0xxxx: anything else means that the first was no opener, or that a byte was lost.
  for (let index = at + 1; index < Math.min(end, bytes.length); index += 1) {
    if (((bytes[index] ?? 0) & 0x90) !== 0) return NONE
  }
  return bytes.length < end ? INCOMPLETE : AUTOMATIC_BYTES
}

function longReply(bytes: Uint8Array, at: number, size: number): PrinterReply | undefined {
  const first = bytes[at] ?? 0
  if (!isBlockOpener(first)) return { kind: 'automatic', bytes: bytes.slice(at, at + size) }
  const isPrintDone =
    first === PRINT_DONE_OPENER && bytes[at + 1] === PRINT_DONE_SECOND && size === PRINT_DONE_BYTES
  // Other blocks are whole answers to questions that this driver does not ask.
  return isPrintDone ? { kind: 'print-done', mark: bytes.slice(at + 2, at + size - 1) } : undefined
}

function joined(pending: Uint8Array, chunk: Uint8Array): Uint8Array {
  if (pending.length === 0) return chunk
  const bytes = new Uint8Array(pending.length + chunk.length)
  bytes.set(pending)
  bytes.set(chunk, pending.length)
  return bytes
}
