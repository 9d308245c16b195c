import { MAX_SCAN_BYTES, type RawScan, type ScanParser } from './raw-scan.ts'

const CR = 0x0d
const LF = 0x0a

/**
 * Cuts what a serial scanner sends into codes: at CR, LF or CRLF, or where the caller says that the line fell
 * silent (DEVICES §2.1). A code over the maximum is one `too-long` and is skipped to its end.
 */
export class SerialScanParser implements ScanParser {
  #held = new Uint8Array(MAX_SCAN_BYTES)
  #heldBytes = 0
  #skipping = false
  #framedBytes = 0
  #discardedBytes = 0

  get framedBytes(): number {
    return this.#framedBytes
  }

  get discardedBytes(): number {
    return this.#discardedBytes
  }

  get pendingBytes(): number {
    return this.#heldBytes
  }

  get unfinished(): boolean {
    return this.#heldBytes > 0 || this.#skipping
  }

  push(chunk: Uint8Array): RawScan[] {
    const scans: RawScan[] = []
    let from = 0
    let cr = chunk.indexOf(CR)
    let lf = chunk.indexOf(LF)
    while (cr !== -1 || lf !== -1) {
      const at = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr
      this.#hold(chunk.subarray(from, at), scans)
      // The LF of a CRLF, or a bare suffix, ends nothing.
      if (this.#heldBytes > 0) this.#framedBytes += 1
      else this.#discardedBytes += 1
      this.#end(scans)
      from = at + 1
      if (at === cr) cr = chunk.indexOf(CR, from)
      else lf = chunk.indexOf(LF, from)
    }
    this.#hold(from === 0 ? chunk : chunk.subarray(from), scans)
    return scans
  }

  silence(): RawScan[] {
    const scans: RawScan[] = []
    this.#end(scans)
    return scans
  }

  #hold(bytes: Uint8Array, scans: RawScan[]): void {
    if (bytes.length === 0) return
    if (!this.#skipping && this.#heldBytes + bytes.length <= MAX_SCAN_BYTES) {
      this.#held.set(bytes, this.#heldBytes)
      this.#heldBytes += bytes.length
      return
    }
    if (!this.#skipping) scans.push({ kind: 'too-long' })
    this.#skipping = true
    this.#discardedBytes += this.#heldBytes + bytes.length
    this.#wipe()
  }

  #end(scans: RawScan[]): void {
    this.#skipping = false
    if (this.#heldBytes === 0) return
    this.#framedBytes += this.#heldBytes
    scans.push({ kind: 'bytes', bytes: this.#held.slice(0, this.#heldBytes) })
    this.#wipe()
  }

  /** What was scanned may be somebody's: it is kept nowhere but in the codes handed out. */
  #wipe(): void {
    this.#held.fill(0, 0, this.#heldBytes)
    this.#heldBytes = 0
  }
}
