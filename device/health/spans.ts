/** A length of time as people say it: two units at most, the largest that there is and the one below it. */
const MS_PER_SECOND = 1_000
const MS_PER_MINUTE = 60 * MS_PER_SECOND
const MS_PER_HOUR = 60 * MS_PER_MINUTE
const MS_PER_DAY = 24 * MS_PER_HOUR
/** Of a clock that is at 1970 nobody counts leap days. */
const MS_PER_YEAR = 365 * MS_PER_DAY

const UNITS = [MS_PER_YEAR, MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE, MS_PER_SECOND] as const

export type UnitWords = readonly [year: Unit, day: Unit, hour: Unit, minute: Unit, second: Unit]
type Unit = (count: number) => string

/** @param ms under a second it is told in milliseconds by `milliseconds` */
export const spanOf = (ms: number, units: UnitWords, milliseconds: Unit, between: string): string => {
  const length = Math.abs(ms)
  if (length < MS_PER_SECOND) return milliseconds(Math.round(length))
  const at = UNITS.findIndex((unit) => length >= unit)
  const unit = UNITS[at] ?? MS_PER_SECOND
  const count = Math.floor(length / unit)
  const below = UNITS[at + 1]
  const rest = below === undefined ? 0 : Math.floor((length % unit) / below)
  const first = units[at]?.(count) ?? ''
  return rest === 0 ? first : `${first}${between}${units[at + 1]?.(rest) ?? ''}`
}
