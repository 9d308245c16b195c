/** The side of a device that faces its hall, with a real hall there: a disk that is full for a moment ends nothing. */
import { mkdirSync, rmdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseConfiguration } from '../../device/configuration.ts'
import { type HallSide, type HallSideOptions, startHallSide } from '../../device/hall-side.ts'
import { createHallClient } from '../../sync/hall-client.ts'
import { loadIdentity } from '../../sync/identity.ts'
import { openOutbox } from '../../sync/outbox.ts'
import { openSettingsFromAfar } from '../../sync/settings-from-afar.ts'
import { newFolder, startTestHall, type TestHall } from '../sync/hall/helpers.ts'
import { openStore } from '../sync/support/device.ts'
import { until } from '../sync/support/until.ts'

let hall: TestHall
let dir: string
let running: { side: HallSide; close(): Promise<void> } | null
beforeEach(async () => {
  hall = await startTestHall({ demo: true })
  dir = newFolder()
  running = null
})
afterEach(async () => {
  await running?.close()
  await hall.close()
  rmSync(dir, { recursive: true, force: true })
})

function configuration(): HallSideOptions['configuration'] {
  const parsed = parseConfiguration({
    role: 'terminal',
    device: { name: '东门 1号' },
    hall: { url: hall.hall.url, enrolmentCode: hall.hall.createEnrolmentCode() },
  })
  if (!parsed.ok) throw new Error(parsed.faults.join('; '))
  return parsed.configuration
}

/** A device that waits for nothing. */
function start(changes: Partial<HallSideOptions> = {}) {
  const identity = loadIdentity(dir)
  const db = openStore(dir)
  const outbox = openOutbox({ db, identity })
  const client = createHallClient({ url: hall.hall.url, identity })
  const troubles: unknown[] = []
  const side = startHallSide({
    configuration: configuration(),
    identity,
    client,
    outbox,
    db,
    settings: openSettingsFromAfar({ db, client }),
    makeStatus: () => ({
      role: 'terminal',
      software: '0.1.0',
      uptimeSeconds: 1,
      bootId: '5f0c2d5e-8a56-4c07-9a39-64d4a80c8d6b',
      head: null,
      peripherals: {},
      paper: null,
      backlog: 0,
      oldestUnsentAt: null,
      clock: { synchronized: true, offsetMs: 0 },
      storage: { freeBytes: 1, totalBytes: 2 },
    }),
    onChange: () => {},
    onEnrolled: () => {},
    onTrouble: (error) => troubles.push(error),
    logger: pino({ level: 'silent' }),
    random: () => 0,
    contentRetryMs: 1,
    ...changes,
  })
  running = {
    side,
    async close() {
      await side.close()
      outbox.close()
      db.close()
    },
  }
  return { side, identity, db, troubles }
}

test('an identity that cannot be written at first is asked for again, and is the same', async () => {
  const inTheWay = join(dir, 'identity.json.new')
  const { side, identity, troubles } = start({
    onTrouble: (error) => {
      troubles.push(error)
      rmdirSync(inTheWay)
    },
  })
  mkdirSync(inTheWay)
  await until(() => side.online())
  expect(troubles).toMatchObject([{ code: 'EISDIR' }])
  expect(identity.deviceId).toBe(loadIdentity(dir).deviceId)
  expect(identity.deviceId).toMatch(/-0001-/)
})

test('a chain whose first fact cannot be written is begun as soon as there is room', async () => {
  let room = false
  const { side, troubles } = start({
    onEnrolled: () => {
      if (!room) {
        room = true
        throw new Error('database or disk is full')
      }
    },
  })
  await until(() => side.online())
  expect(troubles).toHaveLength(1)
})

test('content that there is no room for is fetched again', async () => {
  const { side, db, troubles } = start({
    onTrouble: (error) => {
      // More often than the hall speaks of its content by itself while it is first connected.
      if (troubles.push(error) >= 8) db.exec('DROP TRIGGER IF EXISTS full_disk')
    },
  })
  db.exec(`CREATE TEMP TRIGGER full_disk BEFORE INSERT ON main.downlink_manifest
    BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`)
  await until(() => side.content.content() !== null)
  expect(troubles.length).toBeGreaterThanOrEqual(8)
})
