import type { RequestName } from './frame.ts'

export interface ReaderTimings {
  deadlineMs: Record<RequestName, number>
  pollIntervalMs: number
  frameDeadlineMs: number
  damageSilenceMs: number
  writeDeadlineMs: number
  missesBeforeReopen: number
}

/** DEVICES §1.4: find and select 2 s, read 5 s, others 1 s. Tests shorten them. */
export const READER_TIMINGS: ReaderTimings = {
  deadlineMs: {
    'find-card': 2000,
    'select-card': 2000,
    'read-base': 5000,
    'reset-sam': 1000,
    'sam-status': 1000,
    'sam-id': 1000,
    'read-extra-address': 1000,
    'card-management-number': 1000,
  },
  /** DEVICES §1.4: poll no faster; readers that are asked more often stop finding cards. */
  pollIntervalMs: 300,
  /** The longest frame, 2321 bytes, takes 2.42 s at 9600 baud, the slowest speed readers are set to. */
  frameDeadlineMs: 2600,
  /** After a whole frame with a wrong checksum no better answer follows; a line that goes on is still listened to. */
  damageSilenceMs: 200,
  /** A request is 10 bytes: 10 ms at 9600 baud. */
  writeDeadlineMs: 1000,
  /** One lost answer is noise on the line, two in a row are a lost reader. */
  missesBeforeReopen: 2,
}
