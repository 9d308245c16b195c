/** What a device knows of the hall's clock. It signs by it and tells it; a captured time is never moved by it. */
import type { ClockState } from './protocol/events.ts'

/** The contract's meaning of "synchronized" (PROTOCOLS.md §1.2): under 1 s, measured within a day. */
const SYNCHRONIZED_WITHIN_MS = 1_000
const MEASURE_GOOD_FOR_MS = 24 * 60 * 60 * 1000

/** Half of a slow round trip is the measure's error: a long upload must not replace a good measure. */
const ROUND_TRIP_GOOD_MS = 1_000

export interface HallClock {
  /**
   * Learns from an answer that told the hall's time.
   * @param time RFC 3339, as the hall wrote it while answering
   * @param sentAt `monotonic()` when the request left, taken as half way there and back
   * @param must the measure so far was found wrong: any other is better
   */
  learn(time: string, sentAt: number, must?: boolean): void
  /** Milliseconds that only ever go forward, from some start. */
  monotonic(): number
  /** The hall's time as far as it is known, else this device's own. */
  hallNow(): Date
  /** The hall's time; null while it has never told it. */
  toldNow(): Date | null
  /** As ratings and status tell it; `offsetMs` = hall − device, null before the first answer. */
  state(): ClockState
}

/**
 * The measure is kept against the monotonic clock, so that it stays right when the wall clock is set.
 * @param monotonic milliseconds that never go back
 */
export function createHallClock(
  clock: () => Date = () => new Date(),
  monotonic: () => number = () => performance.now(),
): HallClock {
  let measure: { hallMs: number; at: number } | null = null

  const hallMs = (): number | null => (measure === null ? null : measure.hallMs + (monotonic() - measure.at))

  return {
    learn(time, sentAt, must = false) {
      const now = monotonic()
      const good = must || now - sentAt <= ROUND_TRIP_GOOD_MS
      if (!good && measure !== null && now - measure.at < MEASURE_GOOD_FOR_MS) return
      measure = { hallMs: Date.parse(time) + (now - sentAt) / 2, at: now }
    },
    monotonic,
    hallNow: () => new Date(hallMs() ?? clock().getTime()),
    toldNow() {
      const ms = hallMs()
      return ms === null ? null : new Date(ms)
    },
    state() {
      const hall = hallMs()
      if (measure === null || hall === null) return { synchronized: false, offsetMs: null }
      const offsetMs = Math.round(hall - clock().getTime())
      const fresh = monotonic() - measure.at < MEASURE_GOOD_FOR_MS
      return { synchronized: fresh && Math.abs(offsetMs) < SYNCHRONIZED_WITHIN_MS, offsetMs }
    },
  }
}
