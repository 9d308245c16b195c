/** Who sent a request (PROTOCOLS.md §1.1). Nothing of a request is used before this has said yes. */
import type { Request, Response } from 'express'
import { formatInstant } from '../../protocol/identifiers.ts'
import type { SigningKey } from '../../protocol/keys.ts'
import {
  type ReceivedHead,
  type SignatureRefusal,
  type VerifiedHead,
  verifyBody,
  verifyCreated,
  verifyHead,
  verifyRequest,
} from '../../protocol/signature.ts'
import type { StoredDevice } from '../store/store.ts'
import { type Answer, refusal, retryAfter } from './answer.ts'
import { announcesBody, readBody } from './body.ts'
import type { HallParts } from './parts.ts'

export interface SignedRequest {
  device: StoredDevice
  /** As sent, before unpacking; empty where there is no body. */
  body: Uint8Array
}

/** Null answer: nobody is there any more to take one. */
export type Passed<T> = { ok: true; value: T } | { ok: false; answer: Answer | null }

interface Signer {
  publicKey: SigningKey
}

/**
 * The enrolled device whose signature this request bears, and what it sent. Who signed is settled before the body is
 * read, so that only a device of this hall, and only within its limits, makes the server hold anything.
 */
export async function authenticate(
  parts: HallParts,
  request: Request,
  response: Response,
  limitBytes: number,
): Promise<Passed<SignedRequest>> {
  const head = await authenticateHead(parts, request, response)
  if (!head.ok) return head
  return await authenticateBody(parts, request, head.value, limitBytes)
}

export interface SignedHead {
  device: StoredDevice
  head: VerifiedHead
}

/** Everything that can be known before the body: key, signature, revocation, path, time and the device's own limits. */
export async function authenticateHead(
  parts: HallParts,
  request: Request,
  response: Response,
): Promise<Passed<SignedHead>> {
  let device: StoredDevice | null = null
  const head = await verifyHead(headOf(request), async (keyId) => {
    device = await parts.store.device(keyId)
    return device?.publicKey ?? null
  })
  if (!head.ok) return refusedBy(head, parts.clock())
  if (device === null) throw new Error('a signature was accepted without a key')
  const { deviceId, revokedAt }: StoredDevice = device
  response.locals.device = deviceId
  if (revokedAt !== null)
    return refuse(refusal('revoked', 'this device was revoked at the hall: enrol it again with a new code'))
  const named = request.params.id
  if (named !== undefined && named !== deviceId)
    return refuse(refusal('wrong-device', 'the path names another device than the one that signed'))
  const now = parts.clock()
  const stale = verifyCreated(head, now)
  if (stale !== null) return refusedBy(stale, now)
  const limited = parts.limits.take(deviceId, `${request.method} ${request.route.path}`)
  if (limited !== null) {
    const wait = retryAfter(limited.retryAfterMs)
    const detail = `more of these than any device needs; wait ${wait['retry-after']} s`
    return refuse(refusal('too-many-requests', detail, {}, wait))
  }
  return { ok: true, value: { device, head } }
}

/** The bytes that were signed for, and that they were signed just now. */
export async function authenticateBody(
  parts: HallParts,
  request: Request,
  { device, head }: SignedHead,
  limitBytes: number,
): Promise<Passed<SignedRequest>> {
  const body = await receive(request, limitBytes)
  if (!body.ok) return body
  const now = parts.clock()
  const verified = verifyBody(head, body.value, now)
  return verified.ok ? { ok: true, value: { device, body: body.value } } : refusedBy(verified, now)
}

/** The bytes as they were sent, still packed. */
export async function receive(request: Request, limitBytes: number): Promise<Passed<Uint8Array>> {
  const body = await readBody(request, limitBytes)
  switch (body.outcome) {
    case 'whole':
      return { ok: true, value: body.bytes }
    case 'aborted':
      return { ok: false, answer: null }
    case 'too-large':
      return refuse(
        refusal('body-too-large', `at most ${limitBytes} bytes are taken here`, {}, { connection: 'close' }),
      )
    case 'too-slow':
      return refuse(
        refusal('body-too-slow', 'the whole body has to come within 30 s', {}, { connection: 'close' }),
      )
  }
}

/** Whose key signed the request, among those that `find` knows by their keyid. */
export async function verifySigner<T extends Signer>(
  parts: HallParts,
  request: Request,
  body: Uint8Array,
  find: (keyId: string) => Promise<T | null>,
): Promise<Passed<T>> {
  const now = parts.clock()
  let signer: T | null = null
  const { method, originalUrl: path, headers } = request
  const verified = await verifyRequest(
    { method, path, headers, body },
    async (keyId) => {
      signer = await find(keyId)
      return signer?.publicKey ?? null
    },
    now,
  )
  if (!verified.ok) return refusedBy(verified, now)
  if (signer === null) throw new Error('a signature was accepted without a key')
  return { ok: true, value: signer }
}

function headOf(request: Request): ReceivedHead {
  const { method, originalUrl, headers } = request
  return { method, path: originalUrl, headers, hasBody: announcesBody(request) }
}

/** A clock that is off is told the time, so that the device can sign by it. */
function refusedBy({ code, detail }: SignatureRefusal, now: Date): { ok: false; answer: Answer } {
  return refuse(refusal(code, detail, code === 'clock' ? { time: formatInstant(now) } : {}))
}

function refuse(answer: Answer): { ok: false; answer: Answer } {
  return { ok: false, answer }
}
