export interface ScannerTimings {
  silenceMs: number
  outstandingMs: number
  unfinishedDeadlineMs: number
  replyDeadlineMs: number
  writeDeadlineMs: number
  missesBeforeReopen: number
  babblesBeforeReopen: number
}

export const SCANNER_TIMINGS: ScannerTimings = {
  /** A code ends at this silence when the scanner sends no suffix (DEVICES §2.1). */
  silenceMs: 50,
  /** Bytes that wait in the kernel are read within a millisecond or two, by way of a worker on serial ports. */
  outstandingMs: 5,
  /**
   * What a code lacks comes by then or never: a report within the 16 ms of the slowest polling, bytes that TCP has
   * to send once more after 200 ms or a little over. A person takes longer to the next code.
   */
  unfinishedDeadlineMs: 500,
  /** Replies are a handful of bytes, but a module that is decoding a picture answers only after it. */
  replyDeadlineMs: 400,
  /** A command is a few bytes: a line that does not take them within a second takes nothing any more (row 9). */
  writeDeadlineMs: 1000,
  /** With a re-arming every 700 ms a line that is half open shows within 1.5 s. */
  missesBeforeReopen: 2,
  /** A reply may come late behind codes that are read just then, but not time and again. */
  babblesBeforeReopen: 3,
}
