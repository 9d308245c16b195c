export interface PrinterTimings {
  statusDeadlineMs: number
  heartbeatMs: number
  proofPollMs: number
  proofDeadlineMs: number
  paperSlackMs: number
  fenceQuietMs: number
  firstFenceDeadlineMs: number
  missesBeforeReopen: number
}

export const PRINTER_TIMINGS: PrinterTimings = {
  /**
   * An answer to `10 04` comes from the printer's interrupt, ahead of all printing; the slowest device servers add
   * 100 ms. Two of these and a heartbeat stay under the 2 s in which a dead line must be known.
   */
  statusDeadlineMs: 600,
  /** A pulled cable gives no event (field row 1): paper and line are known no older than this. */
  heartbeatMs: 500,
  /** While a receipt is being printed: paper that ends is told within a third of a second. */
  proofPollMs: 300,
  /** Beyond the time of wire and paper: a hot head that cools down, or paper fed by hand. */
  proofDeadlineMs: 30_000,
  /**
   * The same for printers that prove nothing: the knife's stroke, and nobody is kept waiting for what will not come.
   */
  paperSlackMs: 1500,
  /** An older marker's answer is followed by the fence's own within milliseconds, device servers included. */
  fenceQuietMs: 150,
  /** A printer that has never answered a marker probably never will: its documents are not held up for long. */
  firstFenceDeadlineMs: 2000,
  /** One lost answer is nothing (field row 15). */
  missesBeforeReopen: 2,
}
