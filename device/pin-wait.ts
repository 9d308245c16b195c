/** How long somebody waits after wrong PINs: each doubles it, up to a quarter of an hour. For clerks and technicians. */

/** The first slip costs nothing that anybody notices. */
const FIRST_WAIT_MS = 1_000
/** A hundred tries a day at most: for one of a million PINs, years. Longer would only lock people out. */
const WAIT_AT_MOST_MS = 15 * 60_000

/**
 * @param wrong so many since the last right one
 * @param triedAtMs the last one, milliseconds since the epoch
 * @returns milliseconds until the next try; zero or less: now
 */
export const waitLeftMs = (wrong: number, triedAtMs: number, nowMs: number): number => {
  if (wrong === 0) return 0
  const wait = Math.min(FIRST_WAIT_MS * 2 ** (wrong - 1), WAIT_AT_MOST_MS)
  // A clock that was set back makes it no longer than it is.
  return Math.min(triedAtMs + wait - nowMs, wait)
}
