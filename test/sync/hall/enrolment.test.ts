import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EnrolmentAnswer } from '../../../sync/protocol/devices.ts'
import { startTestHall, TestDevice, type TestHall } from './helpers.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

let hall: TestHall
let device: TestDevice
let code: string
beforeEach(async () => {
  hall = await startTestHall()
  device = new TestDevice(hall)
  code = hall.hall.createEnrolmentCode()
})
afterEach(async () => await hall.close())

test('a code of ten Crockford characters enrols a device, which then speaks for itself', async () => {
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/)
  const answer = await device.askToEnrol(code)
  expect(answer.status).toBe(201)
  const { deviceId, sealingKey } = EnrolmentAnswer.parse(answer.json)
  expect(deviceId).toMatch(/^P-0001-[0-9A-HJKMNP-TV-Z]{4}$/)
  expect(sealingKey).not.toHaveProperty('d')
  device.deviceId = deviceId
  expect((await device.ask({ method: 'GET', path: '/v1/content' })).status).toBe(200)
})

test('a code is read as people type it', async () => {
  const typed = `${code.slice(0, 5)}-${code.slice(5)}`.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')
  expect((await device.askToEnrol(typed)).status).toBe(201)
})

test('the same code and key again get the same device, so a lost answer costs nothing', async () => {
  const first = EnrolmentAnswer.parse((await device.askToEnrol(code)).json)
  const second = EnrolmentAnswer.parse((await device.askToEnrol(code)).json)
  expect(second.deviceId).toBe(first.deviceId)
  expect(second.sealingKey).toEqual(first.sealingKey)
})

test('a code is good for one key only', async () => {
  await device.enrol(code)
  const answer = await new TestDevice(hall).askToEnrol(code)
  expect(answer.status).toBe(403)
  expect(answer.json).toMatchObject({
    code: 'enrolment-code-bad',
    type: 'urn:w24:problem:enrolment-code-bad',
  })
})

test('a code is good for 24 hours', async () => {
  hall.clock.advance(DAY_MS)
  const answer = await device.askToEnrol(code)
  expect(answer.status).toBe(403)
  expect(answer.json).toMatchObject({ code: 'enrolment-code-bad' })
})

test('nobody can enrol a key that is not their own', async () => {
  const other = new TestDevice(hall)
  const stolen = await device.askToEnrol(code, {
    fields: { publicKey: other.keys.publicKey },
    keyId: other.thumbprint,
  })
  expect(stolen.status).toBe(401)
  expect(stolen.json).toMatchObject({ code: 'signature-bad' })
  const unnamed = await device.askToEnrol(code, { keyId: 'somebody' })
  expect(unnamed.status).toBe(401)
  expect(unnamed.json).toMatchObject({ code: 'unknown-key' })
  expect((await device.askToEnrol(code)).status, 'the code was not used up').toBe(201)
})

test('the sixth try in a minute is refused with the time to wait, and a minute later tries are taken again', async () => {
  for (let tries = 0; tries < 5; tries += 1) expect((await device.askToEnrol('0000000000')).status).toBe(403)
  const sixth = await device.askToEnrol(code)
  expect(sixth.status).toBe(429)
  expect(sixth.json).toMatchObject({ code: 'too-many-tries' })
  const wait = Number(sixth.headers.get('retry-after'))
  expect(wait).toBeGreaterThan(0)
  expect(wait).toBeLessThanOrEqual(60)
  hall.clock.advance(wait * 1000)
  expect((await device.askToEnrol(code)).status).toBe(201)
})

test('two requests at once with one code and two keys enrol one device', async () => {
  const answers = await Promise.all([device.askToEnrol(code), new TestDevice(hall).askToEnrol(code)])
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 403])
})

test('a body that breaks its schema is told where, and never repeated', async () => {
  const answer = await device.askToEnrol(code, { fields: { role: 'toaster', name: '', secret: '张小雨' } })
  expect(answer.status).toBe(400)
  expect(answer.json).toMatchObject({ code: 'body-invalid' })
  expect(answer.text).toContain('role')
  expect(answer.text).not.toContain('toaster')
  expect(answer.text).not.toContain('张小雨')
})

describe('tries are counted for each address', () => {
  const forwarded = (address: string) => ({ headers: { 'x-forwarded-for': address } })
  const tryOften = async (address: string): Promise<number[]> => {
    const statuses: number[] = []
    for (let tries = 0; tries < 6; tries += 1)
      statuses.push((await device.askToEnrol('0000000000', forwarded(address))).status)
    return statuses
  }

  test('that a proxy of the hall names, so that one guesser stops nobody else', async () => {
    writeFileSync(join(hall.dataDir, 'hall.json'), '{"proxies": ["127.0.0.1"]}', { mode: 0o600 })
    hall.hall.reload()
    expect(await tryOften('198.51.100.7')).toEqual([403, 403, 403, 403, 403, 429])
    expect((await device.askToEnrol(code, forwarded('198.51.100.7, 198.51.100.8'))).status).toBe(201)
  })

  test('of which an IPv6 subscriber has one, however many he writes from', async () => {
    writeFileSync(join(hall.dataDir, 'hall.json'), '{"proxies": ["127.0.0.1"]}', { mode: 0o600 })
    hall.hall.reload()
    for (const last of ['1', '2', '3', '4', 'ffff:1:5'])
      expect((await device.askToEnrol('0000000000', forwarded(`2001:db8:0:7::${last}`))).status).toBe(403)
    expect((await device.askToEnrol(code, forwarded('2001:0DB8:0:0007:0:0:0:6'))).status).toBe(429)
    expect((await device.askToEnrol(code, forwarded('2001:db8:0:8::1'))).status).toBe(201)
  })

  test('and what anybody else says of where he comes from is not believed', async () => {
    for (let tries = 0; tries < 5; tries += 1)
      await device.askToEnrol('0000000000', forwarded(`198.51.100.${tries}`))
    expect((await device.askToEnrol(code, forwarded('198.51.100.9'))).status).toBe(429)
  })
})
