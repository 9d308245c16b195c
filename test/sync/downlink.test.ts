import { describe, expect, it } from 'vitest'
import { openDownlink } from '../../sync/downlink.ts'
import { createHallClient } from '../../sync/hall-client.ts'
import { sha256Hex } from '../../sync/protocol/canonical.ts'
import type { Dictionary } from '../../sync/protocol/content.ts'
import { builtInDictionaries } from '../../sync/protocol/dictionary.ts'
import { openTestDevice } from './support/device.ts'
import { testFolder } from './support/folder.ts'
import { answerJson, answerProblem, startHallStub } from './support/hall-stub.ts'

const staff = (staffId: string, name: string) => ({
  staffId,
  name,
  post: '综合受理',
  window: '12',
  stars: 5,
  partyBadge: false,
})
const notice = {
  id: 'n-1',
  title: '国庆值班',
  text: '国庆期间一楼大厅值班。',
  titleEnglish: 'Holiday duty',
  textEnglish: 'The ground floor is staffed during the holidays.',
  from: '2026-09-28',
  until: null,
}
const calendar = { year: 2026, holidays: ['2026-10-01'], workingWeekends: [] }

interface Item {
  name: string
  kind: string
  bytes: Buffer
}

const item = (name: string, kind: string, value: unknown): Item => ({
  name,
  kind,
  bytes: Buffer.from(JSON.stringify(value)),
})

const entry = ({ name, kind, bytes }: Item) => ({
  name,
  kind,
  sha256: sha256Hex(bytes),
  size: bytes.byteLength,
  mediaType: 'application/json',
})

/** A hall that hands out items; both can be replaced, and its manifest bent. */
async function started() {
  const hall = {
    version: 'v1',
    items: [item('chen', 'staff', staff('S012', '陈知夏')), item('duty', 'notice', notice)],
    bend: (manifest: { version: string; items: ReturnType<typeof entry>[] }): unknown => manifest,
    bendBytes: (bytes: Buffer): Buffer => bytes,
  }
  const stub = await startHallStub((request, response) => {
    if (request.path === '/v1/content') {
      const etag = `"${hall.version}"`
      if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end()
      const manifest = { version: hall.version, items: hall.items.map(entry) }
      return answerJson(response, 200, hall.bend(manifest), { etag })
    }
    const found = hall.items.find(({ bytes }) => request.path === `/v1/content/${sha256Hex(bytes)}`)
    if (found === undefined) return answerProblem(response, 404, 'not-found')
    response.writeHead(200, { 'content-type': 'application/json' }).end(hall.bendBytes(found.bytes))
  })
  const dir = testFolder()
  const device = openTestDevice(dir)
  const client = createHallClient({ url: stub.url, identity: device.identity })
  const downlink = openDownlink({ db: device.db, client })
  return { hall, stub, device, client, downlink, reopen: () => openDownlink({ db: device.db, client }) }
}

describe('content', () => {
  it('comes as one whole version, is told, and is there after a restart without the hall', async () => {
    const { stub, downlink, reopen } = await started()
    const seen: string[] = []
    downlink.onChange((content) => seen.push(content.version))
    expect(downlink.content()).toBeNull()
    expect(await downlink.refresh()).toEqual({ ok: true, version: 'v1', changed: true })
    const content = {
      version: 'v1',
      guides: [],
      forms: [],
      staff: [staff('S012', '陈知夏')],
      notices: [notice],
      hall: null,
      calendars: [],
      dictionaries: [],
      media: [],
      businessTypes: [],
      proofs: [],
    }
    expect(downlink.content()).toEqual(content)
    expect(seen).toEqual(['v1'])
    await stub.cut()
    expect(reopen().content()).toEqual(content)
    expect(await downlink.refresh()).toMatchObject({ ok: false, code: 'no-answer' })
    expect(downlink.content()).toEqual(content)
  })

  it('that has not changed is not fetched again', async () => {
    const { stub, downlink } = await started()
    await downlink.refresh()
    const requests = stub.received.length
    expect(await downlink.refresh()).toEqual({ ok: true, version: 'v1', changed: false })
    expect(stub.received).toHaveLength(requests + 1)
  })

  it('of the next version is fetched as far as it is new, and what is gone is gone', async () => {
    const { hall, stub, device, downlink } = await started()
    await downlink.refresh()
    const requests = stub.received.length
    Object.assign(hall, {
      version: 'v2',
      items: [...hall.items.slice(1), item('2026', 'calendar', calendar)],
    })
    expect(await downlink.refresh()).toEqual({ ok: true, version: 'v2', changed: true })
    expect(stub.received).toHaveLength(requests + 2)
    expect(downlink.content()).toMatchObject({ staff: [], notices: [notice], calendars: [calendar] })
    expect(device.db.prepare('SELECT count(*) FROM downlink_items').pluck().get()).toBe(2)
  })

  it('with a recording that is none is taken without it, and a good one is there with its bytes', async () => {
    const { hall, downlink, reopen } = await started()
    const spoken = Buffer.from('OggS, and the rest of it')
    const recording = (name: string, bytes: Buffer): Item => ({ name, kind: 'sound', bytes })
    hall.items.push(recording('sound/zh/thanks', spoken), recording('sound/zh/ending', Buffer.from('<html>')))
    hall.bend = ({ version, items }) => ({
      version,
      items: items.map((one) => (one.kind === 'sound' ? { ...one, mediaType: 'audio/ogg' } : one)),
    })
    expect(await downlink.refresh()).toMatchObject({ ok: true, changed: true })
    for (const one of [downlink, reopen()]) {
      expect(one.content()?.media.map(({ name }) => name)).toEqual(['sound/zh/thanks'])
      expect(one.content()?.notices).toEqual([notice])
      const { bytes, mediaType } = one.medium(sha256Hex(spoken)) ?? {}
      expect([Buffer.from(bytes ?? []), mediaType]).toEqual([spoken, 'audio/ogg'])
      for (const other of [sha256Hex(Buffer.from('<html>')), '0'.repeat(64)])
        expect(one.medium(other)).toBeNull()
    }
  })

  it('of kinds that are not known here is left alone', async () => {
    const { hall, stub, downlink } = await started()
    hall.items.push(item('sign', 'hologram', 'x'), item('voice', 'constructor', 'y'))
    expect(await downlink.refresh()).toMatchObject({ ok: true, changed: true })
    expect(stub.received).toHaveLength(3)
  })

  const other = builtInDictionaries()[0]?.dictionary
  const newer = (change: (levels: Dictionary['levels']) => Dictionary['levels']) => ({
    version: '2026.1',
    levels: change(other?.levels ?? []),
  })
  const broken: [string, Item[], string, RegExp][] = [
    ['breaks its schema', [item('wang', 'staff', staff('s-1', '王䶮'))], 'wang', /^staffId: /],
    [
      'has a further member',
      [item('wang', 'staff', { ...staff('S1', '王䶮'), salary: 1 })],
      'wang',
      /salary/,
    ],
    ['is no JSON', [{ name: 'wang', kind: 'staff', bytes: Buffer.from('{') }], 'wang', /no JSON/],
    [
      'is no UTF-8',
      [{ name: 'wang', kind: 'staff', bytes: Buffer.from([0x22, 0xff, 0x22]) }],
      'wang',
      /UTF-8/,
    ],
    [
      'is there twice under one id',
      [item('a', 'staff', staff('S1', '王䶮')), item('b', 'staff', staff('S1', '李𬭎'))],
      'b',
      /two of staff S1/,
    ],
    [
      'edits the dictionary of the nation',
      [item('labels', 'dictionary', { ...other, levels: other?.levels.toReversed() })],
      'labels',
      /2019\.1 is not the nation's/,
    ],
    [
      'has a dictionary that lacks a level',
      [
        item(
          'labels',
          'dictionary',
          newer((levels) => levels.map((one) => (one.level === 3 ? { ...one, level: 4 } : one))),
        ),
      ],
      'labels',
      /2026\.1 lacks level 3/,
    ],
    [
      'has a dictionary that moves a label to another level',
      [
        item(
          'labels',
          'dictionary',
          newer((levels) => levels.map((one) => ({ ...one, level: 6 - one.level }))),
        ),
      ],
      'labels',
      /moves label 510 from level 5 to 1/,
    ],
    [
      'has a dictionary with one label twice',
      [
        item(
          'labels',
          'dictionary',
          newer((levels) =>
            levels.map(({ level, labels }) => ({ level, labels: [...labels, ...labels.slice(0, 1)] })),
          ),
        ),
      ],
      'labels',
      /label 510 twice/,
    ],
    [
      'has a dictionary of no version',
      [item('labels', 'dictionary', { ...other, version: 'newest' })],
      'labels',
      /its version is none/,
    ],
  ]

  it.each(broken)(
    'with an item that %s keeps the whole old version and says which and why',
    async (_, items, name, why) => {
      const { hall, downlink, reopen } = await started()
      await downlink.refresh()
      Object.assign(hall, { version: 'v2', items: [item('2026', 'calendar', calendar), ...items] })
      const result = await downlink.refresh()
      expect(result).toMatchObject({
        ok: false,
        code: 'item',
        item: name,
        detail: expect.stringMatching(why),
      })
      expect(downlink.lastRefresh()).toEqual(result)
      expect(downlink.content()).toMatchObject({ version: 'v1', calendars: [] })
      expect(reopen().content()).toMatchObject({ version: 'v1', calendars: [] })
    },
  )

  it.each([
    [
      'other bytes of the same size',
      (bytes: Buffer) => Buffer.from(bytes.toString().replace('S012', 'S013')),
      /SHA-256/,
    ],
    ['fewer bytes', (bytes: Buffer) => bytes.subarray(1), /bytes instead of/],
    ['more bytes', (bytes: Buffer) => Buffer.concat([bytes, bytes]), /more than its/],
  ])('answered with %s is not taken', async (_, bend, why) => {
    const { hall, downlink } = await started()
    hall.bendBytes = bend
    const refused = { ok: false, code: 'item', item: 'chen', detail: expect.stringMatching(why) }
    expect(await downlink.refresh()).toMatchObject(refused)
    expect(downlink.content()).toBeNull()
    hall.bendBytes = (bytes) => bytes
    expect(await downlink.refresh()).toMatchObject({ ok: true })
  })

  it.each([
    ['too many items', { name: 'n', kind: 'staff', sha256: 'a'.repeat(64), size: 1, mediaType: 'x' }, 12_001],
    [
      'too large an item',
      { name: 'n', kind: 'staff', sha256: 'a'.repeat(64), size: 2 ** 20 + 1, mediaType: 'x' },
      1,
    ],
    [
      'too much in all',
      { name: 'n', kind: 'staff', sha256: 'a'.repeat(64), size: 2 ** 20, mediaType: 'x' },
      257,
    ],
  ])('of %s is not even begun', async (_, one, times) => {
    const { hall, stub, downlink } = await started()
    hall.bend = (manifest) => ({ ...manifest, items: new Array(times).fill(one) })
    expect(await downlink.refresh()).toMatchObject({ ok: false, code: 'too-much' })
    expect(stub.received).toHaveLength(1)
  })

  it.each([
    ['something else', (response: unknown) => ({ not: response })],
    [
      'a path for a hash',
      (manifest: object) => ({ ...manifest, items: [{ ...entry(item('a', 'staff', 1)), sha256: '../x' }] }),
    ],
  ])('answered with %s is no manifest', async (_, bend) => {
    const { hall, downlink } = await started()
    hall.bend = bend
    expect(await downlink.refresh()).toMatchObject({ ok: false, code: 'strange-answer' })
  })

  it('asked for while it is being fetched is fetched once more, not twice at once', async () => {
    const { hall, downlink } = await started()
    const first = downlink.refresh()
    hall.version = 'v2'
    const [second, third] = [downlink.refresh(), downlink.refresh()]
    expect(second).toBe(third)
    expect((await first).ok).toBe(true)
    expect(await second).toMatchObject({ ok: true, version: 'v2' })
  })

  it('that was damaged on the disk is fetched anew', async () => {
    const { device, downlink, reopen } = await started()
    await downlink.refresh()
    device.db.prepare("UPDATE downlink_items SET bytes = CAST('{}' AS BLOB)").run()
    const reopened = reopen()
    expect(reopened.content()).toBeNull()
    expect(await reopened.refresh()).toEqual({ ok: true, version: 'v1', changed: true })
    expect(reopened.content()?.staff).toHaveLength(1)
    expect(reopen().content()).toEqual(reopened.content())
  })
})
