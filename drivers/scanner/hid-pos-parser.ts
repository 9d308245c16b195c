import { type HidPosLayout, type HidPosPart, readPart, symbologyOfField } from './hid-pos.ts'
import { MAX_SCAN_BYTES, type RawScan, type ScanParser } from './raw-scan.ts'

/**
 * Joins the reports of one code (field row 11). A code whose parts do not fit together is told as `incomplete`,
 * never handed out short: a part with an impossible length, a code that begins before the last one has ended, or
 * one that is never ended. What nothing shows is a report lost between others of the same symbology: reports carry
 * no count. USB's own checks and retries make that the rarest.
 */
export class HidPosParser implements ScanParser {
  #layouts: HidPosLayout[]
  #code = new Uint8Array(MAX_SCAN_BYTES)
  #codeBytes = 0
  #aim = ''
  /** `chain`: more reports of the code are to come. `skipping`: the same, of a code already given up. */
  #state: 'rest' | 'chain' | 'skipping' = 'rest'
  /** The last report of a code of several: only next to it can a report that came twice be told. */
  #last: Uint8Array | undefined
  #pendingBytes = 0
  #framedBytes = 0
  #discardedBytes = 0

  /** @param layouts of which the longest that a report fills is taken for it. */
  constructor(layouts: readonly HidPosLayout[]) {
    this.#layouts = layouts.toSorted((one, other) => other.bytes - one.bytes)
  }

  get framedBytes(): number {
    return this.#framedBytes
  }

  get discardedBytes(): number {
    return this.#discardedBytes
  }

  get pendingBytes(): number {
    return this.#pendingBytes
  }

  get unfinished(): boolean {
    return this.#state !== 'rest' || this.#last !== undefined
  }

  /** @param report exactly one input report, as hidraw gives it. */
  push(report: Uint8Array): RawScan[] {
    const layout = this.#layouts.find(({ bytes }) => bytes <= report.length)
    const part = layout === undefined ? 'other' : readPart(layout, report)
    if (part === 'other' || this.#isTwice(report, part)) {
      this.#discardedBytes += report.length
      return []
    }
    const scans: RawScan[] = []
    if ('damaged' in part) {
      this.#giveUp('incomplete', scans)
      this.#state = part.continued ? 'skipping' : 'rest'
      this.#discardedBytes += report.length
      return scans
    }
    // A device may leave the field empty after the first report; another symbology is another code.
    if (this.#state !== 'rest' && part.aim !== '' && part.aim !== this.#aim) {
      if (this.#state === 'chain') this.#giveUp('incomplete', scans)
      this.#state = 'rest'
    }
    this.#add(part, report, scans)
    return scans
  }

  silence(): RawScan[] {
    const scans: RawScan[] = []
    if (this.#state === 'chain') this.#giveUp('incomplete', scans)
    this.#state = 'rest'
    this.#forgetLast()
    return scans
  }

  #add(part: HidPosPart, report: Uint8Array, scans: RawScan[]): void {
    if (this.#state === 'skipping') {
      this.#discardedBytes += report.length
      if (!part.continued) this.#state = 'rest'
      return
    }
    const severalParts = this.#state === 'chain' || part.continued
    if (this.#state === 'rest') this.#aim = part.aim
    this.#pendingBytes += report.length
    if (this.#codeBytes + part.data.length > MAX_SCAN_BYTES) {
      this.#giveUp('too-long', scans)
      this.#state = part.continued ? 'skipping' : 'rest'
      return
    }
    this.#code.set(part.data, this.#codeBytes)
    this.#codeBytes += part.data.length
    this.#forgetLast()
    if (severalParts) this.#last = Uint8Array.from(report)
    if (part.continued) this.#state = 'chain'
    else this.#end(scans)
  }

  #end(scans: RawScan[]): void {
    this.#state = 'rest'
    if (this.#codeBytes === 0) {
      this.#discardedBytes += this.#pendingBytes
    } else {
      this.#framedBytes += this.#pendingBytes
      const bytes = this.#code.slice(0, this.#codeBytes)
      scans.push({ kind: 'bytes', bytes, symbology: symbologyOfField(this.#aim) })
    }
    this.#wipe()
  }

  #giveUp(kind: 'incomplete' | 'too-long', scans: RawScan[]): void {
    scans.push({ kind })
    this.#discardedBytes += this.#pendingBytes
    this.#wipe()
    this.#forgetLast()
  }

  /**
   * Within a code and right behind its end, the report before once more is that report, not another part: else
   * its tail alone would be taken for a code. Filler, which fills several reports alike, is content.
   */
  #isTwice(report: Uint8Array, part: ReturnType<typeof readPart>): boolean {
    const last = this.#last
    if (last === undefined || typeof part === 'string' || 'damaged' in part) return false
    if (this.#state === 'chain' && part.data.every((byte) => byte === part.data[0])) return false
    return Buffer.compare(last, report) === 0
  }

  /** What was scanned may be somebody's: it is kept nowhere but in the codes handed out. */
  #wipe(): void {
    this.#code.fill(0, 0, this.#codeBytes)
    this.#codeBytes = 0
    this.#pendingBytes = 0
  }

  #forgetLast(): void {
    this.#last?.fill(0)
    this.#last = undefined
  }
}
