/**
 * Which rating of a case is still to be had (DOMAIN.md §2): one for each service, and one follow-up after a bad rating,
 * once the province has the first and the day has passed by which the hall was to call back.
 */
import type { OpenRating } from '../../protocol/cases.ts'
import type { Calendar } from '../../protocol/content.ts'
import type { EventData } from '../../protocol/events.ts'
import type { ProvinceQueue, ReportRow } from '../store/province-queue.ts'
import { deadlinesOf, givenAt } from './deadlines.ts'
import type { ProvinceProfile } from './profile-schema.ts'

const FIRST = 1
const FOLLOW_UP = 2

export interface OpenRatingsOptions {
  queue: Pick<ProvinceQueue, 'ofCases' | 'ratingText'>
  profile: Pick<ProvinceProfile, 'followUpBelow' | 'callBack' | 'putRight'>
  calendars: readonly Calendar[]
  now: Date
}

export async function openRatings(
  caseNos: readonly string[],
  options: OpenRatingsOptions,
): Promise<(caseNo: string) => OpenRating> {
  const known = new Map<string, ReportRow[]>()
  for (const row of await options.queue.ofCases(caseNos))
    known.set(row.caseNo, [...(known.get(row.caseNo) ?? []), row])
  const open = new Map<string, OpenRating>()
  for (const [caseNo, rows] of known) open.set(caseNo, await openOf(rows, options))
  return (caseNo) => open.get(caseNo) ?? 'first'
}

async function openOf(rows: readonly ReportRow[], options: OpenRatingsOptions): Promise<OpenRating> {
  if (rows.some(({ assessNumber }) => assessNumber === FOLLOW_UP)) return 'none'
  // What the province has not taken yet, it takes no follow-up of.
  const first = rows.find(({ assessNumber, state }) => assessNumber === FIRST && state === 'reported')
  return first !== undefined && (await wasHandled(first, options)) ? 'follow-up' : 'none'
}

async function wasHandled(
  row: ReportRow,
  { queue, profile, calendars, now }: OpenRatingsOptions,
): Promise<boolean> {
  const text = await queue.ratingText(row)
  if (text === null) return false
  const { data: rating } = JSON.parse(text) as { data: EventData<'rating'> }
  if (rating.level >= profile.followUpBelow) return false
  const given = givenAt(rating, Number(row.receivedAt))
  return deadlinesOf(profile, given, now, calendars).callBack.overdue
}
