/** What of a received batch may be stored (PROTOCOLS.md §1.3): every event by itself, then their order. */
import { z } from 'zod'
import type { BatchAnswer } from '../../protocol/batch.ts'
import { type CheckedEvent, checkEvent } from '../../protocol/chain.ts'
import { sourceOf } from '../../protocol/events.ts'
import { formatSequence, Hash, parseSequence, SequenceText } from '../../protocol/identifiers.ts'
import type { StoredEvent } from '../store/store.ts'

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

export function checkBatch(texts: readonly string[], deviceId: string): CheckedBatch | RefusedBatch {
  const places = texts.map(placeOf)
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
      detail: `at event ${Math.max(astray, 0) + 1} of ${texts.length}`,
    }

  const batch: CheckedBatch = {
    ok: true,
    epoch,
    first,
    last: first + texts.length - 1,
    accepted: [],
    explained: [],
    rejected: [],
  }
  texts.forEach((text, index) => {
    const sequence = first + index
    const checked = linked(checkEvent(text), index === 0 ? null : (places[index - 1]?.hash ?? null))
    if (checked.ok) take(batch, checked, sequence)
    else
      batch.rejected.push({ sequence: formatSequence(sequence), code: checked.code, detail: checked.detail })
  })
  // Alone and not even its own hash right: nothing vouches for its place, so that only the sender can know which it is.
  const [only] = batch.rejected
  if (texts.length === 1 && only?.code === 'hash')
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
  const hole = ownedUp(checked)
  if (hole !== null) batch.explained.push(hole)
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

function placeOf(text: string): Place | null {
  try {
    return Place.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
