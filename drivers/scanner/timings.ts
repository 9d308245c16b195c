export interface ScannerTimings {
  silenceMs: number
  outstandingMs: number
  continuedDeadlineMs: number
  replyDeadlineMs: number
  writeDeadlineMs: number
  missesBeforeReopen: number
}

export const SCANNER_TIMINGS: ScannerTimings = {
  /** A code ends at this silence when the scanner sends no suffix (DEVICES §2.1). */
  silenceMs: 50,
  /** Bytes that wait in the kernel are read within a millisecond or two, by way of a worker on serial ports. */
  outstandingMs: 5,
  /** Reports of one code follow each other within the 16 ms of the slowest polling; a person takes longer. */
  continuedDeadlineMs: 500,
  /** Replies are a handful of bytes, but a module that is decoding a picture answers only after it. */
  replyDeadlineMs: 400,
  /** A command is a few bytes: a line that does not take them within a second takes nothing any more (row 9). */
  writeDeadlineMs: 1000,
  /** With a re-arming every 700 ms a line that is half open shows within 1.5 s. */
  missesBeforeReopen: 2,
}
