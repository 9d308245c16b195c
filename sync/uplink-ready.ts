/** The next batch, read and packed while the one before it is on its way. */
import type { BatchLimits, Outbox, OutgoingBatch } from './outbox.ts'
import {
  batchBytes,
  type EncodedBatch,
  encodeBatch,
  MAX_BATCH_BYTES,
  MAX_BATCH_EVENTS,
} from './protocol/batch.ts'
import { MAX_EVENT_BYTES } from './protocol/events.ts'
import type { Verdict } from './uplink-verdict.ts'

export interface ReadyBatch {
  batch: OutgoingBatch
  encoded: EncodedBatch
}

/** Null: there is nothing to send. */
export function makeReady(outbox: Outbox, limits: BatchLimits): ReadyBatch | null {
  const batch = outbox.nextBatch(limits)
  return batch === null ? null : { batch, encoded: encodeBatch(batch.texts) }
}

/**
 * The batch behind `batch`, where both are full: what is not full yet is read when its turn comes, with all that has
 * happened until then in it.
 */
export function makeFollowing(outbox: Outbox, batch: OutgoingBatch): ReadyBatch | null {
  if (!isFull(batch)) return null
  const following = outbox.nextBatch({ after: { epoch: batch.epoch, sequence: batch.last } })
  return following === null || !isFull(following)
    ? null
    : { batch: following, encoded: encodeBatch(following.texts) }
}

function isFull({ texts }: OutgoingBatch): boolean {
  return texts.length === MAX_BATCH_EVENTS || batchBytes(texts) > MAX_BATCH_BYTES - MAX_EVENT_BYTES
}

/**
 * Whether nothing is to be done about this answer but to let go of the whole batch: only then may the following one
 * leave before that is on the disk. A crash between the two sends the first again, which is a duplicate and success.
 */
export function isPlain(batch: OutgoingBatch, verdict: Verdict): boolean {
  return (
    verdict.verdict === 'stored' &&
    verdict.through === batch.last &&
    verdict.rejected.length === 0 &&
    verdict.answer.missing.length === 0
  )
}
