import {
  type DamagedPart,
  type HidPosLayout,
  type HidPosPart,
  readPart,
  symbologyOfField,
} from './hid-pos.ts'
import { MAX_SCAN_BYTES, type RawScan, type ScanParser } from './raw-scan.ts'

/**
 * Joins the reports of one code (field row 11). A code whose parts do not fit together is told as `incomplete`,
 * never handed out short: a part with an impossible length, a code that begins before the last one has ended, or
 * one that is never ended. What nothing shows is a report lost between others of the same symbology: reports carry
 * no count. USB's own checks and retries make that the rarest.
 *
 * Parts that are alike are content, for USB repeats no report and real codes have periods. Should reports come twice
 * for all that, the last one does as well, which no code's last part does: a code with parts alike waits for what
 * follows, and is `incomplete` when that is its last report once more.
 */
export class HidPosParser implements ScanParser {
  #layouts: HidPosLayout[]
  #code = new Uint8Array(MAX_SCAN_BYTES)
  #codeBytes = 0
  #aim = ''
  /**
   * `chain`: more reports of the code are to come. `skipping`: the same, of a code already given up. `ended`: the
   * code is there and waits, because parts of it are alike.
   */
  #state: 'rest' | 'chain' | 'skipping' | 'ended' = 'rest'
  /** The last report of a code of several. */
  #last: Uint8Array | undefined
  #hasPartsAlike = false
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
    const isTwice = this.#last !== undefined && Buffer.compare(this.#last, report) === 0
    // Right behind a code its last report once more is no code of its own.
    if (part === 'other' || (isTwice && this.#state === 'rest')) {
      this.#discardedBytes += report.length
      return []
    }
    const scans: RawScan[] = []
    if (this.#state === 'ended') {
      if (isTwice) {
        this.#discardedBytes += report.length
        this.#giveUp('incomplete', scans)
        this.#state = 'rest'
        return scans
      }
      this.#end(scans)
    }
    this.#add(part, report, isTwice, scans)
    return scans
  }

  pause(): RawScan[] {
    return []
  }

  silence(): RawScan[] {
    const scans: RawScan[] = []
    if (this.#state === 'chain') this.#giveUp('incomplete', scans)
    if (this.#state === 'ended') this.#end(scans)
    this.#state = 'rest'
    this.#forgetLast()
    return scans
  }

  #add(part: HidPosPart | DamagedPart, report: Uint8Array, isTwice: boolean, scans: RawScan[]): void {
    // A device may leave the field empty after the first report; another symbology is another code.
    const isOther = !('damaged' in part) && part.aim !== '' && part.aim !== this.#aim
    if (isOther && this.#state === 'chain') this.#giveUp('incomplete', scans)
    if (isOther) this.#state = 'rest'
    const isOneOfSeveral = this.#state !== 'rest' || part.continued
    if ('damaged' in part) {
      this.#discardedBytes += report.length
      this.#giveUp('incomplete', scans)
      this.#state = part.continued ? 'skipping' : 'rest'
    } else if (this.#state === 'skipping') {
      this.#discardedBytes += report.length
      if (!part.continued) this.#state = 'rest'
    } else {
      this.#hasPartsAlike ||= isTwice
      this.#join(part, report, scans)
    }
    this.#forgetLast()
    if (isOneOfSeveral) this.#last = Uint8Array.from(report)
  }

  #join(part: HidPosPart, report: Uint8Array, scans: RawScan[]): void {
    if (this.#state === 'rest') this.#aim = part.aim
    this.#pendingBytes += report.length
    if (this.#codeBytes + part.data.length > MAX_SCAN_BYTES) {
      this.#giveUp('too-long', scans)
      this.#state = part.continued ? 'skipping' : 'rest'
      return
    }
    this.#code.set(part.data, this.#codeBytes)
    this.#codeBytes += part.data.length
    if (part.continued) this.#state = 'chain'
    else if (this.#hasPartsAlike) this.#state = 'ended'
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
  }

  /** What was scanned may be somebody's: it is kept nowhere but in the codes handed out. */
  #wipe(): void {
    this.#code.fill(0, 0, this.#codeBytes)
    this.#codeBytes = 0
    this.#pendingBytes = 0
    this.#hasPartsAlike = false
  }

  #forgetLast(): void {
    this.#last?.fill(0)
    this.#last = undefined
  }
}
