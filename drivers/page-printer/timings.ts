export interface PagePrinterTimings {
  heartbeatMs: number
  answerDeadlineMs: number
  firstPollMs: number
  pollMs: number
  sendIdleMs: number
  jobDeadlineMs: number
  stoppedMs: number
  silenceMs: number
  cancelMs: number
  turnMs: number
  farewellMs: number
  mistrustMs: number
}

export const PAGE_PRINTER_TIMINGS: PagePrinterTimings = {
  /** With the deadline below: an unplugged printer is known within 2 s, half-open lines included. */
  heartbeatMs: 800,
  /** A printer that is awake answers within 50 ms, a queue within 10; beyond this it is told as silent. */
  answerDeadlineMs: 1000,
  /** The first question about a job; the pause then doubles, for a page takes seconds on paper. */
  firstPollMs: 40,
  pollMs: 400,
  /** Printers with little memory take a document no faster than they print it, and print none while they warm up. */
  sendIdleMs: 45_000,
  /** From the look before the first byte to the last sheet: 30 s to warm up and 20 sheets at 15 a minute. */
  jobDeadlineMs: 110_000,
  /** Paper out, a cover open: so long somebody may put it right; then the job is cancelled. */
  stoppedMs: 45_000,
  /** A line that is gone so long is not back in a moment: its job is given up. */
  silenceMs: 10_000,
  /** A cancelled job still finishes the sheet that is in the rollers. */
  cancelMs: 10_000,
  /**
   * A document waits no longer for those before it. With the job's deadline, twice the time for cancelling (at the
   * queue and behind it) and the answers between, its outcome is known before a caller gives up (3 min).
   */
  turnMs: 30_000,
  /** When the program ends its driver has a second. */
  farewellMs: 700,
  /** A printer behind a queue that does not let this machine ask is asked again then: its settings may be mended. */
  mistrustMs: 60_000,
}
