/** `POST /v1/devices/{id}/technician-code`: whether a technician may choose a new PIN at this device. */
import type { Request } from 'express'
import { sha256Hex } from '../../../protocol/canonical.ts'
import { formatInstant } from '../../../protocol/identifiers.ts'
import { type TechnicianCodeAnswer, TechnicianCodeRequest } from '../../../protocol/technician-reset.ts'
import { type Answer, ok, refusal, retryAfter } from '../answer.ts'
import { parseBody } from '../json.ts'
import type { HallParts } from '../parts.ts'
import type { SignedRequest } from '../signed.ts'

export const TECHNICIAN_CODE_LIMIT_BYTES = 1024

/** As with enrolment codes: 50 bits hold at five tries a minute for the 24 hours that a code is good. */
const TRIES = 5
const TRIES_WINDOW_MS = 60 * 1000

export async function takeTechnicianCode(
  parts: HallParts,
  signed: SignedRequest,
  request: Request,
): Promise<Answer> {
  const { deviceId } = signed.device
  const at = parts.clock()
  const tries = { use: 'technician-code', by: deviceId, limit: TRIES, windowMs: TRIES_WINDOW_MS, at }
  const allowed = await parts.store.allow(tries)
  if (!allowed.allowed) {
    const wait = retryAfter(allowed.retryAfterMs)
    return refusal('too-many-tries', `${TRIES} tries a minute; wait ${wait['retry-after']} s`, {}, wait)
  }
  const parsed = parseBody(request, signed.body, TechnicianCodeRequest)
  if (!parsed.ok) return parsed.answer
  // One answer for all that may be wrong: who guesses is not told how close the guess was.
  if (!(await parts.store.technicianCodes.take(sha256Hex(parsed.value.code), deviceId, at)))
    return refusal(
      'technician-code-bad',
      'unknown, over 24 hours old, used before, or another device’s: ask the hall for a new one',
    )
  const body: TechnicianCodeAnswer = { time: formatInstant(at) }
  return ok(body)
}
