/**
 * `GET /v1/devices/{id}/settings` (PROTOCOLS.md §1.4): an allow-list, so that a hall server taken over by somebody
 * else cannot make a device act outside its contract. No setting is handed out by this version.
 */
import type { Request } from 'express'
import { canonicalText, sha256Base64url } from '../../../protocol/canonical.ts'
import type { Answer } from '../answer.ts'
import { cached } from '../etag.ts'

const settings = {}
const version = sha256Base64url(canonicalText(settings))

export function settingsVersion(): string {
  return version
}

export async function getSettings(request: Request): Promise<Answer> {
  return cached(request, version, settings)
}
