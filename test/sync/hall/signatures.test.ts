import { request } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { PROBLEM_MEDIA_TYPE } from '../../../sync/protocol/problem.ts'
import {
  enrolledDevice,
  reply,
  startTestHall,
  TestChain,
  type TestDevice,
  type TestHall,
  texts,
} from './helpers.ts'

const MINUTE_MS = 60_000

let hall: TestHall
let device: TestDevice
let batch: string[]
beforeEach(async () => {
  hall = await startTestHall()
  device = await enrolledDevice(hall)
  batch = texts(new TestChain(device.deviceId).ratings(2))
})
afterEach(async () => {
  expect(await hall.hall.counts(), 'nothing was stored').toEqual({ rating: 0, events: 0 })
  await hall.close()
})

test('an unsigned request is refused', async () => {
  const answer = await device.sendBatch(batch, {
    sent: { headers: { signature: null, 'signature-input': null } },
  })
  expect(answer.status).toBe(401)
  expect(answer.headers.get('content-type')).toBe(PROBLEM_MEDIA_TYPE)
  expect(answer.json).toMatchObject({ code: 'signature-missing', type: 'urn:w24:problem:signature-missing' })
})

test('a signature of another key is refused and nothing is stored', async () => {
  const other = await enrolledDevice(hall)
  const answer = await device.sendBatch(batch, { keyId: other.deviceId })
  expect(answer.status).toBe(401)
  expect(answer.json).toMatchObject({ code: 'signature-bad' })
})

test('a key that nobody has enrolled is refused', async () => {
  const answer = await device.sendBatch(batch, { keyId: 'P-0099-AAAA' })
  expect(answer.status).toBe(401)
  expect(answer.json).toMatchObject({ code: 'unknown-key' })
})

test('a body that was altered on the way is refused', async () => {
  const other = Buffer.from(`[${batch.join(',').replace('"level":5', '"level":1')}]`)
  const answer = await device.sendBatch(batch, { sent: { body: other } })
  expect(answer.status).toBe(401)
  expect(answer.json).toMatchObject({ code: 'digest-mismatch' })
})

test('a signature for one path is none for another', async () => {
  const answer = await device.sendBatch(batch, { path: '/v1/case-searches', sent: { path: '/v1/batches' } })
  expect(answer.status).toBe(401)
  expect(answer.json).toMatchObject({ code: 'signature-bad' })
})

test('a signed request has no query', async () => {
  const answer = await device.ask({ method: 'GET', path: '/v1/content', sent: { path: '/v1/content?all=1' } })
  expect(answer.status).toBe(400)
  expect(answer.json).toMatchObject({ code: 'query-not-allowed' })
})

test.each([-6, 6])('a clock %i minutes off is told the time to sign with', async (minutes) => {
  const answer = await device.sendBatch(batch, { skewMs: minutes * MINUTE_MS })
  expect(answer.status).toBe(401)
  expect(answer.json).toMatchObject({ code: 'clock' })
  const offset = Date.parse(String(answer.json.time)) - Date.now()
  expect(Math.abs(offset)).toBeLessThan(MINUTE_MS)
})

test('a clock four minutes off is taken', async () => {
  expect((await device.ask({ method: 'GET', path: '/v1/content', skewMs: 4 * MINUTE_MS })).status).toBe(200)
})

test('a device reads and writes under its own id only', async () => {
  const other = await enrolledDevice(hall)
  for (const what of ['settings', 'events']) {
    const answer = await device.ask({ method: 'GET', path: `/v1/devices/${other.deviceId}/${what}` })
    expect(answer.status).toBe(403)
    expect(answer.json).toMatchObject({ code: 'wrong-device' })
  }
})

test('a revoked device is admitted no more', async () => {
  const store = openSqliteStore(join(hall.dataDir, 'hall.sqlite'))
  await store.revokeDevice(device.deviceId, new Date())
  await store.close()
  const answer = await device.sendBatch(batch)
  expect(answer.status).toBe(403)
  expect(answer.json).toMatchObject({ code: 'revoked' })
})

test('a body over the limit is refused before it is all there', async () => {
  const answer = await device.ask({
    method: 'PUT',
    path: `/v1/devices/${device.deviceId}/status`,
    body: 'x'.repeat(65 * 1024),
  })
  expect(answer.status).toBe(413)
  expect(answer.json).toMatchObject({ code: 'body-too-large' })
})

test('a client that breaks off in the middle of its body harms nobody', async () => {
  await new Promise<void>((resolve) => {
    const url = new URL('/v1/batches', hall.hall.url)
    const broken = request(url, { method: 'POST', headers: { 'content-length': '1000' } })
    broken.on('error', () => resolve())
    broken.write('[', () => broken.destroy())
  })
  expect((await device.ask({ method: 'GET', path: '/v1/content' })).status).toBe(200)
})

test('every dead end is a problem with a code', async () => {
  const url = hall.hall.url
  const nowhere = await reply(await fetch(`${url}/nowhere`))
  expect([nowhere.status, nowhere.json.code]).toEqual([404, 'not-found'])
  const method = await reply(await fetch(`${url}/v1/time`, { method: 'DELETE' }))
  expect([method.status, method.json.code, method.headers.get('allow')]).toEqual([
    405,
    'method-not-allowed',
    'GET',
  ])
  const path = await reply(await fetch(`${url}/v1/devices/%ff/status`))
  expect([path.status, path.json.code]).toEqual([404, 'not-found'])
  const time = await reply(await fetch(`${url}/v1/time`))
  expect(time.status).toBe(200)
  expect(Date.parse(String(time.json.time))).toBeGreaterThan(0)
})
