/** What of a received batch may be stored (PROTOCOLS.md §1.3): every event by itself, then their order. */
import { z } from 'zod'
import type { BatchAnswer } from '../../protocol/batch.ts'
import type { ReadJson } from '../../protocol/canonical.ts'
import { type CheckedEvent, checkEvent } from '../../protocol/chain.ts'
import { type EventData, sourceOf } from '../../protocol/events.ts'
import { formatSequence, Hash, parseSequence, SequenceText } from '../../protocol/identifiers.ts'
import type { RatedService, StoredEvent } from '../store/store.ts'

/** What of `chain-fork`'s kin is seen inside one batch: the link to the event before it does not hold. */
const BROKEN_LINK = 'prevhash'

export interface CheckedBatch {
  ok: true
  epoch: number
  first: number
  last: number
  accepted: StoredEvent[]
  explained: { epoch: number; sequence: number }[]
  rejected: BatchAnswer['rejected']
  /** The accepted ratings that the province is told of: those of a case. */
  ratings: RatedService[]
}

/** Nothing of the batch can be told from the rest, so that the device has to halve it. */
export type RefusedBatch = { ok: false; code: 'batch-malformed' | 'batch-not-consecutive'; detail: string }

/** What even an event that breaks its schema says of its place; it is only believed where its neighbours agree. */
const Place = z.object({
  source: z.string(),
  epoch: z.int().min(1),
  sequence: SequenceText.transform(parseSequence),
  hash: Hash.nullable().catch(null),
})
type Place = z.infer<typeof Place>

export function checkBatch(events: readonly ReadJson[], deviceId: string): CheckedBatch | RefusedBatch {
  const checkedEvents = events.map((event) => checkEvent(event.text, event))
  const places = checkedEvents.map((checked, index) => placeOf(checked, events[index]?.value))
  const anchor = places.findIndex((place) => place !== null)
  const known = places[anchor]
  if (!known)
    return { ok: false, code: 'batch-malformed', detail: 'no event of it says its epoch and sequence' }
  const { epoch } = known
  const first = known.sequence - anchor
  const astray = places.findIndex((place, index) => {
    return (
      place !== null &&
      !(place.source === sourceOf(deviceId) && place.epoch === epoch && place.sequence === first + index)
    )
  })
  if (astray >= 0 || first < 1)
    return {
      ok: false,
      code: 'batch-not-consecutive',
      detail: `at event ${Math.max(astray, 0) + 1} of ${events.length}`,
    }

  const batch: CheckedBatch = {
    ok: true,
    epoch,
    first,
    last: first + events.length - 1,
    accepted: [],
    explained: [],
    rejected: [],
    ratings: [],
  }
  checkedEvents.forEach((one, index) => {
    const sequence = first + index
    const checked = linked(one, index === 0 ? null : (places[index - 1]?.hash ?? null))
    if (checked.ok) take(batch, checked, sequence)
    else
      batch.rejected.push({ sequence: formatSequence(sequence), code: checked.code, detail: checked.detail })
  })
  // Alone and not even its own hash right: nothing vouches for its place, so that only the sender can know which it is.
  const [only] = batch.rejected
  if (events.length === 1 && only?.code === 'hash')
    return { ok: false, code: 'batch-malformed', detail: only.detail }
  return batch
}

type LinkedEvent = CheckedEvent | { ok: false; code: typeof BROKEN_LINK; detail: string }

/** Against the hash that the event before it claims, kept or not: what was set aside is still part of the chain. */
function linked(checked: CheckedEvent, hashBefore: string | null): LinkedEvent {
  if (!checked.ok || hashBefore === null || checked.event.prevhash === hashBefore) return checked
  return { ok: false, code: BROKEN_LINK, detail: 'prevhash is not the hash of the event before it' }
}

function take(batch: CheckedBatch, checked: CheckedEvent & { ok: true }, sequence: number): void {
  const { type, hash, prevhash } = checked.event
  batch.accepted.push({ epoch: batch.epoch, sequence, type, hash, prevhash, text: checked.text })
  if (checked.type === 'rating') takeRating(batch, checked, sequence)
  const hole = ownedUp(checked)
  if (hole !== null) batch.explained.push(hole)
}

function takeRating(batch: CheckedBatch, { event }: CheckedEvent & { ok: true }, sequence: number): void {
  // Checked against the rating's own schema a moment ago.
  const { case: rated, assessNumber, reasonPending, capturedAt } = event.data as EventData<'rating'>
  if (rated === null) return
  const { caseNo, serviceNumber } = rated
  batch.ratings.push({ sequence, caseNo, serviceNumber, assessNumber, reasonPending, capturedAt })
}

const SetAside = z.object({
  fact: z.literal('set-aside'),
  epoch: z.int(),
  sequence: SequenceText.transform(parseSequence),
})

function ownedUp({ type, event }: CheckedEvent & { ok: true }): { epoch: number; sequence: number } | null {
  if (type !== 'system') return null
  const { data } = SetAside.safeParse(event.data)
  return data === undefined ? null : { epoch: data.epoch, sequence: data.sequence }
}

function placeOf(checked: CheckedEvent, value: unknown): Place | null {
  if (!checked.ok) return Place.safeParse(value).data ?? null
  const { source, epoch, sequence, hash } = checked.event
  return { source, epoch, sequence: parseSequence(sequence), hash }
}
