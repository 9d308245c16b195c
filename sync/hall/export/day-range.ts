/** A range of days by the one time that all of China keeps. */

/** Since 1991 there is no summer time (国务院, 1992): +08:00 holds for every record that there can be. */
const CHINA_OFFSET = '+08:00'
const MS_PER_DAY = 24 * 60 * 60 * 1000

export type DayRange =
  /** From the first instant of the first day to before that of the day after the last. */
  { ok: true; from: Date; to: Date } | { ok: false; why: string }

export type Range = Pick<Extract<DayRange, { ok: true }>, 'from' | 'to'>

/** Nobody had this software before: a time before it is of a clock that was never set, and in no range anybody asks for. */
const FIRST_TIME = new Date('2020-01-01T00:00:00+08:00')

/** `wrong-clock`: outside, and before all that there can be. */
export function isWithin(at: Date, { from, to }: Range): 'within' | 'outside' | 'wrong-clock' {
  if (at >= from && at < to) return 'within'
  return at < FIRST_TIME ? 'wrong-clock' : 'outside'
}

/** @param first @param last days as YYYY-MM-DD, both within the range */
export function dayRange(first: string, last: string): DayRange {
  const from = startOfDay(first)
  const until = startOfDay(last)
  if (from === null) return { ok: false, why: `--from ${first} is no day; write it as in 2026-11-01` }
  if (until === null) return { ok: false, why: `--to ${last} is no day; write it as in 2026-11-30` }
  if (until < from) return { ok: false, why: `--to ${last} is before --from ${first}` }
  return { ok: true, from: new Date(from), to: new Date(until + MS_PER_DAY) }
}

/** Milliseconds since 1970; null for a day that no calendar has, such as 2026-02-30. */
function startOfDay(day: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null
  const at = Date.parse(`${day}T00:00:00.000${CHINA_OFFSET}`)
  if (Number.isNaN(at)) return null
  return new Date(at + MS_PER_DAY / 3).toISOString().slice(0, 10) === day ? at : null
}
