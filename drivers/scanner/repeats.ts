import { createHmac, randomBytes } from 'node:crypto'
import type { Scan } from './text.ts'

/** A paper held still under the window is read again and again: that is one scan, counted from the last sight. */
export const SAME_CODE_MS = 2000
/** More codes than fit under one window at once. */
const MAX_SEEN_CODES = 16
/** What was scanned may be somebody's: numbers of few digits could be tried out against a digest without a key. */
const KEY = randomBytes(32)

/** Tells a code that is seen again from a new one. What it knows of a code is gone with its time. */
export class RepeatFilter {
  #sameCodeMs: number
  /** The one seen longest ago comes first. */
  #seen = new Map<string, NodeJS.Timeout>()

  /** @param sameCodeMs 0 lets every sight of a code be a scan. */
  constructor(sameCodeMs: number = SAME_CODE_MS) {
    this.#sameCodeMs = sameCodeMs
  }

  /** Whether the code was seen within the time before now; now it was. */
  isRepeat(scan: Scan): boolean {
    if (this.#sameCodeMs === 0) return false
    // Rejections count as well: a code of nothing but control characters is cut to pieces by its own CRs.
    const content = scan.kind === 'scanned' ? `scanned ${scan.text}` : `rejected ${scan.reason}`
    const key = createHmac('sha256', KEY).update(content).digest('base64')
    const isRepeat = this.#drop(key)
    const [oldest] = this.#seen.keys()
    if (oldest !== undefined && this.#seen.size >= MAX_SEEN_CODES) this.#drop(oldest)
    this.#seen.set(key, setTimeout(() => this.#drop(key), this.#sameCodeMs).unref())
    return isRepeat
  }

  forget(): void {
    for (const key of [...this.#seen.keys()]) this.#drop(key)
  }

  #drop(key: string): boolean {
    clearTimeout(this.#seen.get(key))
    return this.#seen.delete(key)
  }
}
