/** Who stands at the device: the sealed user of a request, opened once and only for what it was sealed for. */
import { createHash } from 'node:crypto'
import { formatInstant } from '../../protocol/identifiers.ts'
import { Personal } from '../../protocol/personal.ts'
import { type SealedUser, type SealPurpose, type Unsealed, unseal } from '../../protocol/sealing.ts'
import type { Applicant } from '../case-system/case-system.ts'
import { type Answer, refusal, retryAfter } from './answer.ts'
import type { HallParts } from './parts.ts'

/** What was sealed longer ago was not sealed for somebody who is waiting here. Either way of the clock. */
const SEALED_LIFETIME_MS = 2 * 60 * 1000

export interface Sealed {
  jwe: string
  device: string
  purpose: SealPurpose
  /** Of a request that may be sent again under its Idempotency-Key; null for one that may not. */
  requestHash: string | null
}

export type OpenedUser = { ok: true; user: Personal<SealedUser> } | { ok: false; answer: Answer }

export async function openUser(parts: HallParts, sealed: Sealed): Promise<OpenedUser> {
  const { jwe, device, purpose } = sealed
  const opened = await unseal(jwe, parts.sealingKeys.all, { purpose, device })
  if (!opened.ok)
    return refuse(refusal(opened.code, 'seal the card again, for this request, with the hall’s current key'))
  const { user } = opened.unsealed.reveal()
  if (user === undefined) return refuse(refusal('seal-malformed', 'a user has to be sealed in it'))
  const refused = await refuseRepeats(parts, sealed, opened.unsealed)
  return refused === null ? { ok: true, user: new Personal(user) } : refuse(refused)
}

async function refuseRepeats(
  parts: HallParts,
  { device, requestHash }: Sealed,
  { sealedAt, jti }: Unsealed,
): Promise<Answer | null> {
  const at = parts.clock()
  // Its first answer may have been lost for longer than a sealing lives.
  if (requestHash !== null && (await parts.store.sealed.known(device, jti, requestHash, at))) return null
  if (Math.abs(at.getTime() - sealedAt.getTime()) > SEALED_LIFETIME_MS)
    return refusal('seal-too-old', 'over 2 minutes from this clock: seal the card again', {
      time: formatInstant(at),
    })
  const until = new Date(sealedAt.getTime() + SEALED_LIFETIME_MS)
  const fresh =
    requestHash === null
      ? await parts.store.takeOnce(device, jti, until, at)
      : (await parts.store.sealed.take(device, jti, requestHash, at)) !== 'other'
  return fresh ? null : refusal('seal-repeated', 'each sealing is taken once: seal the card again')
}

export interface HourlyLimit {
  use: string
  limit: number
  code: 'too-many-searches' | 'too-many-tries'
  /** What there is a limit of, in words. */
  what: string
}

const HOUR_MS = 60 * 60 * 1000

/** Null: allowed, and counted unless it was only asked. */
export async function refuseBeyond(
  parts: HallParts,
  device: string,
  { use, limit, code, what }: HourlyLimit,
  ask?: 'only',
): Promise<Answer | null> {
  const asked = { use, by: device, limit, windowMs: HOUR_MS, at: parts.clock() }
  const allowed = await parts.store.allow(ask === undefined ? asked : { ...asked, ask })
  if (allowed.allowed) return null
  const wait = retryAfter(allowed.retryAfterMs)
  return refusal(code, `${limit} ${what} an hour for each device; wait ${wait['retry-after']} s`, {}, wait)
}

export function applicantOf(user: Personal<SealedUser>): Personal<Applicant> {
  const { name, idType, idNumber } = user.reveal()
  return new Personal({ name, idType, idNumber })
}

/** Names one request of one device, whatever it holds. */
export function requestHashOf(path: string, key: string, body: Uint8Array): string {
  return createHash('sha256').update(`${path}\n${key}\n`).update(body).digest('base64url')
}

function refuse(answer: Answer): { ok: false; answer: Answer } {
  return { ok: false, answer }
}
