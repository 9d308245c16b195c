/** Which integrating system asks (PROTOCOLS.md §1.5): by the bearer token that `window24 hall token` printed. */
import type { Request } from 'express'
import { tokenHash } from '../tokens.ts'
import { refusal, retryAfter } from './answer.ts'
import type { HallParts } from './parts.ts'
import type { Passed } from './signed.ts'

/** RFC 6750 §2.1; ours are 43 characters, and what is far longer is nobody's. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]{1,256}=*)$/i

export interface AskingSystem {
  /** Names its token, and opens nothing. */
  tokenHash: string
}

/** Before the body is read: who has no token makes the server hold nothing. */
export async function authenticateSystem(
  parts: Pick<HallParts, 'store' | 'limits' | 'clock'>,
  request: Pick<Request, 'method' | 'route' | 'headers'>,
): Promise<Passed<AskingSystem>> {
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1]
  const hash = token === undefined ? null : tokenHash(token)
  if (hash === null || (await parts.store.tokens.nameOf(hash, parts.clock())) === null) {
    const detail =
      'send "Authorization: Bearer" with a token of this hall that is in use (window24 hall token NAME)'
    return { ok: false, answer: refusal('unauthorized', detail, {}, { 'www-authenticate': 'Bearer' }) }
  }
  const limited = parts.limits.take(`token ${hash}`, `${request.method} ${request.route.path}`)
  if (limited === null) return { ok: true, value: { tokenHash: hash } }
  const wait = retryAfter(limited.retryAfterMs)
  const detail = `more of these than the windows of a hall need; wait ${wait['retry-after']} s`
  return { ok: false, answer: refusal('too-many-requests', detail, {}, wait) }
}
