import { monotonicMs } from './time.ts'

/** A deadline is waited for in so many parts, each of which tells whether this process was there. */
const PARTS = 4
/** Timers are this much late at times though nothing stands still: a collection of garbage, another process's turn. */
const USUAL_LATENESS_MS = 25

/**
 * Calls back once a peripheral has had this long to do something; gives how to call it off.
 *
 * A process that stood still hears its timers before what the wire brought meanwhile, and would take its own absence
 * for the other end's silence. A part of the time that took twice as long as it should is not counted, though no more
 * of them are forgiven than there are parts: on the slowest machine, too, a deadline comes.
 */
export function startDeadline(ms: number, missed: () => void): () => void {
  const partMs = ms / PARTS
  let [left, forgiven] = [PARTS, 0]
  // Parts that are each a little late must not add up: the next one is as much shorter.
  let dueMs = monotonicMs()
  const wait = (): NodeJS.Timeout => {
    const beganMs = monotonicMs()
    dueMs += partMs
    return setTimeout(
      () => {
        const endedMs = monotonicMs()
        const stoodStill = endedMs - beganMs > 2 * partMs + USUAL_LATENESS_MS
        if (stoodStill && forgiven < PARTS) {
          forgiven += 1
          dueMs = endedMs
        } else left -= 1
        if (left > 0) timer = wait()
        else missed()
      },
      Math.max(0, dueMs - beganMs),
    )
  }
  let timer = wait()
  return () => clearTimeout(timer)
}
