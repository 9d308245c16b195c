/** The longest code there is, a QR code of version 40 in bytes, holds 2953; control characters come on top. */
export const MAX_SCAN_BYTES = 4096

const CR = 0x0d
const LF = 0x0a

export type RawScan = { kind: 'bytes'; bytes: Uint8Array } | { kind: 'too-long' }

/**
 * Cuts what a serial scanner sends into codes: at CR, LF or CRLF, or where the caller says that the line fell
 * silent. A code over the maximum is one `too-long` and is skipped to its end. No I/O, no clock.
 */
export class SerialScanParser {
  #pending: number[] = []
  #skipping = false
  #framedBytes = 0
  #discardedBytes = 0

  /** Bytes of codes handed out, suffixes included. */
  get framedBytes(): number {
    return this.#framedBytes
  }

  get discardedBytes(): number {
    return this.#discardedBytes
  }

  get pendingBytes(): number {
    return this.#pending.length
  }

  /** Whether a code has begun that only a suffix or silence will end. */
  get unfinished(): boolean {
    return this.#pending.length > 0 || this.#skipping
  }

  push(chunk: Uint8Array): RawScan[] {
    const scans: RawScan[] = []
    for (const byte of chunk) {
      if (byte === CR || byte === LF) {
        // The LF of a CRLF, or a bare suffix, ends nothing.
        if (this.#pending.length > 0) this.#framedBytes += 1
        else this.#discardedBytes += 1
        scans.push(...this.silence())
      } else if (this.#skipping) {
        this.#discardedBytes += 1
      } else if (this.#pending.length === MAX_SCAN_BYTES) {
        this.#discardedBytes += MAX_SCAN_BYTES + 1
        this.#pending = []
        this.#skipping = true
        scans.push({ kind: 'too-long' })
      } else {
        this.#pending.push(byte)
      }
    }
    return scans
  }

  /** Ends the code that has begun, if any. */
  silence(): RawScan[] {
    this.#skipping = false
    if (this.#pending.length === 0) return []
    const bytes = Uint8Array.from(this.#pending)
    this.#framedBytes += bytes.length
    this.#pending = []
    return [{ kind: 'bytes', bytes }]
  }
}
