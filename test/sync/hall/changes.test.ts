/** What people change in a hall's files while its server runs. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { enrolledDevice, newFolder, startTestHall, type TestDevice, type TestHall } from './helpers.ts'
import { openLine } from './support/event-line.ts'

/** Between two looks of the server at its files. */
const LOOK_MS = 5_000

let dataDir: string
let hall: TestHall
let device: TestDevice
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  dataDir = newFolder()
  mkdirSync(join(dataDir, 'content'))
})
afterEach(async () => {
  await hall.close()
  vi.useRealTimers()
})

async function start(): Promise<void> {
  hall = await startTestHall({ dataDir })
  device = await enrolledDevice(hall)
}

function notice(id: string): object {
  return {
    id,
    title: '夜窗开放',
    text: '二十四小时自助服务。',
    titleEnglish: 'Open all night',
    textEnglish: 'Self service day and night.',
    from: '2026-01-01',
    until: null,
  }
}
const writeNotices = (value: unknown) =>
  writeFileSync(join(dataDir, 'content', 'notices.json'), JSON.stringify(value))
const writeSettings = (settings: unknown) =>
  writeFileSync(join(dataDir, 'hall.json'), JSON.stringify({ settings }), { mode: 0o600 })

async function names(): Promise<string[]> {
  const { json } = await device.ask({ method: 'GET', path: '/v1/content' })
  return (json.items as { name: string }[]).map(({ name }) => name)
}
const settings = async (who = device) =>
  await who.ask({ method: 'GET', path: `/v1/devices/${who.deviceId}/settings` })

describe('content that is changed', () => {
  test('is handed out without a restart, once it has stood still from one look to the next', async () => {
    await start()
    const line = await openLine(hall, device)
    const [before] = [(await line.next()).value, await line.next()]
    writeNotices([notice('lamp')])
    vi.advanceTimersByTime(LOOK_MS)
    expect(await names(), 'it may still be being copied').toEqual(['dictionary/2019.1'])
    vi.advanceTimersByTime(LOOK_MS)
    expect(await names()).toEqual(['dictionary/2019.1', 'notice/lamp'])
    const { version } = (await device.ask({ method: 'GET', path: '/v1/content' })).json
    const told = (await line.next()).value
    expect(told).toBe(`event: content\ndata: {"version":"${version}"}`)
    expect(told).not.toBe(before)
  })

  test('is taken at once when the server is told to', async () => {
    await start()
    writeNotices([notice('lamp')])
    hall.hall.reload()
    expect(await names()).toContain('notice/lamp')
  })

  test('to something faulty leaves the last good version in force, until it is mended', async () => {
    writeNotices([notice('lamp')])
    await start()
    writeNotices([{ id: 'half' }])
    hall.hall.reload()
    expect(await names()).toContain('notice/lamp')
    writeNotices([notice('mended')])
    hall.hall.reload()
    expect(await names()).toEqual(['dictionary/2019.1', 'notice/mended'])
  })

  test('or taken away is gone from the manifest', async () => {
    writeNotices([notice('lamp')])
    await start()
    rmSync(join(dataDir, 'content', 'notices.json'))
    hall.hall.reload()
    expect(await names()).toEqual(['dictionary/2019.1'])
  })
})

describe('settings from afar', () => {
  test('are nothing unless the hall sets some', async () => {
    await start()
    const answer = await settings()
    expect([answer.status, answer.json]).toEqual([200, {}])
    const again = await device.ask({
      method: 'GET',
      path: `/v1/devices/${device.deviceId}/settings`,
      headers: { 'if-none-match': String(answer.headers.get('etag')) },
    })
    expect(again.status).toBe(304)
  })

  test('are those of the device before those of its role before those of the hall, each by itself', async () => {
    await start()
    writeSettings({
      hall: { theme: 'day', sound: 'off', notices: 'hidden' },
      roles: { pad: { sound: 'on' }, terminal: { theme: 'night' } },
      devices: { [device.deviceId]: { notices: 'shown' } },
    })
    hall.hall.reload()
    const answer = await settings()
    expect(answer.json).toEqual({ theme: 'day', sound: 'on', notices: 'shown' })
    const other = await enrolledDevice(hall)
    expect((await settings(other)).json).toEqual({ theme: 'day', sound: 'on', notices: 'hidden' })
    const { json } = await device.ask({
      method: 'PUT',
      path: `/v1/devices/${device.deviceId}/status`,
      body: {},
    })
    expect(json.code).toBe('body-invalid')
    expect(answer.headers.get('etag')).not.toBe((await settings(other)).headers.get('etag'))
  })

  test('that change are told to the devices whose own change, and to no other', async () => {
    await start()
    const other = await enrolledDevice(hall)
    const [line, otherLine] = [await openLine(hall, device), await openLine(hall, other)]
    for (const one of [line, otherLine]) for (const _ of ['content', 'settings']) await one.next()
    writeSettings({ devices: { [device.deviceId]: { theme: 'night' } } })
    vi.advanceTimersByTime(LOOK_MS)
    const version = String((await settings()).headers.get('etag')).replaceAll('"', '')
    expect((await line.next()).value).toBe(`event: settings\ndata: {"version":"${version}"}`)
    vi.advanceTimersByTime(2 * LOOK_MS)
    expect((await otherLine.next()).value, 'the next thing it hears is a sign of life').toMatch(/^:/)
  })

  test.each([
    [{ hall: { port: 80 } }, 'settings.hall.port'],
    [{ roles: { pad: { theme: 'pink' } } }, 'settings.roles.pad.theme'],
    [{ hall: { idle: { seconds: 5, warningSeconds: 30 } } }, 'settings.hall.idle.seconds'],
    [{ hall: { hours: { nightFrom: '25:00', nightTo: '07:00' } } }, 'settings.hall.hours.nightFrom'],
    [{ hall: { services: ['guides', 'guides'] } }, 'settings.hall.services'],
  ])('outside the allow-list, such as %j, are a fault with its path', async (wrong, path) => {
    writeSettings(wrong)
    await expect(start()).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining(path),
    })
    rmSync(join(dataDir, 'hall.json'))
    await start()
    writeSettings(wrong)
    hall.hall.reload()
    expect((await settings()).json, 'a running hall goes on with what it had').toEqual({})
  })
})

test('a faulty hall.json is told by path and place, and never by what stands there', async () => {
  await start()
  const secret = 'sk-4711-not-to-be-seen'
  const write = (text: string) => writeFileSync(join(dataDir, 'hall.json'), text, { mode: 0o600 })
  for (const text of [
    `{"settings": "${secret}"}`,
    `{"${'settings'}": {} "${secret}"`,
    `{"secret": "${secret}"}`,
  ]) {
    write(text)
    const fault = await startTestHall({ dataDir, listen: '127.0.0.1:0' }).catch((error: unknown) => error)
    expect(fault).toMatchObject({ code: 'configuration-invalid' })
    expect(String(fault)).toContain('hall.json')
    expect(String(fault)).not.toContain(secret)
  }
})
