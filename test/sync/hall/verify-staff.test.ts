/** What people do about a chain, with the hall's own commands and without: what is settled by it, and what never is. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { canonicalText, sha256Base64url } from '../../../sync/protocol/canonical.ts'
import { statusPath } from '../../../sync/protocol/devices.ts'
import { openDatabase } from '../../../sync/sqlite.ts'
import {
  enrolledDevice,
  type Made,
  startTestHall,
  TestChain,
  type TestDevice,
  type TestHall,
  texts,
} from './helpers.ts'
import { run } from './support/command.ts'

let hall: TestHall
let device: TestDevice
let chain: TestChain
beforeEach(async () => {
  hall = await startTestHall()
  device = await enrolledDevice(hall)
  chain = new TestChain(device.deviceId)
})
afterEach(async () => await hall.close())

const command = (...args: string[]) => run(...args, '--data', hall.dataDir)

async function report(bootId: string = randomUUID(), made: Made | null = null): Promise<void> {
  const head = made && { epoch: made.event.epoch, sequence: made.event.sequence, hash: made.event.hash }
  const body = {
    role: 'pad',
    software: '0.1.0',
    uptimeSeconds: 1,
    bootId,
    head,
    peripherals: {},
    paper: null,
    backlog: 0,
    oldestUnsentAt: null,
    clock: { synchronized: true, offsetMs: 0 },
    storage: { freeBytes: 1, totalBytes: 2 },
  }
  expect((await device.ask({ method: 'PUT', path: statusPath(device.deviceId), body })).status).toBe(200)
}

/** What somebody with the file in hand does to it. */
function tamper(sql: string, ...values: (string | number)[]): void {
  const db = openDatabase(join(hall.dataDir, 'hall.sqlite'))
  db.pragma('foreign_keys = OFF')
  db.prepare(sql).run(...values)
  db.close()
}

/** A text altered by somebody who knows how hashes are made. */
function forge({ event }: Made): void {
  const { hash: _, ...rest } = { ...event, data: { ...event.data, level: 1 } }
  const hash = sha256Base64url(canonicalText(rest))
  const text = canonicalText({ ...rest, hash })
  tamper('UPDATE events SET text = ?, hash = ? WHERE sequence = ?', text, hash, Number(event.sequence))
}

async function send(made: readonly Made[]): Promise<number> {
  return (await device.sendBatch(texts(made))).status
}

function last(made: readonly Made[]): Made {
  const one = made.at(-1)
  if (one === undefined) throw new Error('nothing was made')
  return one
}

describe('a fork', () => {
  async function fork(): Promise<void> {
    const clone = chain.branch()
    expect(await send(chain.ratings(2))).toBe(200)
    expect(await send(clone.ratings(1))).toBe(409)
  }

  async function twoMachines(): Promise<void> {
    const [a, b] = [randomUUID(), randomUUID()]
    for (const bootId of [a, b, a]) await report(bootId)
  }

  test('of two machines is a fault until it is revoked and enrolled again; then it is settled, and still told', async () => {
    await fork()
    await twoMachines()
    expect((await command('verify')).code).toBe(1)
    await command('revoke', device.deviceId)
    expect((await command('verify')).code, 'nobody came in its place').toBe(1)
    const successor = await enrolledDevice(hall)
    const { code, out } = await command('verify')
    expect(code).toBe(0)
    expect(out).toContain(`${device.deviceId} (12号窗口): 2 events, 1 settled, whole`)
    expect(out).toMatch(
      new RegExp(`fork: epoch 1: first seen .*; settled: revoked .*, then enrolled as ${successor.deviceId}`),
    )
  })

  test('that no second machine was seen for is not settled', async () => {
    await fork()
    await command('revoke', device.deviceId)
    await enrolledDevice(hall)
    expect((await command('verify')).code).toBe(1)
  })

  test('that was seen after the revocation is not settled by it', async () => {
    await fork()
    await twoMachines()
    await command('revoke', device.deviceId)
    await enrolledDevice(hall)
    tamper('UPDATE heads SET forked_at = forked_at + 60000')
    expect((await command('verify')).code).toBe(1)
  })

  test('in what is stored is never settled', async () => {
    await fork()
    await twoMachines()
    tamper(`UPDATE events SET text = replace(text, '"level":5', '"level":1') WHERE sequence = 2`)
    await command('revoke', device.deviceId)
    await enrolledDevice(hall)
    expect(await command('verify')).toMatchObject({ code: 1, out: expect.stringContaining('altered') })
  })
})

describe('a last rating that somebody forged', () => {
  test('where the device had told of it is not settled by revoking the device, even with a clone', async () => {
    const made = chain.ratings(3)
    await send(made)
    const [a, b] = [randomUUID(), randomUUID()]
    for (const bootId of [a, b, a]) await report(bootId, last(made))
    forge(last(made))
    await report(a, last(made))
    await command('revoke', device.deviceId)
    await enrolledDevice(hall)
    expect(await command('verify')).toMatchObject({
      code: 1,
      out: expect.stringContaining('the device told of another event here'),
    })
  })

  test('before the device went on, which is then refused, is not settled either', async () => {
    const made = chain.ratings(3)
    await send(made)
    forge(last(made))
    expect(await send(chain.ratings(1))).toBe(409)
    await command('revoke', device.deviceId)
    await enrolledDevice(hall)
    expect((await command('verify')).code).toBe(1)
  })
})

describe('a device that somebody took out of the table', () => {
  test('is found by its number, and its chain is walked and exported all the same', async () => {
    await send(chain.ratings(3))
    await enrolledDevice(hall)
    tamper('DELETE FROM devices WHERE device_id = ?', device.deviceId)
    tamper(`UPDATE events SET text = replace(text, '"level":5', '"level":1') WHERE sequence = 2`)
    const { code, out } = await command('verify')
    expect(code).toBe(1)
    expect(out).toContain(`${device.deviceId} (not enrolled): 3 events, 2 faults\n  no-device: `)
    expect(out).toContain('altered: epoch 1 at 2')
    expect(out).toContain('no. 1 (not enrolled): 0 events, 1 fault\n  missing: enrolled once')
    const days = ['--from', '2026-11-20', '--to', '2026-11-20', '--format', 'jsonl']
    expect((await command('export', ...days)).out.trim().split('\n')).toHaveLength(3)
  })

  test('is found by the heads it left, where its records are gone too', async () => {
    await send(chain.ratings(2))
    tamper('DELETE FROM events')
    tamper('DELETE FROM devices')
    expect(await command('verify')).toMatchObject({
      code: 1,
      out: expect.stringContaining('missing: epoch 1 from 1 to 2'),
    })
  })
})

test('what a revoked device told of and never sent is missing, and revoking says how much it is', async () => {
  const made = chain.ratings(8)
  await send(made.slice(0, 3))
  await report(randomUUID(), last(made))
  expect(await command('verify')).toMatchObject({ code: 0, out: expect.stringContaining('5 not sent yet') })
  const revoked = await command('revoke', device.deviceId)
  expect(revoked).toMatchObject({ code: 0, out: expect.stringContaining('told of 5 records') })
  expect(await command('verify')).toMatchObject({
    code: 1,
    out: expect.stringContaining('missing: epoch 1 from 4 to 8: the device told of it, was revoked'),
  })
})
