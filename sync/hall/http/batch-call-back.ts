/** When those that a full hall sends away may come again: one after the other, each with one place of its own. */

/** More are called than can be served: some come late, and the queue must not run empty meanwhile. */
const OVERBOOKED = 1.2

/** Whatever the speed is thought to be, nobody stays away longer where few are waiting: it may have been misjudged. */
const SHORT_AWAY_MS = 10_000
/** Nor longer than it takes to send all that wait away once more, at a hundred a second: that costs next to nothing. */
const AWAY_MS_FOR_EACH = 10

/** Being one too many once or twice is the price of overbooking; from then on the way back gets shorter each time. */
const PATIENT_TIMES = 2

/** Who is not back so long after its time will not come any more: its place is not waited for. */
const NOT_COMING_MS = 10_000

/** Devices remembered as sent away; the longest ago is forgotten first. */
const MAX_REMEMBERED = 20_000

export interface CallBack {
  /** It has been sent away and not been served since: it goes before those that come for the first time. */
  isAway(device: string): boolean
  /**
   * @param workMs what its batch takes @param aheadMs what those inside take
   * @returns after how many milliseconds it may come
   */
  book(device: string, workMs: number, aheadMs: number): number
  /** For somebody who was not looked at: told a time like anybody else, and not remembered. */
  bookUnseen(workMs: number, aheadMs: number): number
  served(device: string): void
  /** Whoever comes next is let in: all that were called for later may come as it suits them. */
  nobodyHere(): void
}

export function createCallBack(monotonic: () => number): CallBack {
  /** In the order in which they were told. */
  const away = new Map<string, { at: number; times: number }>()
  let bookedUntil = 0

  function forgetLost(now: number): void {
    for (const [device, { at }] of away) {
      if (away.size <= MAX_REMEMBERED && at + NOT_COMING_MS > now) return
      away.delete(device)
    }
  }

  return {
    isAway: (device) => away.has(device),
    book(device, workMs, aheadMs) {
      const now = monotonic()
      const before = away.get(device)
      // Back before its time: it has its place, and another would take time from those that waited theirs out.
      if (before !== undefined && before.at > now && before.at <= bookedUntil) return before.at - now
      forgetLost(now)
      const times = (before?.times ?? 0) + 1
      const longest = Math.max(SHORT_AWAY_MS, away.size * AWAY_MS_FOR_EACH)
      bookedUntil = Math.min(Math.max(bookedUntil, now + aheadMs) + workMs / OVERBOOKED, now + longest)
      const waitMs = (bookedUntil - now) / Math.max(times - PATIENT_TIMES + 1, 1)
      away.delete(device)
      away.set(device, { at: now + waitMs, times })
      return waitMs
    },
    bookUnseen(workMs, aheadMs) {
      const now = monotonic()
      const place = Math.max(bookedUntil, now + aheadMs) + workMs / OVERBOOKED
      // However many feign to come, they move the others' times by no more than this; and they do not come at once.
      if (place > now + SHORT_AWAY_MS) return Math.random() * SHORT_AWAY_MS
      bookedUntil = place
      return place - now
    },
    served(device) {
      away.delete(device)
    },
    nobodyHere() {
      bookedUntil = 0
    },
  }
}
