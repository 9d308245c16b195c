/** Which events go next: those the hall asks for again first where they are older, then what it never had. */
import type { BatchLimits, OutgoingBatch } from './outbox-face.ts'
import { epochOf, placeOf, sequenceOf } from './outbox-place.ts'
import type { Statements } from './outbox-statements.ts'
import { checkStoredText } from './outbox-text.ts'

const COMMA_BYTES = 1
const BRACKETS_BYTES = 2

export type ReadBatch =
  /** Null when there is nothing to send. `oldestAt`: RFC 3339, of its first event. */
  | { found: 'batch'; batch: OutgoingBatch | null; oldestAt: string | null }
  /** The next event is lost, or no longer what was appended: it must not be sent. */
  | { found: 'damaged'; place: number }

const NOTHING: ReadBatch = { found: 'batch', batch: null, oldestAt: null }

export function readBatch(
  sql: Statements,
  { maxEvents, maxBytes, after }: Required<Omit<BatchLimits, 'after'>> & Pick<BatchLimits, 'after'>,
): ReadBatch {
  const start = firstUnsent(sql, after === undefined ? 0 : placeOf(after.epoch, after.sequence))
  if (start === null) return NOTHING
  const epoch = epochOf(start)
  const line = sql.epoch.get(epoch)
  const through = line?.through ?? 0
  const last = line?.last ?? sequenceOf(start)
  const goAround = sql.hasAside.get(start) !== undefined
  const isUnsent = (place: number): boolean =>
    sequenceOf(place) > through
      ? sequenceOf(place) <= last && !(goAround && sql.isAside.get(place) !== undefined)
      : sql.isAgain.get(place) !== undefined

  const batch: OutgoingBatch = { epoch, first: sequenceOf(start), last: 0, texts: [] }
  let oldestAt: string | null = null
  let bytes = BRACKETS_BYTES
  let expected = start
  for (const { place, text } of sql.eventsFrom.iterate(start, maxEvents)) {
    if (place !== expected || !isUnsent(place)) break
    const checked = checkStoredText(text, epoch, sequenceOf(place))
    if (checked === null) break
    bytes += Buffer.byteLength(text) + COMMA_BYTES
    if (batch.texts.length > 0 && bytes > maxBytes) break
    oldestAt ??= checked.time
    batch.last = sequenceOf(place)
    batch.texts.push(text)
    expected = place + 1
  }
  // What cannot be sent is told of when it is the first: what is whole before it goes first.
  return batch.texts.length === 0 ? { found: 'damaged', place: start } : { found: 'batch', batch, oldestAt }
}

function firstUnsent(sql: Statements, after: number): number | null {
  const again = sql.firstAgain.get(after) ?? null
  const fresh = firstFresh(sql, after)
  return again !== null && (fresh === null || again < fresh) ? again : fresh
}

/** What was set aside right behind the line of what was sent has moved that line; further on it is passed over here. */
function firstFresh(sql: Statements, after: number): number | null {
  for (const line of sql.unsentEpochs.all()) {
    let place = Math.max(placeOf(line.epoch, line.through), after) + 1
    while (sql.isAside.get(place) !== undefined) place += 1
    if (place <= placeOf(line.epoch, line.last)) return place
  }
  return null
}
