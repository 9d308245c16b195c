/** What the judges of a device's health look at: as things are at one moment, without anything of a person. */
import type { PeripheralStatus } from '../../drivers/status.ts'
import type { DeviceAlarm } from '../../sync/protocol/devices.ts'
import type { ClockState } from '../../sync/protocol/events.ts'
import type { UplinkStatus } from '../../sync/uplink.ts'
import type { PeripheralName, Service } from '../http/contract.ts'
import type { StorageAlarm } from '../storage-watch.ts'

export interface HealthSnapshot {
  role: 'terminal' | 'pad'
  /** This device's own clock. */
  now: Date
  /** Those that are bound. */
  peripherals: Partial<Record<PeripheralName, PeripheralStatus>>
  /** Of a terminal; empty for a pad. */
  offered: readonly Service[]
  /** The hall hands out numbers. */
  numbers: boolean
  hall: HallView
  clock: ClockState
  storage: {
    alarm: StorageAlarm | null
    /** By its quota or by the disk nothing new is taken; null when it is. */
    refusing: 'disk-full' | 'quota-full' | null
    /** Bytes; null where the disk cannot be asked. */
    disk: { free: number; total: number } | null
    quota: { used: number; of: number }
  }
  backlog: { count: number; oldestAt: string | null }
  /** What the hall refused, and when the first of it happened as far as it is known. */
  setAside: { count: number; oldestAt: string | null }
  hasContent: boolean
  /** A pad's window interface; null where there is none. */
  window: {
    /** Null in plain. */
    certificate: { validUntil: Date } | 'unreadable' | null
    /** A system with a token, or a clerk with a PIN. */
    somebodyCanAsk: boolean
  } | null
}

/** What is known of the hall on this side of the line. */
export interface HallView {
  enrolment:
    | { state: 'enrolled' }
    | { state: 'no-code' }
    | { state: 'asking' }
    /** `reason`: the hall's code for it. */
    | { state: 'refused'; reason: string }
  line: {
    up: boolean
    /** RFC 3339: when it came up or went down; the start before it first came up. */
    since: string
    /** A code; null while it is up and before the first try. */
    reason: string | null
  }
  /** Null before enrolment. */
  uplink: Pick<UplinkStatus, 'state' | 'reason' | 'alarm'> | null
  alarms: readonly DeviceAlarm[]
  /** What the hall has another version of than is here, and why it was not taken; null when that is the same. */
  contentBehind: { reason: string } | null
}
