/** Versions as entity tags (RFC 9110 §8.8.3, §13.1.2). */
import type { Request } from 'express'
import { type Answer, ok } from './answer.ts'

/** `body` under its version, or 304 when the client has that version already. */
export function cached(request: Request, version: string, body: unknown, cacheControl = 'no-cache'): Answer {
  const headers = { etag: `"${version}"`, 'cache-control': cacheControl }
  const known = (request.headers['if-none-match'] ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
  if (known.includes(headers.etag) || known.includes('*')) return { status: 304, headers, body: null }
  return ok(body, headers)
}
