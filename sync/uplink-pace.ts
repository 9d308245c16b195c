/** How much is sent at once, and how long its answer is waited for. */
import { MAX_BATCH_EVENTS } from './protocol/batch.ts'
import { lengthOf, type ReadyBatch } from './uplink-ready.ts'

/** 1 MiB over a line of 300 kbit/s. */
const SEND_TIMEOUT_MS = 30_000

/**
 * While the line is down a try is small and short, so that its return is noticed at once. Small batches of a line
 * that stands are given no longer: a cut that swallows everything must not keep a fact from the hall for over 5 s.
 */
const PROBE_EVENTS = 8
const PROBE_TIMEOUT_MS = 4_000

/** One padded event in the time of a probe: the slowest line that is served. One large event is given more by it. */
const SLOWEST_BYTES_PER_MS = (8 * 1024) / PROBE_TIMEOUT_MS

export interface Pace {
  /** @param sound the line stands, as far as is known */
  maxEvents(sound: boolean): number
  timeoutMs(ready: ReadyBatch): number
  /** No answer in its time: a line may be too slow for so much as well as dead. */
  tooSlow(events: number): void
  /** Something in it is refused: the one event is found by halving. */
  refused(events: number): void
  stored(): void
  reset(): void
}

export function createPace(): Pace {
  let most = MAX_BATCH_EVENTS
  return {
    maxEvents: (sound) => (sound ? most : Math.min(most, PROBE_EVENTS)),
    timeoutMs({ batch, encoded }) {
      const events = lengthOf(batch)
      if (events > PROBE_EVENTS) return SEND_TIMEOUT_MS
      if (events > 1) return PROBE_TIMEOUT_MS
      return Math.max(PROBE_TIMEOUT_MS, encoded.body.byteLength / SLOWEST_BYTES_PER_MS)
    },
    tooSlow(events) {
      most = events > PROBE_EVENTS ? PROBE_EVENTS : Math.max(Math.floor(events / 2), 1)
    },
    refused(events) {
      most = Math.floor(events / 2)
    },
    stored() {
      most = Math.min(most * 2, MAX_BATCH_EVENTS)
    },
    reset() {
      most = MAX_BATCH_EVENTS
    },
  }
}
