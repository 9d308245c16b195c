export interface PagePrinterTimings {
  heartbeatMs: number
  answerDeadlineMs: number
  firstPollMs: number
  pollMs: number
  sendDeadlineMs: number
  jobDeadlineMs: number
  stoppedMs: number
  silenceMs: number
  cancelMs: number
  turnMs: number
  farewellMs: number
}

export const PAGE_PRINTER_TIMINGS: PagePrinterTimings = {
  /** With the deadline below: an unplugged printer is known within 2 s, half-open lines included. */
  heartbeatMs: 800,
  /** A printer that is awake answers within 50 ms, a queue within 10; beyond this it is told as silent. */
  answerDeadlineMs: 1000,
  /** The first question about a job; the pause then doubles, for a page takes seconds on paper. */
  firstPollMs: 40,
  pollMs: 400,
  /** Printers with little memory take a document no faster than they print it. */
  sendDeadlineMs: 45_000,
  /** From the first byte to the last sheet: 30 s to warm up and 20 sheets at 15 a minute. */
  jobDeadlineMs: 120_000,
  /** Paper out, a cover open: so long somebody may put it right; then the job is cancelled. */
  stoppedMs: 45_000,
  /** A line that is gone so long is not back in a moment: its job is given up. */
  silenceMs: 10_000,
  /** A cancelled job still finishes the sheet that is in the rollers. */
  cancelMs: 10_000,
  /** A document waits no longer for those before it: with the times above it ends before a caller gives up (3 min). */
  turnMs: 30_000,
  /** When the program ends its driver has a second. */
  farewellMs: 700,
}
