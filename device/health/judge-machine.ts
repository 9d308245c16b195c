/** What is wrong with the machine itself: its clock, its disk, the certificate of its window. */
import { formatInstant } from '../../sync/protocol/identifiers.ts'
import type { HealthSnapshot } from './snapshot.ts'
import type { MatterId, StopCode, TodoCode, Trouble } from './trouble.ts'

/** No device of this software ran before; a board whose battery is empty wakes in 1970 or in its firmware's year. */
const PLAUSIBLE_FROM = Date.parse('2025-01-01T00:00:00Z')
const PLAUSIBLE_UNTIL = Date.parse('2075-01-01T00:00:00Z')

/** Under this the contract calls a clock synchronized (PROTOCOLS.md §1.2). */
export const OFF_FROM_MS = 1_000
/** Beyond it the hall refuses signatures by the device's own clock; whole minutes are seen by people, too. */
const FAR_OFF_MS = 60_000

/** The last twentieth of a disk goes fast, and a journal or an update needs some room of its own. */
const LOW_SHARE = 0.05
const LOW_BYTES = 200 * 1024 * 1024
/** From here on what nobody waits for is counted instead of kept (sync/outbox-quota.ts). */
const QUOTA_LOW_SHARE = 0.8

/** A certificate is ordered, signed and brought by people: a month is what that takes. */
const ENDING_MS = 30 * 24 * 60 * 60 * 1000

const MS_PER_DAY = 24 * 60 * 60 * 1000
const BYTES_PER_MIB = 1024 * 1024

export const isPlausible = (now: Date): boolean =>
  now.getTime() >= PLAUSIBLE_FROM && now.getTime() <= PLAUSIBLE_UNTIL

/** In bytes. */
export const isLow = ({ free, total }: { free: number; total: number }): boolean =>
  free < total * LOW_SHARE || free < LOW_BYTES

export const judgeMachine = (snapshot: HealthSnapshot): Trouble[] => [
  ...judgeClock(snapshot),
  ...judgeStorage(snapshot),
  ...judgeWindow(snapshot),
]

interface Found {
  id: MatterId
  part: string
  severity: Trouble['severity']
  todo: TodoCode[]
  since?: string
  stops?: StopCode[]
  facts?: Record<string, string>
}

const found = ({ now }: HealthSnapshot, { since, stops = [], facts = {}, ...rest }: Found): Trouble => ({
  ...rest,
  since: since ?? formatInstant(now),
  stops,
  facts,
})

const judgeClock = (snapshot: HealthSnapshot): Trouble[] => {
  const { now, clock, hall } = snapshot
  const clockTrouble = (
    id: MatterId,
    severity: Trouble['severity'],
    todo: TodoCode[],
    facts = {},
  ): Trouble[] => [
    found(snapshot, {
      id,
      part: 'clock',
      severity,
      todo,
      facts,
      stops: severity === 'fault' ? ['times'] : [],
    }),
  ]
  if (clock.offsetMs !== null && Math.abs(clock.offsetMs) >= OFF_FROM_MS) {
    const far = Math.abs(clock.offsetMs) >= FAR_OFF_MS
    const todo: TodoCode[] = far
      ? ['set-clock', 'run-clock-check', 'change-battery']
      : ['run-clock-check', 'set-clock']
    return clockTrouble('clock.off', far ? 'fault' : 'warning', todo, { offsetMs: String(clock.offsetMs) })
  }
  if (!isPlausible(now))
    return clockTrouble('clock.implausible', 'fault', ['set-clock', 'change-battery'], {
      year: String(now.getFullYear()),
    })
  // Without the line nothing can be measured, and of the line another trouble tells.
  if (!clock.synchronized && hall.enrolment.state === 'enrolled' && hall.line.up)
    return clockTrouble('clock.not-measured', 'warning', ['run-network-check', 'run-clock-check'])
  return []
}

const judgeStorage = (snapshot: HealthSnapshot): Trouble[] => {
  const { alarm, refusing, disk, quota } = snapshot.storage
  const free = disk === null ? {} : { freeMiB: mebibytes(disk.free), totalMiB: mebibytes(disk.total) }
  const storage = (
    id: MatterId,
    severity: Trouble['severity'],
    todo: TodoCode[],
    facts: Record<string, string> = free,
  ): Trouble[] => {
    const stops: StopCode[] = STOPS_ALL.includes(id) ? ['everything'] : []
    return [found(snapshot, { id, part: 'storage', severity, todo, stops, facts })]
  }
  const quotaFacts = { usedMiB: mebibytes(quota.used), quotaMiB: mebibytes(quota.of) }
  switch (alarm) {
    case 'disk-full':
      return refusing === 'quota-full'
        ? storage('storage.quota-full', 'fault', ['run-network-check', 'raise-quota'], quotaFacts)
        : storage('storage.disk-full', 'fault', ['make-room', 'run-storage-check'])
    case 'cannot-write':
      return storage('storage.cannot-write', 'fault', ['run-storage-check', 'check-disk', 'replace-disk'])
    case 'sync-failed':
      return storage('storage.sync-failed', 'fault', ['check-disk', 'replace-disk'])
    case 'damaged':
      return storage('storage.damaged', 'fault', ['check-disk', 'replace-disk'])
    case 'sync-had-failed':
      return storage('storage.sync-had-failed', 'warning', ['check-disk', 'replace-disk', 'restart'])
    case 'damage-found':
      return storage('storage.damage-found', 'warning', ['check-disk', 'replace-disk', 'restart'])
    case null:
  }
  if (quota.used >= quota.of * QUOTA_LOW_SHARE)
    return storage('storage.quota-low', 'warning', ['run-network-check', 'raise-quota'], quotaFacts)
  if (disk !== null && isLow(disk)) return storage('storage.disk-low', 'warning', ['make-room'])
  return []
}

/** Nobody is asked what cannot be written down. */
const STOPS_ALL: readonly MatterId[] = [
  'storage.disk-full',
  'storage.quota-full',
  'storage.cannot-write',
  'storage.sync-failed',
  'storage.damaged',
]

const judgeWindow = (snapshot: HealthSnapshot): Trouble[] => {
  const { window, now, hasContent } = snapshot
  if (window === null) return []
  const troubles: Trouble[] = []
  const certificate = (id: MatterId, severity: Trouble['severity'], more: Partial<Found>): void => {
    const stops: StopCode[] = severity === 'fault' ? ['window-interface'] : []
    troubles.push(
      found(snapshot, { id, part: 'certificate', severity, stops, todo: ['new-certificate'], ...more }),
    )
  }
  if (window.certificate === 'unreadable') certificate('certificate.unreadable', 'warning', {})
  else if (window.certificate !== null) {
    const { validUntil } = window.certificate
    const leftMs = validUntil.getTime() - now.getTime()
    if (leftMs <= 0) certificate('certificate.expired', 'fault', { since: formatInstant(validUntil) })
    else if (leftMs <= ENDING_MS) {
      const since = formatInstant(new Date(validUntil.getTime() - ENDING_MS))
      certificate('certificate.ending', 'warning', {
        since,
        facts: { days: String(Math.ceil(leftMs / MS_PER_DAY)) },
      })
    }
  }
  // Before the hall's staff have come nobody knows who has a PIN.
  if (hasContent && !window.somebodyCanAsk)
    troubles.push(
      found(snapshot, {
        id: 'window.nobody-can-ask',
        part: 'window',
        severity: 'warning',
        stops: ['window-interface'],
        todo: ['add-token'],
      }),
    )
  return troubles
}

const mebibytes = (bytes: number): string => String(Math.floor(bytes / BYTES_PER_MIB))
