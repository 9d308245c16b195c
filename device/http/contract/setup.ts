/**
 * The technician's pages (`/setup/`), on the screen's listener: what they are told, and what can be done there.
 *
 * `GET  /api/setup/state`    → `SetupState`
 * `GET  /api/setup/events`   → Server-Sent Events: `setup` with a whole `SetupState` at connecting and at each change
 * `POST /api/setup/actions`  `SetupAction` → 200 `SetupState`, or application/problem+json
 * `GET  /api/setup/files/:name` → a file that a room has made (report, bundle, exported configuration)
 *
 * The device holds the session of the technician; the page shows it, and carries on after a reload. Each room has a
 * file of its own in `setup/`: what it shows, and what can be done in it. While nobody is in, `rooms` is null.
 */
import { z } from 'zod'
import { Language } from './common.ts'
import { BundleAction, type BundleState } from './setup/bundle.ts'
import { ConfigurationAction, type ConfigurationState } from './setup/configuration.ts'
import { DeviceAction, type DeviceState } from './setup/device.ts'
import { HealthAction, type HealthState } from './setup/health.ts'
import { PeripheralsAction, type PeripheralsState } from './setup/peripherals.ts'
import { ReportAction, type ReportState } from './setup/report.ts'

export * from './setup/bundle.ts'
export * from './setup/configuration.ts'
export * from './setup/device.ts'
export * from './setup/health.ts'
export * from './setup/peripherals.ts'
export * from './setup/report.ts'

/** Six digits or more; on the wire only towards the device, and kept there as a hash alone. */
const Pin = z.string().min(1).max(32)

export type SetupAccess =
  /** A bare device, or one whose PIN was reset: whoever stands there chooses the PIN first. */
  | { name: 'new' }
  /**
   * `retryAt`, RFC 3339: wrong ones before make the next try wait; null when it may be tried now. `pin`: whether there
   * is one to try; where there is none (`none`), or what is kept of it is damaged, only the way of a lost PIN leads in.
   */
  | { name: 'locked'; retryAt: string | null; wrong: number; pin: 'set' | 'none' | 'damaged' }
  /** `endsAt`, RFC 3339: ten minutes after the last touch. */
  | { name: 'in'; endsAt: string }

export interface SetupState {
  /** Of the pages that this device serves; a page built otherwise reloads itself. */
  build: string
  /** The device's clock, RFC 3339 with offset. */
  now: string
  language: Language
  theme: 'day' | 'night'
  /** Null as long as nobody has said how large it is: the page takes what is usual for its pixels. */
  screen: { diagonalInches: number | null }
  access: SetupAccess
  /** What went wrong with the last thing that was tried, until the next; stable code and facts, no words. */
  refused: SetupRefusal | null
  /**
   * Why no device runs behind these pages: `configuration` (device.json has faults), or what keeps one from starting, as
   * `port-taken`, `store`, `identity`, `data-folder`. Null while one runs, starts, or none was ever set up. `detail`
   * is English, a line for each fault, and null for whoever is not in.
   */
  stopped: { code: string; detail: string | null } | null
  rooms: SetupRooms | null
}

export interface SetupRefusal {
  code: string
  /** English, for whoever mends it; the page has its own words for each code it knows. */
  detail: string
}

/** A room that this software has none of is left out. */
export type SetupRooms = Partial<{
  device: DeviceState
  peripherals: PeripheralsState
  configuration: ConfigurationState
  health: HealthState
  report: ReportState
  bundle: BundleState
}>

/** Coming in and going out. */
export const AccessAction = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('set-pin'), pin: Pin }),
  z.strictObject({ type: z.literal('enter'), pin: Pin }),
  /** A one-time code that the hall gave ("window24 hall technician"), typed; the PIN is new afterwards. */
  z.strictObject({ type: z.literal('reset-by-code'), code: z.string().min(1).max(32) }),
  /** The hall's signed file on a USB stick. */
  z.strictObject({ type: z.literal('reset-by-stick') }),
  z.strictObject({ type: z.literal('leave') }),
  /** Somebody is still there. */
  z.strictObject({ type: z.literal('touch') }),
  z.strictObject({ type: z.literal('language'), language: Language }),
])
export type AccessAction = z.infer<typeof AccessAction>

export const SetupAction = z.discriminatedUnion('room', [
  z.strictObject({ room: z.literal('access'), action: AccessAction }),
  z.strictObject({ room: z.literal('device'), action: DeviceAction }),
  z.strictObject({ room: z.literal('peripherals'), action: PeripheralsAction }),
  z.strictObject({ room: z.literal('configuration'), action: ConfigurationAction }),
  z.strictObject({ room: z.literal('health'), action: HealthAction }),
  z.strictObject({ room: z.literal('report'), action: ReportAction }),
  z.strictObject({ room: z.literal('bundle'), action: BundleAction }),
])
export type SetupAction = z.infer<typeof SetupAction>
