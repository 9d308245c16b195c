/** Moments of a device's life, for judges that look at one. */
import type { HealthSnapshot } from '../../../device/health/snapshot.ts'

export const NOW = new Date('2026-11-21T20:14:05.000+08:00')
export const SINCE = '2026-11-21T20:00:00.000+08:00'
const GIB = 1024 ** 3

/** A terminal with all that it may have, in order. */
export const sound = (changes: Partial<HealthSnapshot> = {}): HealthSnapshot => ({
  role: 'terminal',
  now: NOW,
  peripherals: {
    idReader: { state: 'ready', since: SINCE, warnings: [] },
    scanner: { state: 'ready', since: SINCE, warnings: [] },
    receiptPrinter: { state: 'ready', since: SINCE, warnings: [] },
  },
  offered: ['guides', 'my-papers', 'pickup', 'progress', 'ticket', 'feedback'],
  numbers: true,
  hall: {
    enrolment: { state: 'enrolled' },
    line: { up: true, since: SINCE, reason: null },
    uplink: { state: 'idle', reason: null, alarm: false },
    alarms: [],
    contentBehind: null,
  },
  clock: { synchronized: true, offsetMs: 3 },
  storage: {
    alarm: null,
    refusing: null,
    disk: { free: 20 * GIB, total: 32 * GIB },
    quota: { used: 0, of: GIB },
  },
  backlog: { count: 0, oldestAt: null },
  setAside: { count: 0, oldestAt: null },
  hasContent: true,
  window: null,
  ...changes,
})

type Hall = HealthSnapshot['hall']

export const withHall = (changes: Partial<Hall>): HealthSnapshot =>
  sound({ hall: { ...sound().hall, ...changes } })

export const withStorage = (changes: Partial<HealthSnapshot['storage']>): HealthSnapshot =>
  sound({ storage: { ...sound().storage, ...changes } })
