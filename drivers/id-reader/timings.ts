import type { RequestName } from './requests.ts'

export interface ReaderTimings {
  deadlineMs: Record<RequestName, number>
  pollIntervalMs: number
  silenceMs: { usual: number; reading: number }
  readBeginsMs: number
  frameDeadlineMs: number
  frameSilenceMs: number
  damageSilenceMs: number
  writeDeadlineMs: number
  missesBeforeReopen: number
}

const FIND_MS = 2000
const READ_MS = 5000
const OTHER_MS = 1000

/** DEVICES §1.4: find and select 2 s, read 5 s, others 1 s. Tests shorten them. */
export const READER_TIMINGS: ReaderTimings = {
  deadlineMs: {
    'find-card': FIND_MS,
    'select-card': FIND_MS,
    'read-base': READ_MS,
    'read-base-and-prints': READ_MS,
    'reset-sam': OTHER_MS,
    'sam-status': OTHER_MS,
    'sam-id': OTHER_MS,
    'read-extra-address': OTHER_MS,
    'card-management-number': OTHER_MS,
    'baud-115200': OTHER_MS,
    'baud-57600': OTHER_MS,
    'baud-38400': OTHER_MS,
    'baud-19200': OTHER_MS,
    'baud-9600': OTHER_MS,
  },
  /** DEVICES §1.4: poll no faster; readers that are asked more often stop finding cards. */
  pollIntervalMs: 300,
  /**
   * So long nothing at all has come after a question: the status says so while the deadline is still waited for.
   * With the poll interval before the question it stays under the 2 s in which a status must be true; a SAM may
   * think longer over a card than over anything else.
   */
  silenceMs: { usual: 1200, reading: 1700 },
  /**
   * A read whose answer has not begun by then is given up: halls want a card read within 1.5 s and prints take a
   * SAM little more, so that it is the line that says nothing. Waiting for all of the 5 s would keep a line that is
   * back from working for as long; they are for a reader that has begun to answer.
   */
  readBeginsMs: 2500,
  /** The longest frame, 2321 bytes, takes 2.42 s at 9600 baud, the slowest speed readers are set to. */
  frameDeadlineMs: 2600,
  /** A frame that has begun comes without a pause; a device server that sends a lost packet again takes 200 ms. */
  frameSilenceMs: 500,
  /** After a whole frame with a wrong checksum no better answer follows; a line that goes on is still listened to. */
  damageSilenceMs: 200,
  /** A request is 10 bytes: 10 ms at 9600 baud. */
  writeDeadlineMs: 1000,
  /** One lost answer is noise on the line, two in a row are a lost reader. */
  missesBeforeReopen: 2,
}
