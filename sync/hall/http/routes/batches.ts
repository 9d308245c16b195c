/** `POST /v1/batches` (PROTOCOLS.md §1.3): facts come in, each is stored once, nothing is dropped unseen. */
import type { Request, Response } from 'express'
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
import { type Answer, ok, refusal, retryAfter } from '../answer.ts'
import { checkBatch } from '../batch-check.ts'
import type { BatchPass } from '../batch-gate.ts'
import { mediaType } from '../json.ts'
import type { HallParts } from '../parts.ts'
import { authenticateBody, authenticateHead, type SignedHead, type SignedRequest } from '../signed.ts'

/** As sent. What does not shrink by packing may still be a whole batch. */
const BATCH_LIMIT_BYTES = MAX_BATCH_BYTES

/**
 * A hall with too much to do says so before it reads, checks or unpacks anything: once it is proven who asks, or to
 * whoever asks where a crowd is too long for that.
 */
export async function receiveBatch(
  parts: HallParts,
  request: Request,
  response: Response,
): Promise<Answer | null> {
  const { batches } = parts.limits
  const announced = Math.min(
    Number(request.headers['content-length'] ?? BATCH_LIMIT_BYTES),
    BATCH_LIMIT_BYTES,
  )
  const crowd = batches.arrived(announced)
  if (crowd !== null) return comeAgain(crowd.retryAfterMs)
  const head = await authenticateHead(parts, request, response)
  if (!head.ok) return head.answer
  const entrance = batches.enter(head.value.device.deviceId, announced)
  if (!entrance.admitted) return comeAgain(entrance.retryAfterMs)
  const { pass } = entrance
  try {
    const answer = await takeBatch(parts, request, head.value, pass)
    if (answer?.status === 200) pass.leave('stored')
    return answer
  } finally {
    pass.leave()
  }
}

async function takeBatch(
  parts: HallParts,
  request: Request,
  head: SignedHead,
  pass: BatchPass,
): Promise<Answer | null> {
  const signed = await authenticateBody(parts, request, head, BATCH_LIMIT_BYTES)
  if (!signed.ok) return signed.answer
  const turn = await pass.turn(signed.value.body.byteLength)
  return turn.admitted ? await storeBatch(parts, signed.value, request) : comeAgain(turn.retryAfterMs)
}

function comeAgain(retryAfterMs: number): Answer {
  const wait = retryAfter(retryAfterMs)
  const detail = `many devices send at once; nothing of this was read: send it again in ${wait['retry-after']} s`
  return refusal('hall-busy', detail, {}, wait)
}

async function storeBatch(parts: HallParts, signed: SignedRequest, request: Request): Promise<Answer> {
  if (mediaType(request) !== BATCH_MEDIA_TYPE) return refusal('media-type', `send ${BATCH_MEDIA_TYPE}`)
  const unpacked = unpackBatch(signed.body, request.headers['content-encoding'])
  if (!unpacked.ok) return refusal(unpacked.code, unpacked.detail)
  const split = splitBatch(unpacked.bytes)
  if (!split.ok) return refusal(split.code, split.detail)
  const { deviceId } = signed.device
  const checked = checkBatch(split.events, deviceId)
  if (!checked.ok) return refusal(checked.code, checked.detail)

  const at = parts.clock()
  const { epoch, rejected } = checked
  const outcome = await parts.store.storeBatch({ ...checked, deviceId, at, missingLimit: MAX_MISSING_TOLD })
  if (outcome.outcome === 'fork') {
    const stored = { epoch, sequence: formatSequence(outcome.sequence), hash: outcome.hash }
    const detail = 'another event is stored here: stop sending, have this device revoked and enrol it again'
    return refusal('chain-fork', detail, ForkDetails.parse(stored))
  }
  if (outcome.stored > 0) parts.province?.wake()
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
