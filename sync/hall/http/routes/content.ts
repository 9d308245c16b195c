/** `GET /v1/content` and its items (PROTOCOLS.md §1.4). */
import type { Request } from 'express'
import { type Answer, refusal } from '../answer.ts'
import { cached } from '../etag.ts'
import type { HallParts } from '../parts.ts'

/** An item is named by its bytes, so it never changes (RFC 8246). */
const IMMUTABLE = 'private, max-age=31536000, immutable'

export async function getManifest(parts: HallParts, request: Request): Promise<Answer> {
  return cached(request, parts.content.manifest.version, parts.content.manifest)
}

export async function getItem(parts: HallParts, request: Request): Promise<Answer> {
  const sha256 = String(request.params.sha256)
  const item = parts.content.item(sha256)
  if (item === null) return refusal('not-found', 'no item has this SHA-256: read the manifest again')
  const answer = cached(request, sha256, item.bytes, IMMUTABLE)
  return { ...answer, headers: { ...answer.headers, 'content-type': item.mediaType } }
}
