/**
 * Settings from afar (PROTOCOLS.md §1.4): an allow-list. What is not named here, no hall server can change on a
 * device, whoever holds it: never ports, commands or addresses.
 */
import { z } from 'zod'

const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day from 00:00 to 23:59, as in 18:00')

/** Below this a slow reader is thrown out, above it the next in line waits for nobody. */
const IDLE_SECONDS = { least: 30, most: 300 }
const WARNING_SECONDS = { least: 15, most: 120 }

export const OfferedService = z.enum(['guides', 'my-papers', 'pickup', 'progress', 'ticket', 'feedback'])
export type OfferedService = z.infer<typeof OfferedService>

/** Each by itself: what is left out stays as the device's own configuration has it. */
export const settingKinds = {
  /** When the night theme begins and ends, by the device's clock; it may go past midnight. */
  hours: z.strictObject({ nightFrom: TimeOfDay, nightTo: TimeOfDay }),
  theme: z.enum(['by-hours', 'day', 'night']),
  /** Whether a pad at rest shows the hall's notices. */
  notices: z.enum(['shown', 'hidden']),
  /** What the voice begins with for each new person; 静音 and 语音 stay one touch away. */
  sound: z.enum(['on', 'off']),
  /** How long a terminal waits without a touch, and then for an answer to its warning. */
  idle: z.strictObject({
    seconds: z.int().min(IDLE_SECONDS.least).max(IDLE_SECONDS.most),
    warningSeconds: z.int().min(WARNING_SECONDS.least).max(WARNING_SECONDS.most),
  }),
  /** What a terminal offers. */
  services: z
    .array(OfferedService)
    .refine((services) => new Set(services).size === services.length, 'a service is named twice'),
} as const
export type SettingName = keyof typeof settingKinds

export const DeviceSettings = z.strictObject(settingKinds).partial()
export type DeviceSettings = z.infer<typeof DeviceSettings>

export interface ReadSettings {
  settings: DeviceSettings
  /** Names that are no setting here, or whose value is none: left alone, and told by name only. */
  ignored: string[]
}

/** A name longer than this is no setting of any version, and not worth a line in a log. */
const MAX_NAME_CHARACTERS = 32

/**
 * What a device takes of a hall's answer: the settings it knows, each checked by itself, and nothing else. A newer
 * hall's further settings, or one with a wrong value, do not keep the rest from being taken.
 * @returns null when it is no JSON object at all
 */
export function readSettings(value: unknown): ReadSettings | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const settings: Record<string, unknown> = {}
  const ignored: string[] = []
  for (const [name, entry] of Object.entries(value)) {
    const read = Object.hasOwn(settingKinds, name) ? settingKinds[name as SettingName].safeParse(entry) : null
    if (read?.success) settings[name] = read.data
    else ignored.push(/^[a-zA-Z-]+$/.test(name) ? name.slice(0, MAX_NAME_CHARACTERS) : 'a strange name')
  }
  return { settings: DeviceSettings.parse(settings), ignored }
}
