/** Dates as cards and numbers carry them: YYYYMMDD, in the Gregorian calendar. */

/** `YYYY-MM-DD` for eight digits that name a real day; undefined otherwise. */
export function calendarDate(digits: string): string | undefined {
  if (!/^\d{8}$/.test(digits)) return undefined
  const iso = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`
  const at = new Date(`${iso}T00:00:00Z`)
  // 30 February is rolled over to March by the parser instead of being refused: compare the way back.
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== iso) return undefined
  return iso
}

/** `20240229` for `2024-02-29`; digits that already are bare stay so. */
export function bareDate(date: string): string {
  return date.replaceAll('-', '')
}
