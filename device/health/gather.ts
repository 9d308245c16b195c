/** Looks at a running device: what its health is judged by, taken from the parts that know. */
import { statfsSync } from 'node:fs'
import { countSetAside, listSetAside } from '../../sync/outbox-aside.ts'
import type { Outbox } from '../../sync/outbox-face.ts'
import { measureStore } from '../../sync/outbox-quota.ts'
import type { ClockState } from '../../sync/protocol/events.ts'
import type { Db } from '../../sync/sqlite.ts'
import { readTlsFiles } from '../../sync/tls-files.ts'
import type { Configuration } from '../configuration.ts'
import type { ContentFace } from '../content/content.ts'
import type { Peripherals } from '../peripherals/peripherals.ts'
import type { AppliedSettings } from '../settings.ts'
import type { StorageAlarm } from '../storage-watch.ts'
import type { HallView, HealthSnapshot } from './snapshot.ts'

/** Certificates are renewed by people; the file is read and checked for each of these. */
const CERTIFICATE_EVERY_MS = 60_000
const BYTES_PER_MIB = 1024 * 1024

export interface HealthParts {
  configuration: Configuration
  dataDir: string
  db: Db
  outbox: Pick<Outbox, 'backlog' | 'refusing'>
  peripherals: Pick<Peripherals, 'all'>
  content: Pick<ContentFace, 'has' | 'hasStaffPins' | 'businessTypes'>
  settings: () => AppliedSettings
  clock: () => ClockState
  storageAlarm: () => StorageAlarm | null
  hall: () => HallView
}

/** What needs the store is as last known while that is closed. */
export const gatherer = (parts: HealthParts): (() => HealthSnapshot) => {
  const { configuration, db, outbox, content } = parts
  const { role, window } = configuration
  const quotaBytes = configuration.storage.quotaMiB * BYTES_PER_MIB
  const certificate = certificateReader(window?.tls ?? null)
  let stored = { used: 0, setAside: { count: 0, oldestAt: null as string | null } }

  return () => {
    if (db.open) {
      const count = countSetAside(db)
      const oldestAt = count === 0 ? null : (listSetAside(db, 1)[0]?.at ?? null)
      stored = { used: measureStore(db).used, setAside: { count, oldestAt } }
    }
    const alarm = parts.storageAlarm()
    return {
      role,
      now: new Date(),
      peripherals: Object.fromEntries(
        parts.peripherals.all().map(({ name, peripheral }) => [name, peripheral.status()]),
      ),
      offered: role === 'terminal' ? parts.settings().services : [],
      numbers: content.businessTypes().length > 0,
      hall: parts.hall(),
      clock: parts.clock(),
      storage: {
        alarm,
        refusing: alarm === 'disk-full' && db.open ? outbox.refusing() : null,
        disk: diskOf(parts.dataDir),
        quota: { used: stored.used, of: quotaBytes },
      },
      backlog: outbox.backlog(),
      setAside: stored.setAside,
      hasContent: content.has(),
      window:
        window === undefined
          ? null
          : {
              certificate: certificate(),
              somebodyCanAsk: window.tokens.length > 0 || content.hasStaffPins(),
            },
    }
  }
}

const diskOf = (dataDir: string): HealthSnapshot['storage']['disk'] => {
  try {
    const { bavail, blocks, bsize } = statfsSync(dataDir)
    return { free: bavail * bsize, total: blocks * bsize }
  } catch {
    return null
  }
}

type Certificate = NonNullable<HealthSnapshot['window']>['certificate']

const certificateReader = (tls: { cert: string; key: string } | null): (() => Certificate) => {
  let readAtMs = Number.NEGATIVE_INFINITY
  let last: Certificate = null
  return () => {
    if (tls === null || performance.now() - readAtMs < CERTIFICATE_EVERY_MS) return last
    readAtMs = performance.now()
    const read = readTlsFiles({ certFile: tls.cert, keyFile: tls.key })
    last = read.ok ? { validUntil: read.validUntil } : 'unreadable'
    return last
  }
}
