/** `PUT /v1/devices/{id}/status` (PROTOCOLS.md §1.4): how a device is, and what it should have. */
import type { Request } from 'express'
import { canonicalText } from '../../../protocol/canonical.ts'
import { type DeviceAlarm, type StatusAnswer, StatusReport } from '../../../protocol/devices.ts'
import { formatInstant } from '../../../protocol/identifiers.ts'
import { settingsFor } from '../../settings.ts'
import { type Answer, ok } from '../answer.ts'
import { parseBody } from '../json.ts'
import type { HallParts } from '../parts.ts'
import type { SignedRequest } from '../signed.ts'

export const STATUS_LIMIT_BYTES = 64 * 1024

export async function putStatus(parts: HallParts, signed: SignedRequest, request: Request): Promise<Answer> {
  const parsed = parseBody(request, signed.body, StatusReport)
  if (!parsed.ok) return parsed.answer
  const { bootId, head } = parsed.value
  const { deviceId } = signed.device
  const at = parts.clock()
  await parts.store.putStatus({ deviceId, bootId, head, text: canonicalText(parsed.value), at })
  const alarms = await alarmsFor(parts, deviceId)
  const answer: StatusAnswer = {
    time: formatInstant(at),
    content: parts.content.manifest.version,
    settings: settingsFor(parts.configuration.settings, signed.device).version,
    sealingKey: parts.sealingKeys.current,
    knows: ['faults'],
    ...(parts.technicianKey === null ? {} : { technicianKey: parts.technicianKey }),
    ...(alarms.length === 0 ? {} : { alarms }),
  }
  return ok(answer)
}

async function alarmsFor({ store }: HallParts, deviceId: string): Promise<DeviceAlarm[]> {
  const cloned = (await store.statusOf(deviceId))?.cloneSeenAt != null
  const forked = (await store.headsOf(deviceId)).some(({ forkedAt }) => forkedAt !== null)
  return [...(cloned ? (['clone'] as const) : []), ...(forked ? (['fork'] as const) : [])]
}
