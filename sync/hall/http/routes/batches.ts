/** `POST /v1/batches` (PROTOCOLS.md §1.3): facts come in, each is stored once, nothing is dropped unseen. */
import type { Request } from 'express'
import {
  BATCH_MEDIA_TYPE,
  type BatchAnswer,
  ForkDetails,
  MAX_BATCH_BYTES,
  MAX_MISSING_TOLD,
  splitBatch,
  unpackBatch,
} from '../../../protocol/batch.ts'
import { formatInstant, formatSequence } from '../../../protocol/identifiers.ts'
import { type Answer, ok, refusal } from '../answer.ts'
import { checkBatch } from '../batch-check.ts'
import { mediaType } from '../json.ts'
import type { HallParts } from '../parts.ts'
import type { SignedRequest } from '../signed.ts'

/** As sent. What does not shrink by packing may still be a whole batch. */
export const BATCH_LIMIT_BYTES = MAX_BATCH_BYTES

export async function storeBatch(parts: HallParts, signed: SignedRequest, request: Request): Promise<Answer> {
  if (mediaType(request) !== BATCH_MEDIA_TYPE) return refusal('media-type', `send ${BATCH_MEDIA_TYPE}`)
  const unpacked = await unpackBatch(signed.body, request.headers['content-encoding'])
  if (!unpacked.ok) return refusal(unpacked.code, unpacked.detail)
  const split = splitBatch(unpacked.bytes)
  if (!split.ok) return refusal(split.code, split.detail)
  const { deviceId } = signed.device
  const checked = checkBatch(split.texts, deviceId)
  if (!checked.ok) return refusal(checked.code, checked.detail)

  const at = parts.clock()
  const { epoch, rejected } = checked
  const outcome = await parts.store.storeBatch({ ...checked, deviceId, at, missingLimit: MAX_MISSING_TOLD })
  if (outcome.outcome === 'fork') {
    const stored = { epoch, sequence: formatSequence(outcome.sequence), hash: outcome.hash }
    const detail = 'another event is stored here: stop sending, have this device revoked and enrol it again'
    return refusal('chain-fork', detail, ForkDetails.parse(stored))
  }
  const answer: BatchAnswer = {
    epoch,
    stored: outcome.stored,
    duplicate: outcome.duplicate,
    rejected,
    through: formatSequence(checked.last),
    missing: outcome.missing.map(formatSequence),
    time: formatInstant(at),
  }
  return ok(answer)
}
