/** What a hall does for technicians who have lost a PIN: codes, and the key that its files are signed with. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SigningKey } from '../../../sync/protocol/keys.ts'
import { readReset, technicianCodePath } from '../../../sync/protocol/technician-reset.ts'
import {
  enrolledDevice,
  newFolder,
  type Reply,
  startTestHall,
  type TestDevice,
  type TestHall,
} from './helpers.ts'
import { run } from './support/command.ts'

const HOUR_MS = 60 * 60_000
const MINUTE_MS = 60_000

let dataDir: string
let hall: TestHall
let device: TestDevice

beforeEach(async () => {
  dataDir = newFolder()
  hall = await startTestHall({ dataDir })
  device = await enrolledDevice(hall)
})
afterEach(async () => await hall.close())

const ask = (code: string, by = device): Promise<Reply> =>
  by.ask({ method: 'POST', path: technicianCodePath(by.deviceId), body: { code } })

const newCode = async (of = device): Promise<string> => {
  const { out } = await run('technician', '--data', dataDir, '--device', of.deviceId)
  return out.trim()
}

test('a code is good at its own device, once, for a day', async () => {
  const other = await enrolledDevice(hall)
  const code = await newCode()
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/)
  expect((await ask(code, other)).json).toMatchObject({ code: 'technician-code-bad' })
  expect((await ask(`${code.slice(0, 5)}-${code.slice(5).toLowerCase()}`)).status).toBe(200)
  expect((await ask(code)).status).toBe(403)
  const late = await newCode()
  hall.clock.advance(25 * HOUR_MS)
  expect((await ask(late)).json).toMatchObject({ code: 'technician-code-bad' })
})

test('who guesses has five tries a minute, and the right one after them has to wait as well', async () => {
  const code = await newCode()
  for (let tries = 0; tries < 5; tries++) expect((await ask('0000000000')).status).toBe(403)
  const refused = await ask(code)
  expect(refused.json).toMatchObject({ code: 'too-many-tries' })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  hall.clock.advance(MINUTE_MS + 1000)
  expect((await ask(code)).status).toBe(200)
})

test('a code is for devices that this hall knows and still believes', async () => {
  const unknown = await run('technician', '--data', dataDir, '--device', 'P-9999-XXXX')
  expect([unknown.code, unknown.err]).toEqual([
    1,
    'window24 hall: no device is called "P-9999-XXXX": see "window24 hall devices"\n',
  ])
  expect((await run('technician', '--data', dataDir)).code).toBe(2)
  await run('revoke', device.deviceId, '--data', dataDir)
  const refused = await run('technician', '--data', dataDir, '--device', device.deviceId)
  expect([refused.code, refused.err]).toEqual([
    1,
    `window24 hall: ${device.deviceId} is revoked: it asks this hall for nothing any more\n`,
  ])
})

test('a file is signed by the one key of this hall, which stays over its restarts and is its owner’s alone', async () => {
  const path = join(dataDir, 'technician-key.json')
  const before = readFileSync(path, 'utf8')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const named = join(dataDir, 'reset.w24pin')
  const made = await run('technician', '--data', dataDir, '--device', device.deviceId, '--file', named)
  expect([made.code, made.out]).toEqual([0, `${named}\n`])
  expect(readFileSync(path, 'utf8')).toBe(before)
  const { key } = JSON.parse(before)
  const read = readReset(readFileSync(named), [SigningKey.parse(key)])
  expect(read).toMatchObject({ ok: true, claim: { device: device.deviceId, purpose: 'technician-pin' } })

  const nowhere = await run(
    'technician',
    '--data',
    dataDir,
    '--device',
    device.deviceId,
    '--file',
    '/nowhere/x',
  )
  expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('cannot be written (ENOENT)')])
})

test('a damaged key stops nothing but such files', async () => {
  const folder = newFolder()
  writeFileSync(join(folder, 'technician-key.json'), '{"key":{}}')
  const other = await startTestHall({ dataDir: folder })
  const joined = await enrolledDevice(other)
  const refused = await run('technician', '--data', folder, '--device', joined.deviceId, '--file', folder)
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('technician-key.json is damaged')])
  expect((await run('technician', '--data', folder, '--device', joined.deviceId)).code).toBe(0)
  await other.close()
  rmSync(folder, { recursive: true, force: true })
})
