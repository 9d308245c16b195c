/** Who sent a request (PROTOCOLS.md §1.1). Nothing of a request is used before this has said yes. */
import type { Request, Response } from 'express'
import { formatInstant } from '../../protocol/identifiers.ts'
import type { SigningKey } from '../../protocol/keys.ts'
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

/** Null answer: nobody is there any more to take one. */
export type Passed<T> = { ok: true; value: T } | { ok: false; answer: Answer | null }

interface Signer {
  publicKey: SigningKey
}

/** The enrolled device whose signature this request bears, and what it sent. */
export async function authenticate(
  parts: HallParts,
  request: Request,
  response: Response,
  limitBytes: number,
): Promise<Passed<SignedRequest>> {
  const body = await receive(request, limitBytes)
  if (!body.ok) return body
  const signer = await verifySigner(parts, request, body.value, (keyId) => parts.store.device(keyId))
  if (!signer.ok) return signer
  const device = signer.value
  response.locals.device = device.deviceId
  if (device.revokedAt !== null)
    return refuse(refusal('revoked', 'this device was revoked at the hall: enrol it again with a new code'))
  const named = request.params.id
  if (named !== undefined && named !== device.deviceId)
    return refuse(refusal('wrong-device', 'the path names another device than the one that signed'))
  return { ok: true, value: { device, body: body.value } }
}

/** The bytes as they were sent, still packed. */
export async function receive(request: Request, limitBytes: number): Promise<Passed<Uint8Array>> {
  const body = await readBody(request, limitBytes)
  if (body.outcome === 'aborted') return { ok: false, answer: null }
  if (body.outcome === 'whole') return { ok: true, value: body.bytes }
  const detail = `at most ${limitBytes} bytes are taken here`
  return refuse(refusal('body-too-large', detail, {}, { connection: 'close' }))
}

/** Whose key signed the request, among those that `find` knows by their keyid. */
export async function verifySigner<T extends Signer>(
  parts: HallParts,
  request: Request,
  body: Uint8Array,
  find: (keyId: string) => Promise<T | null>,
): Promise<Passed<T>> {
  const now = parts.clock()
  const asked: (T | null)[] = []
  const keyOf = async (keyId: string): Promise<SigningKey | null> => {
    const signer = await find(keyId)
    asked.push(signer)
    return signer?.publicKey ?? null
  }
  const received = { method: request.method, path: request.originalUrl, headers: request.headers, body }
  const verified = await verifyRequest(received, keyOf, now)
  const signer = asked.at(-1)
  if (verified.ok && signer) return { ok: true, value: signer }
  if (verified.ok) throw new Error('a signature was accepted without a key')
  const members = verified.code === 'clock' ? { time: formatInstant(now) } : {}
  return refuse(refusal(verified.code, verified.detail, members))
}

function refuse(answer: Answer): { ok: false; answer: Answer } {
  return { ok: false, answer }
}
