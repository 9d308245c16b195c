/** Everything that goes into a support bundle, as named parts of one text: each is made of known fields alone. */
import { cpus, freemem, loadavg, release, totalmem, uptime } from 'node:os'
import type { Db } from '../../../sync/sqlite.ts'
import { logBookIn } from '../../health/log-book.ts'
import type { SetupRooms } from '../../http/contract/setup.ts'
import type { Insight } from '../../insight.ts'
import { SOFTWARE } from '../../software.ts'
import type { Workshop } from '../workshop.ts'
import { redactedConfiguration, redactedPort, withoutHomes } from './redact.ts'

const MIB = 1024 * 1024

export interface BundlePart {
  name: string
  text: string
}

export const gatherBundle = (workshop: Workshop, rooms: SetupRooms): BundlePart[] => {
  const device = workshop.device()
  const json = (name: string, value: unknown): BundlePart => ({
    name,
    text: JSON.stringify(value, null, 2),
  })
  return [
    json('about', about(device, rooms)),
    json('machine', machine()),
    json('configuration', redactedConfiguration(workshop.written())),
    json('versions of the configuration', versions(rooms)),
    json('peripherals', peripherals(device, rooms)),
    json('health', rooms.health?.faults ?? []),
    json('checks', rooms.health?.checks ?? {}),
    json('chain', chain(device, rooms)),
    json('store', device === null || !device.db.open ? null : store(device.db)),
    { name: 'log', text: log(workshop.dataDir) },
  ]
}

const about = (device: Insight | null, { device: shown }: SetupRooms): object => ({
  software: SOFTWARE,
  node: process.versions.node,
  role: shown?.role ?? null,
  deviceId: device?.identity.deviceId ?? null,
  content: shown?.software.content ?? null,
  settings: shown?.software.settings ?? null,
  runsSince: shown?.since ?? null,
  screen: shown?.screen ?? null,
  hallCheck: shown?.hall.check.steps.map(({ step, state, code }) => ({ step, state, code })) ?? [],
  firstRun: shown?.firstRun ?? null,
})

const machine = (): object => {
  const { rss, heapUsed, external } = process.memoryUsage()
  return {
    kernel: release(),
    architecture: process.arch,
    processors: cpus().map(({ model }) => model),
    load: loadavg().map((value) => Math.round(value * 100) / 100),
    memoryMiB: { total: Math.round(totalmem() / MIB), free: Math.round(freemem() / MIB) },
    uptimeSeconds: Math.round(uptime()),
    program: {
      uptimeSeconds: Math.round(process.uptime()),
      rssMiB: Math.round(rss / MIB),
      heapMiB: Math.round(heapUsed / MIB),
      externalMiB: Math.round(external / MIB),
    },
  }
}

const versions = ({ configuration }: SetupRooms): object[] =>
  (configuration?.versions ?? []).map(({ number, at, why, changed }) => ({ number, at, why, changed }))

/** Driver's counters beside what was tested: a loose cable is in the numbers before it is a fault. */
const peripherals = (device: Insight | null, { peripherals: room }: SetupRooms): object[] =>
  (room?.bound ?? []).map(({ name, driver, profile, port, status, test }) => {
    const running = device?.peripherals.all().find((one) => one.name === name)?.peripheral
    const { state = null, since = null, reason = null, warnings = [] } = status ?? {}
    return {
      ...{ name, driver, profile, port: redactedPort(port) },
      status: { state, since, reason, warnings },
      counters: running?.counters() ?? null,
      test:
        test === null ? null : { outcome: test.outcome, at: test.at, step: test.step, reason: test.reason },
    }
  })

const chain = (device: Insight | null, { health }: SetupRooms): object => ({
  head: device?.outbox.head() ?? null,
  backlog: health?.backlog ?? null,
  online: device?.online() ?? false,
  clock: device?.client.clock.state() ?? null,
  storageAlarm: device?.storageAlarm() ?? null,
  refusing: device?.outbox.refusing() ?? null,
})

/** How many rows, never what is in them. */
const store = (db: Db): object => {
  const tables = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all()
  const rows = tables.map((table) => {
    const count = db.prepare<[], number>(`SELECT count(*) FROM "${table}"`).pluck().get()
    return [table, count] as const
  })
  return {
    pages: db.pragma('page_count', { simple: true }),
    freePages: db.pragma('freelist_count', { simple: true }),
    pageBytes: db.pragma('page_size', { simple: true }),
    migrations: db.prepare('SELECT name FROM migrations ORDER BY rowid').pluck().all(),
    rows: Object.fromEntries(rows),
  }
}

const log = (dataDir: string): string =>
  logBookIn(dataDir)
    .lines()
    .map(({ at, level, code, text }) => withoutHomes(`${at} ${level} ${code} ${text}`))
    .join('\n')
