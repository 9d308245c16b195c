import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { enrolledDevice, newFolder, startTestHall, type TestDevice, type TestHall } from './helpers.ts'
import { json, type Listening, listening } from './outside/behind.ts'
import { post, sealed } from './support/citizen.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const MINUTE_MS = 60_000
const COLLECTED = { collectedAt: '2026-11-20T10:00:00+08:00', where: '12号格' }
const TICKET = { number: 'A001', waiting: 0, area: '1楼', priority: null }

let system: Listening
let answer: (request: IncomingMessage, response: ServerResponse) => void
let asked: string[]
let hall: TestHall
let device: TestDevice
const folder = newFolder()
beforeEach(async () => {
  asked = []
  system = await listening((request, response) => {
    // The hall follows the queue's calls all the time.
    if (request.url === '/serving' || request.url === '/calls')
      return json(200, { cursor: 'c', calls: [] })(request, response)
    asked.push(String(request.headers['idempotency-key']))
    answer(request, response)
  })
  mkdirSync(folder, { recursive: true })
  const section = { url: system.url, token: 'a-token-of-this-hall' }
  writeFileSync(join(folder, 'hall.json'), JSON.stringify({ caseSystem: section, queue: section }), {
    mode: 0o600,
  })
  hall = await startTestHall({ dataDir: folder })
  device = await enrolledDevice(hall)
})
afterEach(async () => {
  await hall.close()
  await system.close()
  rmSync(folder, { recursive: true, force: true })
})

const byCard = async (): Promise<object> => {
  return { caseNo: 'YX1', proof: { kind: 'card', user: await sealed(hall, device, { purpose: 'pickup' }) } }
}

/** Acts, and is cut off before it can say so. */
const cutOff = (request: IncomingMessage): void => {
  request.resume().on('end', () => request.socket.destroy())
}

describe('a card that was shown when the case system was away', () => {
  test('opens nothing a month later, with the same key and sealing', async () => {
    answer = json(503, {})
    const [key, body] = [randomUUID(), await byCard()]
    expect((await post(device, '/v1/pickups', body, key)).status).toBe(503)
    hall.clock.advance(30 * DAY_MS)
    answer = json(201, COLLECTED)
    const again = await post(device, '/v1/pickups', body, key)
    expect([again.status, again.json.code]).toEqual([403, 'seal-too-old'])
    expect(asked).toHaveLength(1)
  })

  test('is good for the same errand while its person waits', async () => {
    answer = json(503, {})
    const [key, body] = [randomUUID(), await byCard()]
    await post(device, '/v1/pickups', body, key)
    hall.clock.advance(5 * MINUTE_MS)
    answer = json(201, COLLECTED)
    expect((await post(device, '/v1/pickups', body, key)).status).toBe(201)
    expect(new Set(asked).size).toBe(1)
  })
})

describe('what may have been done is told so, and learnt with the same key', () => {
  test.each<[string, object, object]>([
    ['/v1/pickups', { caseNo: 'YX1', proof: { kind: 'receipt', value: 'YX1' } }, COLLECTED],
    ['/v1/tickets', { businessType: 'A' }, TICKET],
  ])('at %s', async (path, body, done) => {
    answer = cutOff
    const key = randomUUID()
    const first = await post(device, path, body, key)
    expect([first.status, first.json.code]).toEqual([503, 'outcome-unknown'])
    expect(first.json.detail).toContain('same Idempotency-Key')
    answer = json(201, done)
    const again = await post(device, path, body, key)
    expect([again.status, again.json]).toMatchObject([201, done])
    // On a kept connection the hall itself asks once more.
    expect(asked.length).toBeGreaterThan(1)
    expect(new Set(asked).size).toBe(1)
  })
})

test.each<[string, object, string]>([
  ['/v1/pickups', { caseNo: 'YX1', proof: { kind: 'receipt', value: 'YX1' } }, 'case-system-down'],
  ['/v1/tickets', { businessType: 'A' }, 'queue-down'],
])('what was not asked at all is told so at %s', async (path, body, code) => {
  await system.close()
  const told = await post(device, path, body)
  expect([told.status, told.json.code]).toEqual([503, code])
})

test('numbers are not tried through: receipts that find nothing are counted for each device', async () => {
  answer = json(200, { cases: [] })
  const search = (from: TestDevice, value: string) =>
    from.ask({ method: 'POST', path: '/v1/case-searches', body: { by: 'receipt', value } })
  const statuses: number[] = []
  for (let tries = 0; tries < 60; tries += 1) statuses.push((await search(device, `YX${tries}`)).status)
  expect(new Set(statuses)).toEqual(new Set([200]))
  const refused = await search(device, 'YX1')
  expect([refused.status, refused.json.code]).toEqual([429, 'too-many-searches'])
  // Whether the number is a case is not told by it either.
  expect(asked).toHaveLength(60)
  expect((await search(await enrolledDevice(hall), 'YX1')).status).toBe(200)
})
