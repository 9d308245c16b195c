/** What of days without a line is wrong at the hall, counted: every number of these but the first three is to be 0. */
import { sha256Base64url } from '../../../sync/protocol/canonical.ts'
import { Envelope } from '../../../sync/protocol/events.ts'
import type { Deed, Kept, OfflineResult } from './offline.ts'

export interface OfflineCounts {
  questions: number
  ratings: number
  /** Of every kind, with the pad's own starts and stops. */
  events: number
  lost: number
  twice: number
  altered: number
  'out of order': number
  /** The hall's rating says something else than the citizen did, or the window was told otherwise. */
  'said otherwise': number
  'chain faults': number
}

export function countsOf({ deeds, captured, storedBefore, stored, chain }: OfflineResult): OfflineCounts {
  const byPlace = new Map(stored.map((one) => [one.place, one]))
  const order = captured.map(({ place }) => place)
  const told = stored.slice(storedBefore).flatMap(({ text }) => {
    const { type, data } = Envelope.parse(JSON.parse(text))
    return type.startsWith('cn.window24.rating') ? [data] : []
  })
  return {
    questions: deeds.length,
    ratings: deeds.filter(({ rating }) => rating !== null).length,
    events: captured.length,
    lost: captured.filter(({ place }) => !byPlace.has(place)).length,
    twice: stored.length - new Set(stored.map(({ id }) => id)).size,
    altered: captured.filter((one) => isAltered(one, byPlace.get(one.place))).length,
    'out of order': stored.filter(({ place }, index) => place !== order[index]).length,
    'said otherwise':
      Math.abs(told.length - deeds.length) + deeds.filter((deed, index) => !isTold(deed, told[index])).length,
    'chain faults': chain.faults.length + chain.setAside,
  }
}

const isAltered = (here: Kept, there: Kept | undefined): boolean =>
  there !== undefined &&
  (there.id !== here.id ||
    there.hash !== here.hash ||
    sha256Base64url(there.text) !== sha256Base64url(here.text))

function isTold({ caseNo, outcome, rating }: Deed, data: Record<string, unknown> | undefined): boolean {
  const told = data as { case: { caseNo: string } } & Record<string, unknown>
  if (data === undefined || told.case.caseNo !== caseNo) return false
  if (rating === null) return told.outcome === (outcome === 'declined' ? 'not-now' : outcome)
  const { level, labels, anonymous, words, capturedAt } = rating
  return (
    told.level === level &&
    JSON.stringify(told.labels) === JSON.stringify(labels) &&
    told.anonymous === anonymous &&
    (told.comment !== null) === words &&
    Date.parse(String(told.capturedAt)) === Date.parse(capturedAt)
  )
}
