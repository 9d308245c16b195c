/** Every device of a hall as its staff need to know of it: alive, behind, in trouble. */
import { z } from 'zod'
import { StatusReport } from '../protocol/devices.ts'
import type { ChainHead, Store, StoredDevice, StoredStatus } from './store/store.ts'

/** Three reports of a minute each: one may be lost, two is a bad line, three is nobody there. */
const SILENT_AFTER_MS = 3 * 60 * 1000

export type DeviceAlarm =
  | 'clone' // two machines run with one identity, in turn
  | 'fork' // two chains were seen under one identity
  | 'silent' // nothing was heard for over three minutes
  | 'never-heard'
  | 'clock' // over a second away from the hall's, or not measured
  | 'peripheral' // something that is set up is not ready

export interface FleetDevice {
  device: StoredDevice
  lastHeardAt: Date | null
  /** As it told last; null before its first status. */
  status: StatusReport | null
  /** Empty for a device that was revoked: nobody waits for it any more. */
  alarms: DeviceAlarm[]
}

/** In order of enrolment. */
export async function fleetOf(store: Store, now: Date): Promise<FleetDevice[]> {
  const fleet: FleetDevice[] = []
  for (const device of await store.devices()) {
    const stored = await store.statusOf(device.deviceId)
    const status = stored === null ? null : readStatus(stored.text)
    const heads = await store.headsOf(device.deviceId)
    const alarms = device.revokedAt === null ? alarmsOf(stored, status, heads, now) : []
    fleet.push({ device, lastHeardAt: stored?.at ?? null, status, alarms })
  }
  return fleet
}

function alarmsOf(
  stored: StoredStatus | null,
  status: StatusReport | null,
  heads: readonly ChainHead[],
  now: Date,
): DeviceAlarm[] {
  if (stored === null) return ['never-heard']
  const alarms: DeviceAlarm[] = []
  if (stored.cloneSeenAt !== null) alarms.push('clone')
  if (heads.some(({ forkedAt }) => forkedAt !== null)) alarms.push('fork')
  if (now.getTime() - stored.at.getTime() > SILENT_AFTER_MS) alarms.push('silent')
  if (status !== null && !status.clock.synchronized) alarms.push('clock')
  if (Object.values(status?.peripherals ?? {}).some(({ state }) => state !== 'ready'))
    alarms.push('peripheral')
  return alarms
}

/** What another version of the software has told may be another shape: then it is left out, not guessed. */
function readStatus(text: string): StatusReport | null {
  return (
    z
      .string()
      .transform((json) => JSON.parse(json))
      .pipe(StatusReport)
      .safeParse(text).data ?? null
  )
}
