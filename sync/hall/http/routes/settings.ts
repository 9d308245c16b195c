/**
 * `GET /v1/devices/{id}/settings` (PROTOCOLS.md §1.4): an allow-list, so that a hall server taken over by somebody
 * else cannot make a device act outside its contract.
 */
import type { Request } from 'express'
import { settingsFor } from '../../settings.ts'
import type { Answer } from '../answer.ts'
import { cached } from '../etag.ts'
import type { HallParts } from '../parts.ts'
import type { SignedRequest } from '../signed.ts'

export async function getSettings(
  parts: HallParts,
  signed: SignedRequest,
  request: Request,
): Promise<Answer> {
  const { version, settings } = settingsFor(parts.configuration.settings, signed.device)
  return cached(request, version, settings)
}
