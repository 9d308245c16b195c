/** What of a received batch may be stored (PROTOCOLS.md §1.3): every event by itself, then their order. */
import { z } from 'zod'
import type { BatchAnswer } from '../../protocol/batch.ts'
import type { BatchElement } from '../../protocol/batch-elements.ts'
import type { ReadJson } from '../../protocol/canonical.ts'
import { type CheckedEvent, checkEvent } from '../../protocol/chain.ts'
import { type EventData, sourceOf, typeName } from '../../protocol/events.ts'
import { formatSequence, Hash, parseSequence, SequenceText } from '../../protocol/identifiers.ts'
import type { PlainRating } from '../../protocol/rating-text.ts'
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

/** What one event says of itself: its place, and either what of it is kept or why it is not. */
type Judged =
  | { place: Place & { hash: string }; kept: Kept }
  | { place: Place | null; kept: null; code: string; detail: string }

interface Kept {
  type: string
  prevhash: string
  text: string
  rated: PlainRating['rated']
  /** A hole in the chain that it owns up to. */
  explained: CheckedBatch['explained'][number] | null
}

export function checkBatch(events: readonly BatchElement[], deviceId: string): CheckedBatch | RefusedBatch {
  const judged = events.map((event) => ('value' in event ? judge(event) : judgedPlain(event)))
  const anchor = judged.findIndex(({ place }) => place !== null)
  const known = judged[anchor]?.place
  if (!known)
    return { ok: false, code: 'batch-malformed', detail: 'no event of it says its epoch and sequence' }
  const { epoch } = known
  const source = sourceOf(deviceId)
  const first = known.sequence - anchor
  const astray = judged.findIndex(({ place }, index) => {
    return (
      place !== null &&
      !(place.source === source && place.epoch === epoch && place.sequence === first + index)
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
  judged.forEach((one, index) => {
    const sequence = first + index
    const reject = (code: string, detail: string): void => {
      batch.rejected.push({ sequence: formatSequence(sequence), code, detail })
    }
    if (one.kept === null) reject(one.code, one.detail)
    else if (!isLinked(one.kept, judged[index - 1]?.place?.hash ?? null))
      reject(BROKEN_LINK, 'prevhash is not the hash of the event before it')
    else take(batch, sequence, one.place.hash, one.kept)
  })
  // Alone and not even its own hash right: nothing vouches for its place, so that only the sender can know which it is.
  const [only] = batch.rejected
  if (events.length === 1 && only?.code === 'hash')
    return { ok: false, code: 'batch-malformed', detail: only.detail }
  return batch
}

/** To the hash that the event before it claims, kept or not: what was set aside is still part of the chain. */
function isLinked({ prevhash }: Kept, hashBefore: string | null): boolean {
  return hashBefore === null || prevhash === hashBefore
}

function take(batch: CheckedBatch, sequence: number, hash: string, kept: Kept): void {
  const { type, prevhash, text, rated, explained } = kept
  batch.accepted.push({ epoch: batch.epoch, sequence, type, hash, prevhash, text })
  if (rated !== null) batch.ratings.push({ sequence, ...rated })
  if (explained !== null) batch.explained.push(explained)
}

const RATING_TYPE = typeName('rating')

function judgedPlain(rating: PlainRating): Judged {
  const { prevhash, text, rated } = rating
  return { place: rating, kept: { type: RATING_TYPE, prevhash, text, rated, explained: null } }
}

function judge(read: ReadJson): Judged {
  const checked = checkEvent(read.text, read)
  if (!checked.ok)
    return {
      place: Place.safeParse(read.value).data ?? null,
      kept: null,
      code: checked.code,
      detail: checked.detail,
    }
  const { source, epoch, sequence, hash, type, prevhash } = checked.event
  return {
    place: { source, epoch, sequence: parseSequence(sequence), hash },
    kept: { type, prevhash, text: read.text, rated: ratedIn(checked), explained: ownedUp(checked) },
  }
}

type SoundEvent = CheckedEvent & { ok: true }

function ratedIn({ type, event }: SoundEvent): PlainRating['rated'] {
  if (type !== 'rating') return null
  // Checked against the rating's own schema a moment ago.
  const { case: rated, assessNumber, reasonPending, capturedAt } = event.data as EventData<'rating'>
  if (rated === null) return null
  return {
    caseNo: rated.caseNo,
    serviceNumber: rated.serviceNumber,
    assessNumber,
    reasonPending,
    capturedAt,
  }
}

const SetAside = z.object({
  fact: z.literal('set-aside'),
  epoch: z.int(),
  sequence: SequenceText.transform(parseSequence),
})

function ownedUp({ type, event }: SoundEvent): { epoch: number; sequence: number } | null {
  if (type !== 'system') return null
  const { data } = SetAside.safeParse(event.data)
  return data === undefined ? null : { epoch: data.epoch, sequence: data.sequence }
}
