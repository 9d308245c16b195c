/**
 * The next batch, read and packed while the one before it is on its way. Piece by piece, with a turn of the loop
 * between: whoever rates while a month of facts is being sent waits for one piece and not for a batch.
 */
import { setImmediate as letThrough } from 'node:timers/promises'
import type { BatchLimits, Outbox, OutgoingBatch, Stretch } from './outbox.ts'
import { type EncodedBatch, encodeJoined, MAX_BATCH_BYTES, MAX_BATCH_EVENTS } from './protocol/batch.ts'
import { MAX_EVENT_BYTES } from './protocol/events.ts'
import type { Verdict } from './uplink-verdict.ts'

/** Read and checked in half a millisecond. */
const PIECE_EVENTS = 50

const OPENING = 0x5b
const COMMA = 0x2c
const CLOSING = 0x5d
const OPENING_BYTES = 1
const COMMA_BYTES = 1
const CLOSING_BYTES = 1

/** Its events stay in the store: kept here as well, they would only grow old in memory until its answer. */
export interface ReadyBatch {
  batch: Stretch
  encoded: EncodedBatch
  /** No more goes into one. */
  isFull: boolean
}

export interface Packer {
  /** Null: there is nothing to send. */
  next(limits?: Pick<BatchLimits, 'maxEvents'>): Promise<ReadyBatch | null>
  /**
   * The batch behind another, where both are full: what is not full yet is read when its turn comes, with all that has
   * happened until then in it.
   */
  following(before: ReadyBatch): Promise<ReadyBatch | null>
}

interface Pieces {
  batch: Stretch
  bytes: number
  isFull: boolean
}

/** For one that sends: one batch is packed at a time, each in the same place. */
export function createPacker(outbox: Outbox): Packer {
  const plain = Buffer.allocUnsafe(MAX_BATCH_BYTES)

  async function read({ maxEvents = MAX_BATCH_EVENTS, after }: BatchLimits): Promise<Pieces | null> {
    const first = readPiece({ maxEvents, ...(after && { after }) }, OPENING_BYTES)
    if (first === null) return null
    const { joined, ...batch } = first
    let bytes = OPENING_BYTES + joined.byteLength
    let asked = Math.min(maxEvents, PIECE_EVENTS)
    let got = lengthOf(batch)
    while (got === asked && lengthOf(batch) < maxEvents) {
      await letThrough()
      asked = Math.min(maxEvents - lengthOf(batch), PIECE_EVENTS)
      const behind = { epoch: batch.epoch, sequence: batch.last }
      const room = MAX_BATCH_BYTES - bytes - CLOSING_BYTES
      const more = readPiece({ maxEvents: asked, maxBytes: room, after: behind }, bytes + COMMA_BYTES)
      // The first event of a piece comes however large it is.
      if (more === null || more.joined.byteLength + COMMA_BYTES > room) break
      if (more.epoch !== batch.epoch || more.first !== batch.last + 1) break
      plain[bytes] = COMMA
      got = lengthOf(more)
      batch.last = more.last
      bytes += COMMA_BYTES + more.joined.byteLength
    }
    const isFull =
      lengthOf(batch) === MAX_BATCH_EVENTS || bytes + CLOSING_BYTES > MAX_BATCH_BYTES - MAX_EVENT_BYTES
    return { batch, bytes, isFull }
  }

  /** @param at where its first byte belongs */
  function readPiece({ maxEvents = PIECE_EVENTS, ...limits }: BatchLimits, at: number): OutgoingBatch | null {
    const into = plain.subarray(at)
    const piece = outbox.nextBatch({ ...limits, maxEvents: Math.min(maxEvents, PIECE_EVENTS), into })
    // One that found no room there is in a place of its own.
    if (piece !== null && piece.joined.buffer !== into.buffer) piece.joined.copy(into)
    return piece
  }

  async function pack({ batch, bytes, isFull }: Pieces): Promise<ReadyBatch> {
    plain[0] = OPENING
    plain[bytes] = CLOSING
    const encoded = await encodeJoined(plain.subarray(0, bytes + CLOSING_BYTES), lengthOf(batch))
    return { batch, encoded, isFull }
  }

  return {
    async next(limits = {}) {
      const pieces = await read(limits)
      return pieces === null ? null : await pack(pieces)
    },
    async following({ batch, isFull }) {
      if (!isFull) return null
      const pieces = await read({ after: { epoch: batch.epoch, sequence: batch.last } })
      return pieces === null || !pieces.isFull ? null : await pack(pieces)
    },
  }
}

/** How many events. */
export function lengthOf({ first, last }: Stretch): number {
  return last - first + 1
}

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
