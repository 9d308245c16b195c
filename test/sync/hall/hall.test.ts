import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startHall } from '../../../sync/hall/hall.ts'
import { seal } from '../../../sync/protocol/sealing.ts'
import { enrolledDevice, newFolder, startTestHall, TestChain, TestDevice, texts } from './helpers.ts'

let dataDir: string
beforeEach(() => {
  dataDir = newFolder()
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const start = (changes: object = {}) => startHall({ dataDir, listen: '127.0.0.1:0', demo: false, ...changes })

describe('a hall server does not start, and says why with a code', () => {
  test('on a port that is taken', async () => {
    const hall = await start()
    const listen = new URL(hall.url).host
    await expect(start({ dataDir: newFolder(), listen })).rejects.toMatchObject({
      code: 'port-taken',
      message: expect.stringContaining('--listen'),
    })
    await hall.close()
  })

  test.each(['8026', 'localhost', '0.0.0.0:99999', '::1:80', 'http://a:1'])('on "%s"', async (listen) => {
    await expect(start({ listen })).rejects.toMatchObject({ code: 'listen-invalid' })
  })

  test('on an address of another machine', async () => {
    await expect(start({ listen: '192.0.2.1:0' })).rejects.toMatchObject({ code: 'address-unusable' })
  })

  test('in a place that cannot be a folder', async () => {
    const file = join(dataDir, 'file')
    writeFileSync(file, '')
    await expect(start({ dataDir: join(file, 'hall') })).rejects.toMatchObject({ code: 'folder-unwritable' })
  })

  test('with damaged sealing keys, which stay as they are', async () => {
    const path = join(dataDir, 'sealing-keys.json')
    writeFileSync(path, '{"keys": [')
    await expect(start()).rejects.toMatchObject({ code: 'sealing-keys-damaged' })
    expect(readFileSync(path, 'utf8')).toBe('{"keys": [')
  })

  test('without the sealing keys of a hall that has run before, and makes no new ones', async () => {
    const path = join(dataDir, 'sealing-keys.json')
    await (await start()).close()
    rmSync(path)
    await expect(start()).rejects.toMatchObject({
      code: 'sealing-keys-damaged',
      message: expect.stringContaining('restore it from a backup'),
    })
    expect(existsSync(path)).toBe(false)
  })

  test('with a store that is no database', async () => {
    await (await start()).close()
    writeFileSync(join(dataDir, 'hall.sqlite'), 'x'.repeat(5000))
    await expect(start()).rejects.toMatchObject({ code: 'store-damaged' })
  })
})

test('its folder and its keys are for the owner alone', async () => {
  const folder = join(dataDir, 'new', 'hall')
  const hall = await start({ dataDir: folder })
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  expect(statSync(join(folder, 'sealing-keys.json')).mode & 0o777).toBe(0o600)
  await hall.close()
})

test('devices, codes and facts outlive a restart, and so does what they seal for', async () => {
  const first = await startTestHall({ dataDir })
  const device = await enrolledDevice(first)
  await device.sendBatch(texts(new TestChain(device.deviceId).ratings(2)))
  const code = first.hall.createEnrolmentCode()
  await first.hall.close()

  const second = await startTestHall({ dataDir })
  expect(await second.hall.counts()).toEqual({ rating: 2, events: 2 })
  const later = new TestDevice(second)
  await later.enrol(code)
  expect(later.sealingKey).toEqual(device.sealingKey)
  expect(later.deviceId).toMatch(/^P-0002-/)
  await second.close()
})

test('closing frees its port at once, with connections still open', async () => {
  const first = await start()
  await fetch(`${first.url}/v1/time`)
  await first.close()
  const second = await start({ listen: new URL(first.url).host })
  await second.close()
})

test('a hall on all interfaces tells an address that can be asked', async () => {
  const hall = await start({ listen: '0.0.0.0:0' })
  expect(hall.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect((await fetch(`${hall.url}/v1/time`)).status).toBe(200)
  await hall.close()
})

test('its log tells method, route, status and device of each request, and nothing of a person', async () => {
  const lines: string[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const hall = await startTestHall({ dataDir, demo: true, logger: pino(sink) })
  const device = await enrolledDevice(hall)
  const user = {
    type: '1',
    name: '张小雨',
    idType: '111',
    idNumber: '330099199104160260',
    phone: '130***0416',
  }
  const sealed = await seal(
    { purpose: 'search', device: device.deviceId, user },
    device.sealingKey,
    new Date(),
  )
  const path = '/v1/case-searches'
  await device.ask({ method: 'POST', path, body: { by: 'card', user: sealed } })
  await device.ask({ method: 'POST', path, body: { by: 'receipt', value: 'YX2026110007K3' } })
  await device.ask({ method: 'POST', path, body: { by: 'card', user } })
  await fetch(`${hall.hall.url}/v1/content/张小雨?card=330099199104160260`)
  await hall.hall.close()

  const entries = lines.map((line): Record<string, unknown> => JSON.parse(line))
  // A moment in milliseconds may have any four digits in it.
  const log = entries.map(({ time, pid, ms, ...told }) => JSON.stringify(told)).join('')
  for (const personal of ['张小雨', encodeURI('张小雨'), '330099', 'YX2026', '0416', sealed.slice(-20)])
    expect(log).not.toContain(personal)
  expect(entries.filter(({ route }) => route === path).map(({ status }) => status)).toEqual([200, 200, 400])
  const first = entries.find(({ route }) => route === path)
  expect(first).toMatchObject({ method: 'POST', route: path, status: 200, device: device.deviceId })
  expect(Object.keys(first ?? {}).sort()).toEqual(
    ['device', 'hostname', 'level', 'method', 'ms', 'msg', 'pid', 'route', 'status', 'time'].sort(),
  )
})

test('a folder made before by its owner is taken as it is', async () => {
  mkdirSync(join(dataDir, 'hall'))
  chmodSync(join(dataDir, 'hall'), 0o750)
  const hall = await start({ dataDir: join(dataDir, 'hall') })
  expect(statSync(join(dataDir, 'hall')).mode & 0o777).toBe(0o750)
  await hall.close()
})
