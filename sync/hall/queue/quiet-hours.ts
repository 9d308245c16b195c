/** When few people come, told to the public (DOMAIN.md §3.3). */

export interface HalfHour {
  from: string
  to: string
  people: number
}

/** Of the mean of the hours that it is open. */
const QUIET_SHARE = 0.6

/** Half hours with less than six tenths of the mean, neighbours joined. */
export function quietHours(halfHours: readonly HalfHour[]): { from: string; to: string }[] {
  const all = halfHours.reduce((sum, { people }) => sum + people, 0)
  const few = (all / Math.max(1, halfHours.length)) * QUIET_SHARE
  const spans: { from: string; to: string }[] = []
  for (const { from, to, people } of halfHours) {
    if (people >= few) continue
    const last = spans.at(-1)
    if (last?.to === from) last.to = to
    else spans.push({ from, to })
  }
  return spans
}
