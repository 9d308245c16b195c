/** Which events go next: those the hall asks for again first where they are older, then what it never had. */
import type { BatchLimits, OutgoingBatch } from './outbox-face.ts'
import { epochOf, placeOf, sequenceOf } from './outbox-place.ts'
import type { Statements } from './outbox-statements.ts'
import { checkStoredBytes } from './outbox-text.ts'

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
  { maxEvents, maxBytes, after, into }: BatchLimits & Required<Pick<BatchLimits, 'maxEvents' | 'maxBytes'>>,
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

  const lengths: number[] = []
  let bytes = BRACKETS_BYTES
  for (const { place, length } of sql.lengthsFrom.iterate(start, maxEvents)) {
    if (place !== start + lengths.length || length === null || !isUnsent(place)) break
    const more = bytes + length + COMMA_BYTES
    if (lengths.length > 0 && more > maxBytes) break
    bytes = more
    lengths.push(length)
  }
  const text = sql.joined.get(start, start + lengths.length - 1) ?? ''
  const room =
    into !== undefined && bytes <= into.byteLength + BRACKETS_BYTES ? into : Buffer.allocUnsafe(bytes)
  const joined = room.subarray(0, room.write(text))
  const whole = checked(joined, lengths, start)
  // What cannot be sent is told of when it is the first: what is whole before it goes first.
  if (whole.events === 0) return { found: 'damaged', place: start }
  const first = sequenceOf(start)
  const batch = { epoch, first, last: first + whole.events - 1, joined: joined.subarray(0, whole.bytes) }
  return { found: 'batch', batch, oldestAt: whole.oldestAt }
}

/** As far as the events are what was appended. */
function checked(joined: Buffer, lengths: readonly number[], start: number) {
  const whole = { events: 0, bytes: 0, oldestAt: null as string | null }
  let at = 0
  for (const length of lengths) {
    const place = start + whole.events
    const event = checkStoredBytes(joined.subarray(at, at + length), epochOf(place), sequenceOf(place))
    if (event === null) break
    whole.oldestAt ??= event.time
    whole.events += 1
    whole.bytes = at + length
    at += length + COMMA_BYTES
  }
  return whole
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
