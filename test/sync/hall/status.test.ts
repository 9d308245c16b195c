import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { StatusAnswer, type StatusReport } from '../../../sync/protocol/devices.ts'
import { enrolledDevice, type Reply, startTestHall, type TestDevice, type TestHall } from './helpers.ts'

let hall: TestHall
let device: TestDevice
beforeEach(async () => {
  hall = await startTestHall({ demo: true })
  device = await enrolledDevice(hall)
})
afterEach(async () => await hall.close())

function report(bootId: string): StatusReport {
  return {
    role: 'pad',
    software: '0.1.0',
    uptimeSeconds: 60,
    bootId,
    head: null,
    peripherals: {
      keypad: { state: 'ready', since: '2026-11-20T20:00:00+08:00', reason: null, warnings: [] },
    },
    paper: null,
    backlog: 0,
    oldestUnsentAt: null,
    clock: { synchronized: true, offsetMs: 3 },
    storage: { freeBytes: 1_000_000, totalBytes: 2_000_000 },
  }
}

function put(bootId: string, changes: object = {}): Promise<Reply> {
  const path = `/v1/devices/${device.deviceId}/status`
  return device.ask({ method: 'PUT', path, body: { ...report(bootId), ...changes } })
}

async function cloneSeen(): Promise<boolean> {
  const store = openSqliteStore(join(hall.dataDir, 'hall.sqlite'))
  const status = await store.statusOf(device.deviceId)
  await store.close()
  return status?.cloneSeenAt !== null
}

test('a status is answered with what the device should have', async () => {
  const answer = await put(randomUUID())
  expect(answer.status).toBe(200)
  const { content, settings, sealingKey } = StatusAnswer.parse(answer.json)
  const manifest = await device.ask({ method: 'GET', path: '/v1/content' })
  expect(content).toBe(manifest.json.version)
  const kept = await device.ask({ method: 'GET', path: `/v1/devices/${device.deviceId}/settings` })
  expect(kept.json).toEqual({})
  expect(kept.headers.get('etag')).toBe(`"${settings}"`)
  expect(sealingKey).toEqual(device.sealingKey)
})

test('two boots in turn under one identity are seen as a clone, a restart is not', async () => {
  const [first, second] = [randomUUID(), randomUUID()]
  await put(first)
  await put(second)
  expect(await cloneSeen()).toBe(false)
  await put(first)
  expect(await cloneSeen()).toBe(true)
})

test('a status with anything in it that the contract does not have is refused', async () => {
  const answer = await put(randomUUID(), { person: '张小雨' })
  expect(answer.status).toBe(400)
  expect(answer.json).toMatchObject({ code: 'body-invalid' })
})
