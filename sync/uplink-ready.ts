/**
 * The next batch, read and packed while the one before it is on its way. Piece by piece, with a turn of the loop
 * between: whoever rates while a month of facts is being sent waits for one piece and not for a batch.
 */
import { setImmediate as letThrough } from 'node:timers/promises'
import type { BatchLimits, Outbox, Stretch } from './outbox.ts'
import { type EncodedBatch, encodeJoined, MAX_BATCH_BYTES, MAX_BATCH_EVENTS } from './protocol/batch.ts'
import { MAX_EVENT_BYTES } from './protocol/events.ts'
import type { Verdict } from './uplink-verdict.ts'

/** Read and checked in half a millisecond. */
const PIECE_EVENTS = 50

const BRACKETS_BYTES = 2

/** Its events stay in the store: kept here as well, they would only grow old in memory until its answer. */
export interface ReadyBatch {
  batch: Stretch
  encoded: EncodedBatch
  /** No more goes into one. */
  isFull: boolean
}

/** Null: there is nothing to send. */
export async function makeReady(
  outbox: Outbox,
  { maxEvents = MAX_BATCH_EVENTS }: Pick<BatchLimits, 'maxEvents'> = {},
): Promise<ReadyBatch | null> {
  const read = await readPieces(outbox, { maxEvents })
  return read === null ? null : await pack(read)
}

/**
 * The batch behind another, where both are full: what is not full yet is read when its turn comes, with all that has
 * happened until then in it.
 */
export async function makeFollowing(outbox: Outbox, before: ReadyBatch): Promise<ReadyBatch | null> {
  if (!before.isFull) return null
  const after = { epoch: before.batch.epoch, sequence: before.batch.last }
  const read = await readPieces(outbox, { maxEvents: MAX_BATCH_EVENTS, after })
  return read === null || !read.isFull ? null : await pack(read)
}

/** How many events. */
export function lengthOf({ first, last }: Stretch): number {
  return last - first + 1
}

interface Pieces {
  batch: Stretch
  joined: Buffer[]
  isFull: boolean
}

async function readPieces(
  outbox: Outbox,
  { maxEvents, after }: Required<Pick<BatchLimits, 'maxEvents'>> & Pick<BatchLimits, 'after'>,
): Promise<Pieces | null> {
  const first = readPiece(outbox, { maxEvents, ...(after && { after }) })
  if (first === null) return null
  const { batch } = first
  const joined = [first.bytes]
  let bytes = BRACKETS_BYTES + first.bytes.byteLength
  let asked = Math.min(maxEvents, PIECE_EVENTS)
  let got = lengthOf(batch)
  while (got === asked && lengthOf(batch) < maxEvents) {
    await letThrough()
    asked = Math.min(maxEvents - lengthOf(batch), PIECE_EVENTS)
    const room = MAX_BATCH_BYTES - bytes
    const more = readPiece(outbox, {
      maxEvents: asked,
      maxBytes: room,
      after: { epoch: batch.epoch, sequence: batch.last },
    })
    // The first event of a piece comes however large it is.
    if (more === null || more.bytes.byteLength + 1 > room) break
    if (more.batch.epoch !== batch.epoch || more.batch.first !== batch.last + 1) break
    got = lengthOf(more.batch)
    batch.last = more.batch.last
    joined.push(more.bytes)
    bytes += 1 + more.bytes.byteLength
  }
  const isFull = lengthOf(batch) === MAX_BATCH_EVENTS || bytes > MAX_BATCH_BYTES - MAX_EVENT_BYTES
  return { batch, joined, isFull }
}

function readPiece(
  outbox: Outbox,
  { maxEvents = PIECE_EVENTS, ...limits }: BatchLimits,
): { batch: Stretch; bytes: Buffer } | null {
  const read = outbox.nextBatch({ ...limits, maxEvents: Math.min(maxEvents, PIECE_EVENTS) })
  if (read === null) return null
  const { texts, ...batch } = read
  return { batch, bytes: Buffer.from(texts.join(',')) }
}

async function pack({ batch, joined, isFull }: Pieces): Promise<ReadyBatch> {
  const parts = joined.flatMap((piece, index) => [index === 0 ? OPENING : COMMA, piece])
  const encoded = await encodeJoined(Buffer.concat([...parts, CLOSING]), lengthOf(batch))
  return { batch, encoded, isFull }
}

const OPENING = Buffer.from('[')
const COMMA = Buffer.from(',')
const CLOSING = Buffer.from(']')

/**
 * Whether nothing is to be done about this answer but to let go of the whole batch: only then may the following one
 * leave before that is on the disk. A crash between the two sends the first again, which is a duplicate and success.
 */
export function isPlain(batch: Stretch, verdict: Verdict): boolean {
  return (
    verdict.verdict === 'stored' &&
    verdict.through === batch.last &&
    verdict.rejected.length === 0 &&
    verdict.answer.missing.length === 0
  )
}
