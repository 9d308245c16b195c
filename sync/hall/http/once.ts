/**
 * Requests under an Idempotency-Key (PROTOCOLS.md §1.4): the same key and body again get the same answer, whichever
 * instance is asked, for a day; the same key with another body is a defect of the device. What is kept is locked with
 * the request's own bytes and lies under a hash of the key, so that no name, code, handle or wish can be read from the
 * store, nor guessed.
 */
import { createHash } from 'node:crypto'
import type { Request } from 'express'
import { lock, unlock } from '../store/locked.ts'
import type { KeptAnswer } from '../store/store.ts'
import { type Answer, refusal } from './answer.ts'
import type { HallParts } from './parts.ts'
import { requestHashOf } from './sealed.ts'
import type { SignedRequest } from './signed.ts'

/** As the signature takes it: visible ASCII without a comma, which would be two headers joined. */
const KEY = /^[\x21-\x2b\x2d-\x7e]{1,128}$/

export interface OnceRequest {
  /** For outside systems: names this errand of this device, and says nothing of it. */
  key: string
  /** Names this request with all that it holds. */
  requestHash: string
}

/**
 * @param work its success (2xx) is kept; whatever else it answers may be tried again under the same key
 * @param told what a kept body is told as, where that grows old: the same while it is good
 */
export async function once(
  parts: HallParts,
  { device, body }: SignedRequest,
  request: Request,
  work: (once: OnceRequest) => Promise<Answer>,
  told: (kept: unknown) => Promise<unknown> = async (kept) => kept,
): Promise<Answer> {
  const { deviceId } = device
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || !KEY.test(key))
    return refusal('idempotency-key-missing', 'send an Idempotency-Key, one for each errand')
  const requestHash = requestHashOf(request.path, key, body)
  const secret = createHash('sha512').update(`${key}\n`).update(body).digest()

  const under = keyInStore(deviceId, key)
  const kept = await parts.store.keptAnswer(deviceId, under)
  if (kept !== null) return await again(kept)
  const answer = await work({ key: errandKey(deviceId, key), requestHash })
  if (answer.status < 200 || answer.status > 299) return answer
  const mine = { requestHash, status: answer.status, body: lock(secret, JSON.stringify(answer.body)) }
  // Another instance may have been quicker with the same request: then its answer is the answer.
  return await again(await parts.store.keepAnswer(deviceId, under, mine, parts.clock()))

  async function again(answered: KeptAnswer): Promise<Answer> {
    const text = answered.requestHash === requestHash ? unlock(secret, answered.body) : null
    if (text === null)
      return refusal('idempotency-key-reused', 'this key belongs to another request: take a new one')
    return { status: answered.status, body: await told(JSON.parse(text)) }
  }
}

/** The key is what a thief of the database lacks for guessing a body that has few shapes, such as a ticket's. */
function keyInStore(deviceId: string, key: string): string {
  return createHash('sha256').update(`kept\n${deviceId}\n${key}`).digest('base64url')
}

/** Two devices may choose the same key. */
function errandKey(deviceId: string, key: string): string {
  return createHash('sha256').update(`${deviceId}\n${key}`).digest('base64url')
}
