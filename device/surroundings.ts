/** What a screen shows of its device whoever stands before it. */
import { statfsSync } from 'node:fs'
import type { HallClock } from '../sync/hall-clock.ts'
import type { Outbox } from '../sync/outbox.ts'
import { canonicalText, sha256Base64url } from '../sync/protocol/canonical.ts'
import type { StatusFault, StatusReport } from '../sync/protocol/devices.ts'
import { formatInstant } from '../sync/protocol/identifiers.ts'
import type { Configuration } from './configuration.ts'
import type { Peripherals } from './peripherals/peripherals.ts'
import type { House, Surroundings } from './role.ts'
import type { AppliedSettings } from './settings.ts'
import { SOFTWARE } from './software.ts'
import type { StorageAlarm } from './storage-watch.ts'

const MS_PER_SECOND = 1000

/** Whether the night theme stands; the night may go past midnight. */
export const isNight = (now: Date, { from, to }: Configuration['screen']['night']): boolean => {
  const two = (value: number): string => String(value).padStart(2, '0')
  const time = `${two(now.getHours())}:${two(now.getMinutes())}`
  return from <= to ? from <= time && time < to : from <= time || time < to
}

/** By the hours, unless the hall has set one. */
export const themeAt = (now: Date, { theme, night }: AppliedSettings): 'day' | 'night' => {
  if (theme !== 'by-hours') return theme
  return isNight(now, night) ? 'night' : 'day'
}

export interface StatusParts {
  configuration: Configuration
  dataDir: string
  bootId: string
  startedMs: number
  outbox: Outbox
  peripherals: Peripherals
  clock: HallClock
  /** Null while all is well. */
  storageAlarm: StorageAlarm | null
  /** What has lasted; left out on the way to a hall that knows of none. */
  faults: StatusFault[]
}

/** `PUT /v1/devices/{id}/status` as it is now (PROTOCOLS.md §1.4). */
export const statusReport = (parts: StatusParts): StatusReport => {
  const { outbox, peripherals } = parts
  const { count, oldestAt } = outbox.backlog()
  const { bavail, blocks, bsize } = statfsSync(parts.dataDir)
  const views = peripherals.views()
  return {
    role: parts.configuration.role,
    software: SOFTWARE,
    uptimeSeconds: Math.floor((performance.now() - parts.startedMs) / MS_PER_SECOND),
    bootId: parts.bootId,
    head: outbox.head(),
    peripherals: views,
    paper: paperOf(views.receiptPrinter),
    backlog: count,
    oldestUnsentAt: oldestAt,
    clock: parts.clock.state(),
    storage: {
      freeBytes: bavail * bsize,
      totalBytes: blocks * bsize,
      ...(parts.storageAlarm !== null && { alarm: parts.storageAlarm }),
    },
    faults: parts.faults,
  }
}

const paperOf = (printer: ReturnType<Peripherals['views']>['receiptPrinter']): StatusReport['paper'] => {
  if (printer === undefined) return null
  if (printer.state === 'fault') return printer.reason === 'paper-out' ? 'out' : null
  if (printer.state === 'connecting') return null
  return printer.warnings.includes('paper-near-end') ? 'near-end' : 'ok'
}

const versionOf = (recordings: ReadonlyMap<string, string>): string | null =>
  recordings.size === 0 ? null : sha256Base64url(canonicalText(Object.fromEntries(recordings)))

export const surroundingsOf = (house: House, peripherals: Peripherals, build: string): Surroundings => {
  const { configuration, content, identity, outbox } = house
  const now = new Date()
  return {
    build,
    now: formatInstant(now),
    device: { name: configuration.device.name, window: configuration.device.window, id: identity.deviceId },
    hall: content.hall(),
    theme: themeAt(now, house.settings()),
    screen: { diagonalInches: configuration.screen.diagonalInches },
    line: { online: house.online(), backlog: outbox.backlog().count },
    storage: house.canKeep() ? 'ok' : 'cannot-keep',
    recordings: versionOf(content.recordings()),
    peripherals: peripherals.views(),
  }
}
