import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openStore } from '../../device/store/store.ts'
import { startTestDevice, temporaryFolder } from './support/house.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const CLOCK_CHECK_MS = 15_000

let parts: AsyncDisposableStack

beforeEach(() => {
  parts = new AsyncDisposableStack()
  vi.useFakeTimers({
    now: new Date('2026-11-21T12:00:00+08:00'),
    toFake: ['Date', 'setInterval', 'clearInterval'],
  })
})
afterEach(async () => {
  await parts.disposeAsync()
  vi.useRealTimers()
})

it.each([
  [
    'terminal',
    'print_job',
    "(job_id, key, kind, paper, state, accepted_at) VALUES (?, 'key', 'guide', 'a4', 'printed', ?)",
  ],
  ['pad', 'evaluation', "(id, outcome, closed_at) VALUES (?, 'rated', ?)"],
] as const)('a %s that runs for weeks forgets its old records day by day', async (role, table, row) => {
  const dataDir = await temporaryFolder(parts)
  const device = await startTestDevice({ role, hallUrl: 'http://127.0.0.1:9', dataDir })
  parts.defer(() => device.close())
  const db = openStore(dataDir)
  parts.defer(() => void db.close())
  const add = (id: string, days: number): void =>
    void db
      .prepare(`INSERT INTO ${table} ${row.replace("'key'", `'${id}'`)}`)
      .run(id, Date.now() - days * DAY_MS)
  const kept = () => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
  add('old', 29.5)
  add('young', 1)
  vi.advanceTimersByTime(CLOCK_CHECK_MS)
  expect(kept()).toBe(2)
  vi.setSystemTime(Date.now() + DAY_MS)
  vi.advanceTimersByTime(CLOCK_CHECK_MS)
  expect(kept()).toBe(1)
})
