/** Who sent a request (PROTOCOLS.md §1.1). Nothing of a request is used before this has said yes. */
import type { Request, Response } from 'express'
import type { SigningKey } from '../../protocol/keys.ts'
import { formatInstant } from '../../protocol/identifiers.ts'
import { verifyRequest } from '../../protocol/signature.ts'
import type { StoredDevice } from '../store/store.ts'
import { type Answer, refusal } from './answer.ts'
import { readBody } from './body.ts'
import type { HallParts } from './parts.ts'

export interface SignedRequest {
  device: StoredDevice
  /** As sent, before unpacking; empty where there is no body. */
  body: Uint8Array
}

export type Authentication<T> = { ok: true; request: T } | { ok: false; answer: Answer | null }

/** The device whose signature this request bears. Null answer: nobody is there any more. */
export async function authenticate(
  parts: HallParts,
  request: Request,
  response: Response,
  limitBytes: number,
): Promise<Authentication<SignedRequest>> {
  const received = await receive(request, limitBytes)
  if (!received.ok) return received
  const checked = await verify(parts, request, received.request, async (keyId) => {
    return (await parts.store.device(keyId))?.publicKey ?? null
  })
  if (!checked.ok) return checked
  const device = await parts.store.device(checked.request)
  if (device === null) return refuse(refusal('unknown-key', 'no device has this keyid'))
  response.locals['device'] = device.deviceId
  if (device.revokedAt !== null)
    return refuse(refusal('revoked', 'this device was revoked at the hall: enrol it again with a new code'))
  const named = request.params['id']
  if (named !== undefined && named !== device.deviceId)
    return refuse(refusal('wrong-device', 'the path names another device than the one that signed'))
  return { ok: true, request: { device, body: received.request } }
}

/** The body of a request that is signed by the key it brings along, as at enrolment. */
export async function authenticateBy(
  parts: HallParts,
  request: Request,
  body: Uint8Array,
  keyOf: (keyId: string) => SigningKey | null,
): Promise<Authentication<string>> {
  return await verify(parts, request, body, async (keyId) => keyOf(keyId))
}

export async function receive(request: Request, limitBytes: number): Promise<Authentication<Uint8Array>> {
  const body = await readBody(request, limitBytes)
  if (body.outcome === 'aborted') return { ok: false, answer: null }
  if (body.outcome === 'whole') return { ok: true, request: body.bytes }
  return refuse(
    refusal('body-too-large', `at most ${limitBytes} bytes are taken here`, {}, { connection: 'close' }),
  )
}

async function verify(
  parts: HallParts,
  request: Request,
  body: Uint8Array,
  keyOf: (keyId: string) => Promise<SigningKey | null>,
): Promise<Authentication<string>> {
  const now = parts.clock()
  const received = { method: request.method, path: request.originalUrl, headers: request.headers, body }
  const verified = await verifyRequest(received, keyOf, now)
  if (verified.ok) return { ok: true, request: verified.keyId }
  const members = verified.code === 'clock' ? { time: formatInstant(now) } : {}
  return refuse(refusal(verified.code, verified.detail, members))
}

function refuse(answer: Answer): { ok: false; answer: Answer } {
  return { ok: false, answer }
}
