import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { loadContent } from '../../../sync/hall/content/content.ts'
import { startHall } from '../../../sync/hall/hall.ts'
import { sha256Hex } from '../../../sync/protocol/canonical.ts'
import { type ContentKind, ContentManifest, contentKinds } from '../../../sync/protocol/content.ts'
import { enrolledDevice, newFolder, startTestHall, type TestHall } from './helpers.ts'
import { keptLog } from './support/log.ts'

let hall: TestHall | undefined
afterEach(async () => {
  await hall?.close()
  hall = undefined
})

describe('the demonstration hall', () => {
  test('hands out every item as its manifest says: by hash, size and schema', async () => {
    hall = await startTestHall({ demo: true })
    const device = await enrolledDevice(hall)
    const { items } = ContentManifest.parse((await device.ask({ method: 'GET', path: '/v1/content' })).json)
    expect(new Set(items.map(({ name }) => name)).size).toBe(items.length)
    expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(Object.keys(contentKinds)))
    for (const { kind, sha256, size, mediaType } of items) {
      const item = await device.ask({ method: 'GET', path: `/v1/content/${sha256}` })
      expect(item.status).toBe(200)
      expect(item.headers.get('content-type')).toBe(mediaType)
      expect(item.headers.get('cache-control')).toContain('immutable')
      expect(item.bytes.byteLength).toBe(size)
      expect(sha256Hex(item.bytes)).toBe(sha256)
      if (mediaType === 'application/pdf') expect(item.text).toMatch(/^%PDF-/)
      else expect(contentKinds[kind as ContentKind].safeParse(item.json).success).toBe(true)
    }
  })

  test('answers 304 to a device that has its version', async () => {
    hall = await startTestHall({ demo: true })
    const device = await enrolledDevice(hall)
    const first = await device.ask({ method: 'GET', path: '/v1/content' })
    const etag = String(first.headers.get('etag'))
    expect(etag).toBe(`"${first.json.version}"`)
    const ask = (tag: string) =>
      device.ask({ method: 'GET', path: '/v1/content', headers: { 'if-none-match': tag } })
    expect([(await ask(etag)).status, (await ask(etag)).text]).toEqual([304, ''])
    expect((await ask(`W/${etag}, "other"`)).status).toBe(304)
    expect((await ask('"other"')).status).toBe(200)
  })

  test('knows no other item', async () => {
    hall = await startTestHall({ demo: true })
    const device = await enrolledDevice(hall)
    const answer = await device.ask({ method: 'GET', path: `/v1/content/${'0'.repeat(64)}` })
    expect([answer.status, answer.json.code]).toEqual([404, 'not-found'])
  })
})

describe('recordings and pictures of a hall’s own', () => {
  const MPEG = Buffer.from([0xff, 0xfb, 0x90, 0x64])
  const PNG = Buffer.from('89504e470d0a1a0a00', 'hex')
  const put = (dataDir: string, path: string, bytes: Buffer): void => {
    const at = join(dataDir, 'content', path)
    mkdirSync(dirname(at), { recursive: true })
    writeFileSync(at, bytes)
  }

  test('are handed out byte for byte, by the names of what they stand for', async () => {
    const dataDir = newFolder()
    put(dataDir, 'sounds/zh/idle-warning.mp3', MPEG)
    put(dataDir, 'sounds/en/character-A.MP3', MPEG)
    put(dataDir, 'images/staff/S012.png', PNG)
    hall = await startTestHall({ dataDir })
    const device = await enrolledDevice(hall)
    const { items } = ContentManifest.parse((await device.ask({ method: 'GET', path: '/v1/content' })).json)
    const own = items.filter(({ kind }) => kind !== 'dictionary')
    expect(own.map(({ name, kind, mediaType }) => [name, kind, mediaType])).toEqual([
      ['sound/zh/idle-warning', 'sound', 'audio/mpeg'],
      ['sound/en/character-A', 'sound', 'audio/mpeg'],
      ['image/staff/S012', 'image', 'image/png'],
    ])
    const item = await device.ask({ method: 'GET', path: `/v1/content/${own[2]?.sha256}` })
    expect(item.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(item.bytes)).toEqual(PNG)
  })

  test('that would be waited for in vain are told of', async () => {
    const dataDir = newFolder()
    put(dataDir, 'sounds/zh/idle-warning.m4a', MPEG)
    put(dataDir, 'sounds/idle-warning.mp3', MPEG)
    put(dataDir, 'image/S012.png', PNG)
    const log = keptLog()
    hall = await startTestHall({ dataDir, logger: log.logger })
    expect(log.text()).toContain('"names":["image","sounds/idle-warning.mp3","sounds/zh/idle-warning.m4a"]')
  })

  test.each([
    [
      'sounds/zh/idle-warning.wav',
      MPEG,
      /idle-warning\.wav is no sound: it does not begin as audio\/wav does/,
    ],
    ['sounds/zh/等一等.mp3', MPEG, /no sound is called so/],
    ['images/staff/S012.png', Buffer.from('<svg onload="x">'), /is no image/],
    ['sounds/zh/thanks.mp3', Buffer.alloc(1024 * 1024 + 1, 0xff), /at most 1 MiB: save it smaller/],
  ])('%s that cannot be used is refused with what to do', (path, bytes, message) => {
    const dataDir = newFolder()
    put(dataDir, path, bytes)
    expect(() => loadContent(join(dataDir, 'content'))).toThrow(message)
    rmSync(dataDir, { recursive: true })
  })

  test('one that is there in two formats is refused', () => {
    const dataDir = newFolder()
    put(dataDir, 'sounds/zh/thanks.mp3', MPEG)
    put(dataDir, 'sounds/zh/thanks.ogg', Buffer.from('OggS'))
    expect(() => loadContent(join(dataDir, 'content'))).toThrow(/sound\/zh\/thanks is there twice/)
    rmSync(dataDir, { recursive: true })
  })
})

test('two calendars of one year are refused, and a provisional one gives way', () => {
  const folder = newFolder()
  mkdirSync(folder, { recursive: true })
  const year = { year: 2027, holidays: [], workingWeekends: [] }
  const write = (name: string, calendar: object): void =>
    writeFileSync(join(folder, name), JSON.stringify(calendar))
  write('calendar-2027.json', year)
  write('calendar-2028.json', { ...year, provisional: true })
  expect(loadContent(folder).calendars).toHaveLength(2)
  write('calendar-2028.json', year)
  expect(() => loadContent(folder)).toThrow(/two calendars of 2027/)
  rmSync(folder, { recursive: true })
})

describe('a hall of its own', () => {
  test('without content hands out the nation’s labels, and its version changes when a notice is added', async () => {
    const dataDir = newFolder()
    hall = await startTestHall({ dataDir })
    const device = await enrolledDevice(hall)
    const before = ContentManifest.parse((await device.ask({ method: 'GET', path: '/v1/content' })).json)
    expect(before.items.map(({ name }) => name)).toEqual(['dictionary/2019.1'])
    await hall.hall.close()

    mkdirSync(join(dataDir, 'content'))
    writeFileSync(join(dataDir, 'content', 'notices.json'), JSON.stringify([notice]))
    const again = await startTestHall({ dataDir })
    hall = again
    Object.assign(device, { deviceId: device.deviceId })
    const other = await enrolledDevice(again)
    const after = ContentManifest.parse((await other.ask({ method: 'GET', path: '/v1/content' })).json)
    expect(after.items.map(({ name }) => name)).toEqual(['dictionary/2019.1', 'notice/lamp'])
    expect(after.version).not.toBe(before.version)
  })

  test.each([
    ['notices.json', '[{"id":"lamp","title":"灯"}]', /notices\.json is no notice: title:/],
    ['notices.json', '{}', /notices\.json: a list is needed/],
    ['hall.json', 'not JSON', /hall\.json cannot be read as JSON/],
  ])('does not start with a faulty %s, and says where the fault is', async (name, text, message) => {
    const dataDir = newFolder()
    mkdirSync(join(dataDir, 'content'))
    writeFileSync(join(dataDir, 'content', name), text)
    const start = startHall({ dataDir, listen: '127.0.0.1:0', demo: false })
    await expect(start).rejects.toMatchObject({
      code: 'content-invalid',
      message: expect.stringMatching(message),
    })
    rmSync(dataDir, { recursive: true })
  })

  test('does not start with two notices of one id', async () => {
    const dataDir = newFolder()
    mkdirSync(join(dataDir, 'content'))
    writeFileSync(join(dataDir, 'content', 'notices.json'), JSON.stringify([notice, notice]))
    const start = startHall({ dataDir, listen: '127.0.0.1:0', demo: false })
    await expect(start).rejects.toMatchObject({ code: 'content-invalid' })
    rmSync(dataDir, { recursive: true })
  })
})

const notice = {
  id: 'lamp',
  title: '夜里有灯',
  text: '东门整夜亮着灯。',
  titleEnglish: 'Lit at night',
  textEnglish: 'The east gate is lit all night.',
  from: '2026-01-01',
  until: null,
}
