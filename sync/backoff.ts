/** How long to wait before trying again: full jitter, so that a hall's devices do not all come back at once. */

export interface Backoff {
  /** Milliseconds to wait before the next try: anything up to a bound that doubles with each call. */
  next(): number
  reset(): void
}

/** @param random a number from 0 up to, not including, 1 */
export function createBackoff(firstMs: number, maxMs: number, random: () => number = Math.random): Backoff {
  let boundMs = firstMs
  return {
    next() {
      const waitMs = random() * boundMs
      boundMs = Math.min(boundMs * 2, maxMs)
      return waitMs
    },
    reset() {
      boundMs = firstMs
    },
  }
}

/** PROTOCOLS.md §1.3, no answer: with the line back, what waits is at the hall within 5 s. */
export const LINE_BACKOFF_FIRST_MS = 500
export const LINE_BACKOFF_MAX_MS = 4_000

/** A hall that is up and cannot take more: longer waits, as the contract has them. */
export const BUSY_BACKOFF_FIRST_MS = 500
export const BUSY_BACKOFF_MAX_MS = 5 * 60_000

/** Retry-After counts whole seconds: who was told the same one comes back spread over the second behind it. */
export const RETRY_AFTER_JITTER_MS = 1_000
