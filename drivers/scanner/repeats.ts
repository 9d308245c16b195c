import { createHash } from 'node:crypto'
import type { Scan } from './text.ts'

/** A paper held still under the window is read again and again: that is one scan, counted from the last sight. */
export const SAME_CODE_MS = 2000

/** Tells a code that is seen again from a new one. Pure but for the time it is given. */
export class RepeatFilter {
  #sameCodeMs: number
  #last: { key: string; atMs: number } | undefined

  /** @param sameCodeMs 0 lets every sight of a code be a scan. */
  constructor(sameCodeMs: number = SAME_CODE_MS) {
    this.#sameCodeMs = sameCodeMs
  }

  isRepeat(scan: Scan, atMs: number): boolean {
    // Rejections count as well: a code of nothing but control characters is cut to pieces by its own CRs.
    const content = scan.kind === 'scanned' ? `scanned ${scan.text}` : `rejected ${scan.reason}`
    // A digest, because what was scanned may be somebody's and must not stay in memory.
    const key = createHash('sha256').update(content).digest('base64')
    const repeat = this.#last?.key === key && atMs - this.#last.atMs < this.#sameCodeMs
    this.#last = { key, atMs }
    return repeat
  }

  forget(): void {
    this.#last = undefined
  }
}
