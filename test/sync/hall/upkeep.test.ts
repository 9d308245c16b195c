/** What the hall's staff do beside the running server: tokens, revocation, the fleet. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { tokenHash } from '../../../sync/hall/tokens.ts'
import { statusPath } from '../../../sync/protocol/devices.ts'
import { enrolledDevice, startTestHall, TestChain, type TestDevice, type TestHall, texts } from './helpers.ts'
import { run } from './support/command.ts'

let hall: TestHall
let device: TestDevice
beforeEach(async () => {
  hall = await startTestHall()
  device = await enrolledDevice(hall)
})
afterEach(async () => await hall.close())

const command = (...args: string[]) => run(...args, '--data', hall.dataDir)

async function report(who: TestDevice, bootId: string = randomUUID()) {
  const body = {
    role: 'pad',
    software: 'window24 0.1.0',
    uptimeSeconds: 1,
    bootId,
    head: null,
    peripherals: {},
    paper: null,
    backlog: 3,
    oldestUnsentAt: null,
    clock: { synchronized: true, offsetMs: 0 },
    storage: { freeBytes: 1, totalBytes: 2 },
  }
  return await who.ask({ method: 'PUT', path: statusPath(who.deviceId), body })
}

describe('a revoked device', () => {
  test('is refused from then on, with everything it asks, and its chain stays', async () => {
    const chain = new TestChain(device.deviceId)
    await device.sendBatch(texts(chain.ratings(2)))
    expect((await command('revoke', device.deviceId)).code).toBe(0)
    const again = [
      await device.sendBatch(texts(chain.ratings(1))),
      await report(device),
      await device.ask({ method: 'GET', path: '/v1/content' }),
    ]
    for (const answer of again) expect([answer.status, answer.json.code]).toEqual([403, 'revoked'])
    expect(await hall.hall.counts()).toEqual({ rating: 2, events: 2 })
    expect((await command('verify')).code).toBe(0)
  })

  test('twice is said so, and one that nobody knows is a fault', async () => {
    await command('revoke', device.deviceId)
    expect(await command('revoke', device.deviceId)).toMatchObject({
      code: 0,
      out: expect.stringContaining('nothing changed'),
    })
    expect(await command('revoke', 'P-9999-XXXX')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no device is called "P-9999-XXXX"'),
    })
  })

  test('comes back with a new code only, under a new id', async () => {
    await command('revoke', device.deviceId)
    const code = (await command('enrol')).out.trim()
    const { deviceId } = device
    await device.enrol(code)
    expect(device.deviceId).not.toBe(deviceId)
    expect((await report(device)).status).toBe(200)
  })
})

describe('a token', () => {
  test('is shown once and kept as a hash', async () => {
    const { code, out } = await command('token', '办件系统')
    expect([code, out]).toEqual([0, expect.stringMatching(/^[A-Za-z0-9_-]{43}\n$/)])
    const files = ['hall.sqlite', 'hall.sqlite-wal'].map((name) =>
      readFileSync(join(hall.dataDir, name), 'latin1'),
    )
    expect(files.join('')).not.toContain(out.trim())
    const store = openSqliteStore(join(hall.dataDir, 'hall.sqlite'))
    expect(await store.tokens.nameOf(tokenHash(out.trim()), new Date())).toBe('办件系统')
    expect(await store.tokens.nameOf(tokenHash('another'), new Date())).toBeNull()
    await store.close()
    expect((await command('token', 'list')).out).toMatch(/办件系统 +\d{4}-\d\d-\d\d \d\d:\d\d +\d{4}-/)
  })

  test('of a name that has one is refused, until that is revoked', async () => {
    const first = (await command('token', 'a')).out.trim()
    expect(await command('token', 'a')).toMatchObject({
      code: 1,
      err: expect.stringContaining('has a token already'),
    })
    expect((await command('token', 'revoke', 'a')).code).toBe(0)
    const second = (await command('token', 'a')).out.trim()
    const store = openSqliteStore(join(hall.dataDir, 'hall.sqlite'))
    expect(await store.tokens.nameOf(tokenHash(first), new Date())).toBeNull()
    expect(await store.tokens.nameOf(tokenHash(second), new Date())).toBe('a')
    await store.close()
    expect((await command('token', 'list')).out.match(/revoked/g)).toHaveLength(1)
  })

  test('that there is none of cannot be revoked, and none at all is said so', async () => {
    expect(await command('token', 'revoke', 'b')).toMatchObject({ code: 1 })
    expect((await command('token', 'list')).out).toBe('no token was ever made\n')
  })
})

describe('the fleet', () => {
  test('is listed with name, window, backlog and what is wrong', async () => {
    expect((await command('devices')).out).toMatch(
      new RegExp(`${device.deviceId} +12号窗口 +12 +pad +never +0\\.1\\.0 +never-heard\n$`),
    )
    await report(device)
    expect((await command('devices')).out).toMatch(
      new RegExp(
        `${device.deviceId} +12号窗口 +12 +pad +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d +3 +window24 0\\.1\\.0\n$`,
      ),
    )
    await command('revoke', device.deviceId)
    expect((await command('devices')).out).toMatch(/revoked \d{4}-/)
  })

  test('shows a clone, and the devices are told in the answer to their status', async () => {
    const [a, b] = [randomUUID(), randomUUID()]
    for (const bootId of [a, b]) {
      const { json } = await report(device, bootId)
      expect(json).not.toHaveProperty('alarms')
    }
    expect((await report(device, a)).json).toMatchObject({ alarms: ['clone'] })
    expect((await command('devices')).out).toMatch(/ clone\n$/)
    const [line = ''] = (await command('devices', '--json')).out.split('\n')
    expect(JSON.parse(line)).toMatchObject({ alarms: ['clone'], status: { backlog: 3 } })
  })

  test('that is empty says what to do', async () => {
    const other = await startTestHall()
    expect((await run('devices', '--data', other.dataDir)).out).toContain('window24 hall enrol')
    await other.close()
  })
})
