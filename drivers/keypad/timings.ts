export interface KeypadTimings {
  leftoversMs: number
  debounceMs: number
  frameDeadlineMs: number
  frameGapMs: number
  writeDeadlineMs: number
  renewAheadMs: number
  renewAfterDamageMs: number
}

/** Milliseconds. Tests shorten them. */
export const KEYPAD_TIMINGS: KeypadTimings = {
  /**
   * Device servers hand over what they kept as soon as somebody connects: within a round trip of the hall's network,
   * a few ms by cable. The unit is asked only afterwards, so no new press is lost by it.
   */
  leftoversMs: 100,
  /** Two fingers of one hand land within 50 ms; a report takes 10 ms at 9600 baud. */
  debounceMs: 80,
  /** The longest frame takes 41 ms at 9600 baud and a third of a second at 1200; a stalled device server adds. */
  frameDeadlineMs: 500,
  /** The units' small controllers work on one frame at a time and lose one that follows at once. */
  frameGapMs: 30,
  /** A frame is some 10 bytes: 10 ms at 9600 baud. */
  writeDeadlineMs: 1000,
  /** A unit that falls asleep by itself is asked again before it does: no gap in which a press is lost. */
  renewAheadMs: 500,
  /** Whoever was not heard presses again after a second or two. Asked more often, a unit would only stutter. */
  renewAfterDamageMs: 1500,
}
