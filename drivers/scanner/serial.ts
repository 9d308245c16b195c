import { MAX_SCAN_BYTES, type RawScan, type ScanParser } from './raw-scan.ts'

const CR = 0x0d
const LF = 0x0a

/**
 * How a scanner ends its codes, by what it has shown. `unknown`: nothing yet, or a suffix and then a code without.
 * `suffix`: silence is a line that is held up. `silence`: it sends no suffix.
 */
type Habit = 'unknown' | 'suffix' | 'silence'

/**
 * Cuts what a serial scanner sends into codes: at CR, LF or CRLF, or at a pause where it sends none of them
 * (DEVICES §2.1), which its first code shows, ended by a long silence alone. Half a code is never a code: where a
 * suffix was to come, or where pieces could be one code or several, a long silence makes them one `incomplete`. A
 * code over the maximum is one `too-long` and is skipped to its end.
 */
export class SerialScanParser implements ScanParser {
  #held = new Uint8Array(MAX_SCAN_BYTES)
  #heldBytes = 0
  #skipping = false
  #habit: Habit = 'unknown'
  #hasPaused = false
  /** What is held came in pieces with pauses between. */
  #isInPieces = false
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
      this.#habit = 'suffix'
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

  pause(): RawScan[] {
    if (this.#habit === 'silence') return this.silence()
    this.#hasPaused = this.#heldBytes > 0
    return []
  }

  silence(): RawScan[] {
    const scans: RawScan[] = []
    const isIncomplete = this.#habit === 'suffix' || this.#isInPieces
    if (this.unfinished) this.#habit = this.#habit === 'suffix' ? 'unknown' : 'silence'
    if (isIncomplete && this.#heldBytes > 0) this.#giveUp('incomplete', scans)
    this.#end(scans)
    return scans
  }

  #hold(bytes: Uint8Array, scans: RawScan[]): void {
    if (bytes.length === 0) return
    this.#isInPieces ||= this.#hasPaused
    if (!this.#skipping && this.#heldBytes + bytes.length <= MAX_SCAN_BYTES) {
      this.#held.set(bytes, this.#heldBytes)
      this.#heldBytes += bytes.length
      return
    }
    if (!this.#skipping) this.#giveUp('too-long', scans)
    this.#skipping = true
    this.#discardedBytes += bytes.length
  }

  #giveUp(kind: 'too-long' | 'incomplete', scans: RawScan[]): void {
    scans.push({ kind })
    this.#discardedBytes += this.#heldBytes
    this.#wipe()
  }

  #end(scans: RawScan[]): void {
    this.#skipping = false
    this.#hasPaused = false
    this.#isInPieces = false
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
