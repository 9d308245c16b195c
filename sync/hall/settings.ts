/** Settings that a hall hands out to its devices (PROTOCOLS.md §1.4), as `hall.json` has them. */
import { z } from 'zod'
import { canonicalText, sha256Base64url } from '../protocol/canonical.ts'
import { type DeviceRole, DeviceRole as Role } from '../protocol/devices.ts'
import { DeviceId } from '../protocol/identifiers.ts'
import { DeviceSettings } from '../protocol/settings.ts'

/** For the whole hall, for every device of a role, for one device: the nearer one stands, setting by setting. */
export const SettingsSection = z.strictObject({
  hall: DeviceSettings.default({}),
  roles: z.partialRecord(Role, DeviceSettings).default({}),
  devices: z.record(DeviceId, DeviceSettings).default({}),
})
export type SettingsSection = z.infer<typeof SettingsSection>

export interface VersionedSettings {
  /** The ETag: equal for equal settings. */
  version: string
  settings: DeviceSettings
}

export function settingsFor(
  section: SettingsSection | undefined,
  device: { deviceId: string; role: DeviceRole },
): VersionedSettings {
  const settings: DeviceSettings = {
    ...section?.hall,
    ...section?.roles[device.role],
    ...section?.devices[device.deviceId],
  }
  return { version: sha256Base64url(canonicalText(settings)), settings }
}
