/** The device's own outbox and uplink against the real hall server: what neither of the two shows alone (§1.3). */
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { STORE_FILE } from '../../sync/hall/store/open.ts'
import { openSqliteStore } from '../../sync/hall/store/sqlite.ts'
import { verifyStore } from '../../sync/hall/verify.ts'
import { createHallClient } from '../../sync/hall-client.ts'
import { createHallClock } from '../../sync/hall-clock.ts'
import { type Identity, loadIdentity } from '../../sync/identity.ts'
import { openOutbox } from '../../sync/outbox.ts'
import { startUplink, type Uplink } from '../../sync/uplink.ts'
import { demoRating, seeded } from '../bench/delivery/ratings.ts'
import { startTestHall, type TestHall } from './hall/helpers.ts'
import { textsOf } from './support/batch-texts.ts'
import { openStore } from './support/device.ts'
import { testFolder } from './support/folder.ts'
import { until } from './support/until.ts'
import { sent } from './support/uplink.ts'

const DAY_MS = 24 * 60 * 60 * 1000

const DEVICE_STORE = 'store.sqlite'

const random = seeded(3)

function removeStore(dir: string, file: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(join(dir, file + end), { force: true })
}

/** A device of this hall, with its line up; `clock` is its own wall clock. */
async function pad(hall: TestHall, options: { dir?: string; clock?: () => Date } = {}) {
  const { dir = testFolder(), clock = hall.clock.now } = options
  const identity: Identity = loadIdentity(dir)
  const client = createHallClient({ url: hall.hall.url, identity, clock: createHallClock(clock) })
  const enrolmentCode = hall.hall.createEnrolmentCode()
  const facts = { role: 'pad', name: '12号窗口', window: '12', software: '0.1.0' } as const
  expect(await client.enrol({ enrolmentCode, ...facts })).toMatchObject({ ok: true })
  const db = openStore(dir)
  const outbox = openOutbox({ db, identity, clock, hallNow: () => client.clock.toldNow() })
  let uplink: Uplink | null = null
  const close = async (): Promise<void> => {
    await uplink?.close()
    uplink = null
    if (!db.open) return
    outbox.close()
    db.close()
  }
  onTestFinished(close)
  return {
    dir,
    client,
    outbox,
    close,
    rate(count: number, at = clock()) {
      db.transaction(() => {
        for (let one = 0; one < count; one += 1) outbox.append('rating', demoRating(random, at), at)
      }).immediate()
    },
    start(): Uplink {
      uplink = startUplink({ outbox, line: client, clock, random: () => 0.01 })
      return uplink
    },
  }
}

async function testHall(dataDir = testFolder()): Promise<TestHall> {
  const hall = await startTestHall({ dataDir })
  onTestFinished(() => hall.close().catch(() => {}))
  return hall
}

const ratings = async (hall: TestHall): Promise<number> => (await hall.hall.counts()).rating

async function faultsOf(hall: TestHall): Promise<string[]> {
  const store = openSqliteStore(join(hall.dataDir, STORE_FILE))
  const reports = await verifyStore(store)
  await store.close()
  return reports.flatMap(({ faults }) => faults.map(({ kind }) => kind))
}

test('a closed question is stored at the hall within 2 s while the line is up', async () => {
  const hall = await testHall()
  const device = await pad(hall)
  const uplink = device.start()
  const begun = performance.now()
  device.rate(1)
  await sent(uplink)
  expect(await ratings(hall)).toBe(1)
  expect(performance.now() - begun).toBeLessThan(2_000)
})

test('a backlog of several full batches is stored once and in order, whatever is made ready ahead', async () => {
  const hall = await testHall()
  const device = await pad(hall)
  device.rate(1_700)
  const uplink = device.start()
  await sent(uplink)
  expect(await hall.hall.counts()).toEqual({ rating: 1_700, events: 1_700 })
  expect(device.outbox.backlog().count).toBe(0)
  expect(await faultsOf(hall)).toEqual([])
})

test('ratings of a case that are newly stored wait for the province, each once', async () => {
  const hall = await testHall()
  const device = await pad(hall)
  device.rate(12)
  const batch = device.outbox.nextBatch()
  await sent(device.start())
  const store = openSqliteStore(join(hall.dataDir, STORE_FILE))
  onTestFinished(() => store.close())
  const [report] = await verifyStore(store)
  expect(report).toBeDefined()
  expect(textsOf(batch)).toHaveLength(12)
  const waiting = await store.province.counts()
  expect(Object.values(waiting).reduce((sum, count) => sum + count, 0)).toBe(12)
})

test('an answer that was lost, and the batch that comes again 60 days later, change nothing', async () => {
  const hall = await testHall()
  const device = await pad(hall)
  device.rate(30)
  const before = join(testFolder(), DEVICE_STORE)
  device.outbox.close()
  await device.close()
  copyFileSync(join(device.dir, DEVICE_STORE), before)
  const first = await pad(hall, { dir: device.dir })
  await sent(first.start())
  await first.close()
  expect(await ratings(hall)).toBe(30)

  hall.clock.advance(60 * DAY_MS)
  removeStore(device.dir, DEVICE_STORE)
  copyFileSync(before, join(device.dir, DEVICE_STORE))
  const restored = await pad(hall, { dir: device.dir })
  restored.rate(1)
  const uplink = restored.start()
  await sent(uplink)
  expect(uplink.status()).toMatchObject({ state: 'idle', alarm: false })
  expect(await ratings(hall)).toBe(31)
  expect(await faultsOf(hall)).toEqual([])
})

test('a hall that was restored from an old backup asks for what it misses and gets it again', async () => {
  const dataDir = testFolder()
  const hall = await testHall(dataDir)
  const device = await pad(hall)
  device.rate(20)
  const uplink = device.start()
  await sent(uplink)
  await device.close()
  await hall.hall.close()
  const backup = join(testFolder(), STORE_FILE)
  copyFileSync(join(dataDir, STORE_FILE), backup)

  const later = await testHall(dataDir)
  const again = await pad(later, { dir: device.dir })
  again.rate(600)
  await sent(again.start())
  expect(await ratings(later)).toBe(620)
  await again.close()
  await later.hall.close()
  removeStore(dataDir, STORE_FILE)
  copyFileSync(backup, join(dataDir, STORE_FILE))

  const restored = await testHall(dataDir)
  const last = await pad(restored, { dir: device.dir })
  last.rate(1)
  const line = last.start()
  await until(() => line.status().backlog === 0 && line.status().state === 'idle')
  expect(await ratings(restored)).toBe(621)
  expect(await faultsOf(restored)).toEqual([])
})

test('a restored hall gets older epochs back too, though it can ask for holes of one epoch only', async () => {
  const dataDir = testFolder()
  const halls = await testHall(dataDir)
  const backup = join(testFolder(), STORE_FILE)
  const dir = testFolder()
  /** What one run of the device leaves behind it. */
  const run = async (hall: TestHall, count: number): Promise<void> => {
    const device = await pad(hall, { dir })
    device.rate(count)
    await sent(device.start())
    await device.close()
  }
  await run(halls, 20)
  await halls.hall.close()
  copyFileSync(join(dataDir, STORE_FILE), backup)

  const later = await testHall(dataDir)
  await run(later, 30)
  const older = join(testFolder(), DEVICE_STORE)
  copyFileSync(join(dir, DEVICE_STORE), older)
  await run(later, 1)
  removeStore(dir, DEVICE_STORE)
  copyFileSync(older, join(dir, DEVICE_STORE))
  await run(later, 5)
  const before = await ratings(later)
  await later.hall.close()
  removeStore(dataDir, STORE_FILE)
  copyFileSync(backup, join(dataDir, STORE_FILE))

  const restored = await testHall(dataDir)
  expect(await ratings(restored)).toBe(20)
  await run(restored, 1)
  // One was rated in the time that the device's own old store knows nothing of: nobody has it any more.
  expect(await ratings(restored)).toBe(before + 1 - 1)
})

test('a clock that is years off is learned to sign by, and no captured time is moved', async () => {
  const hall = await testHall()
  const wrong = (): Date => new Date(Date.UTC(1976, 10, 21, 12))
  const device = await pad(hall, { clock: wrong })
  device.rate(3)
  const captured = textsOf(device.outbox.nextBatch()).map((text) => JSON.parse(text).data.capturedAt)
  await sent(device.start())
  expect(await ratings(hall)).toBe(3)
  expect(device.client.clock.state()).toMatchObject({ synchronized: false })
  expect(captured?.every((at) => new Date(at).getUTCFullYear() === 1976)).toBe(true)
  const store = openSqliteStore(join(hall.dataDir, STORE_FILE))
  onTestFinished(() => store.close())
  const [known] = await store.devices()
  const stored: string[] = []
  for await (const { text } of store.eventsOf(known?.deviceId ?? ''))
    stored.push(JSON.parse(text).data.capturedAt)
  expect(stored).toEqual(captured)
})
