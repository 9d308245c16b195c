/** `POST /v1/devices` (PROTOCOLS.md §1.1): a new device joins with a technician's code. */
import type { Request, Response } from 'express'
import { type EnrolmentAnswer, EnrolmentRequest } from '../../../protocol/devices.ts'
import { formatInstant } from '../../../protocol/identifiers.ts'
import { thumbprint } from '../../../protocol/keys.ts'
import { enrol } from '../../enrolment.ts'
import type { EnrolOutcome } from '../../store/store.ts'
import { type Answer, refusal, retryAfter } from '../answer.ts'
import { clientAddress } from '../client-address.ts'
import { parseBody } from '../json.ts'
import type { HallParts } from '../parts.ts'
import { receive, verifySigner } from '../signed.ts'

/** A key, a name and a few words. */
const BODY_LIMIT_BYTES = 16 * 1024

/**
 * The contract's five tries a minute, counted for each address that they come from: a guesser elsewhere keeps no
 * technician waiting. 50 bits hold against any number of addresses for the 24 hours that a code is good.
 */
const TRIES = 5
const TRIES_WINDOW_MS = 60 * 1000

export async function enrolDevice(
  parts: HallParts,
  request: Request,
  response: Response,
): Promise<Answer | null> {
  const received = await receive(request, BODY_LIMIT_BYTES)
  if (!received.ok) return received.answer
  const by = clientAddress(request, parts.configuration.proxies ?? [])
  const at = parts.clock()
  const tries = { use: 'enrolment', by, limit: TRIES, windowMs: TRIES_WINDOW_MS, at }
  const allowed = await parts.store.allow(tries)
  if (!allowed.allowed) {
    const wait = retryAfter(allowed.retryAfterMs)
    return refusal('too-many-tries', `${TRIES} tries a minute; wait ${wait['retry-after']} s`, {}, wait)
  }
  const parsed = parseBody(request, received.value, EnrolmentRequest)
  if (!parsed.ok) return parsed.answer
  const { publicKey } = parsed.value
  const ownName = thumbprint(publicKey)
  const signed = await verifySigner(parts, request, received.value, async (keyId) => {
    return keyId === ownName ? { publicKey } : null
  })
  if (!signed.ok) return signed.answer

  await parts.codesStored()
  const enrolled = await enrol(parts.store, parsed.value, at)
  if (enrolled.outcome !== 'enrolled') return refused(enrolled)
  response.locals.device = enrolled.deviceId
  const { deviceId } = enrolled
  const body: EnrolmentAnswer = { deviceId, sealingKey: parts.sealingKeys.current, time: formatInstant(at) }
  return { status: 201, body }
}

/** One code for all three: who guesses is not told how close the guess was. */
function refused({ outcome }: Exclude<EnrolOutcome, { outcome: 'enrolled' }>): Answer {
  if (outcome === 'revoked') return refusal('revoked', 'this device was revoked: ask the hall for a new code')
  return refusal(
    'enrolment-code-bad',
    'unknown, over 24 hours old, or used by another device: ask for a new code',
  )
}
