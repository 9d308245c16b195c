/** Blank forms from the hall's folder to a device's own store, by real HTTP; printed with the line down. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { openDownlink } from '../../sync/downlink.ts'
import { loadContent } from '../../sync/hall/content/content.ts'
import { createHallClient } from '../../sync/hall-client.ts'
import { sha256Hex } from '../../sync/protocol/canonical.ts'
import { FORM_BYTES_MAX } from '../../sync/protocol/content.ts'
import { openTestDevice } from './support/device.ts'
import { testFolder } from './support/folder.ts'
import { answerJson, answerProblem, startHallStub } from './support/hall-stub.ts'

const DEMO = join(import.meta.dirname, '../../sync/hall/demo')
const PDF = readFileSync(join(DEMO, 'forms/fund-withdrawal.pdf'))
const told = {
  title: '提取申请表',
  titleEnglish: 'Application',
  itemCodes: ['11330099MB0A00030U3000103001000'],
}

/** A hall's folder with one form, changed as wanted. */
const folderWith = (change: (forms: string) => void): string => {
  const folder = testFolder()
  const forms = join(folder, 'forms')
  mkdirSync(forms, { recursive: true })
  writeFileSync(join(forms, 'one.json'), JSON.stringify(told))
  writeFileSync(join(forms, 'one.pdf'), PDF)
  change(forms)
  return folder
}

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** The content of a folder over HTTP, and a device that takes it. */
async function started(folder: string) {
  const hall = { content: loadContent(folder) }
  const stub = await startHallStub((request, response) => {
    const { manifest, item } = hall.content
    if (request.path === '/v1/content')
      return answerJson(response, 200, manifest, { etag: `"${manifest.version}"` })
    const found = item(request.path.split('/').at(-1) ?? '')
    if (found === null) return answerProblem(response, 404, 'not-found')
    response.writeHead(200, { 'content-type': found.mediaType }).end(found.bytes)
  })
  closing.push(() => stub.cut())
  const device = openTestDevice(testFolder())
  const client = createHallClient({ url: stub.url, identity: device.identity })
  const open = () => openDownlink({ db: device.db, client })
  return { hall, stub, open, downlink: open(), device }
}

it('a form comes with its PDF, its pages are counted, and both are there without the hall', async () => {
  const { stub, open, downlink } = await started(folderWith(() => {}))
  expect(await downlink.refresh()).toMatchObject({ ok: true })
  const sha256 = sha256Hex(PDF)
  expect(downlink.content()?.forms).toEqual([{ ...told, sha256, pages: 2 }])
  await stub.cut()
  expect(Buffer.from(open().blankForm(sha256) ?? [])).toEqual(PDF)
})

it('only what is a form in force can be had by its hash', async () => {
  const { hall, downlink } = await started(DEMO)
  await downlink.refresh()
  const { manifest } = hall.content
  const guide = manifest.items.find(({ kind }) => kind === 'guide')
  expect(downlink.blankForm(guide?.sha256 ?? '')).toBeNull()
  const [form] = downlink.content()?.forms ?? []
  expect(downlink.blankForm(form?.sha256 ?? '')?.byteLength).toBeGreaterThan(1000)
})

it('a form that the hall takes back is gone from the device, its PDF too', async () => {
  const folder = folderWith(() => {})
  const { hall, downlink, device } = await started(folder)
  await downlink.refresh()
  rmSync(join(folder, 'forms'), { recursive: true })
  hall.content = loadContent(folder)
  expect(await downlink.refresh()).toMatchObject({ ok: true, changed: true })
  expect(downlink.blankForm(sha256Hex(PDF))).toBeNull()
  const left = device.db.prepare('SELECT count(*) FROM downlink_items WHERE sha256 = ?').pluck()
  expect(left.get(sha256Hex(PDF))).toBe(0)
})

it('a form whose PDF is missing or is none is no content, and what was there stays', async () => {
  const folder = folderWith(() => {})
  const { hall, downlink } = await started(folder)
  await downlink.refresh()
  const good = hall.content
  const items = good.manifest.items.filter(({ mediaType }) => mediaType !== 'application/pdf')
  hall.content = { ...good, manifest: { version: 'v2', items } }
  expect(await downlink.refresh()).toMatchObject({ ok: false, code: 'item', detail: /PDF is not among/ })
  const html = Buffer.from('<html>not found</html>')
  const sha256 = sha256Hex(html)
  const strange = { name: 'x', kind: 'form', sha256, size: html.byteLength, mediaType: 'application/pdf' }
  hall.content = {
    ...good,
    manifest: { version: 'v3', items: [...items, strange] },
    item: (hash) => (hash === sha256 ? { bytes: html, mediaType: 'application/pdf' } : good.item(hash)),
  }
  expect(await downlink.refresh()).toMatchObject({ ok: false, code: 'item', detail: 'it is no PDF' })
  expect(downlink.blankForm(sha256Hex(PDF))).not.toBeNull()
})

it.each<[string, (forms: string) => void, RegExp]>([
  ['without its PDF', (forms) => rmSync(join(forms, 'one.pdf')), /there is no one\.pdf beside it/],
  ['without what tells of it', (forms) => rmSync(join(forms, 'one.json')), /there is no one\.json beside it/],
  [
    'with a word of another kind in it',
    (forms) => writeFileSync(join(forms, 'one.json'), JSON.stringify({ ...told, pages: 7, price: 1 })),
    /one\.json is no form: .*price/,
  ],
  [
    'that is no PDF',
    (forms) => writeFileSync(join(forms, 'one.pdf'), 'PK\u0003\u0004'),
    /one\.pdf is no PDF that can be read/,
  ],
  [
    'that is scanned and huge',
    (forms) => writeFileSync(join(forms, 'one.pdf'), Buffer.alloc(FORM_BYTES_MAX + 1)),
    /at most 4 MiB: typeset it/,
  ],
])('a form %s stops the hall from starting with it, and says what to do', (_, change, message) => {
  expect(() => loadContent(folderWith(change))).toThrow(message)
})

it('two forms of one title, and one PDF under two titles, are all handed out', () => {
  const folder = folderWith((forms) => {
    cpSync(join(forms, 'one.pdf'), join(forms, 'two.pdf'))
    writeFileSync(
      join(forms, 'two.json'),
      JSON.stringify({ ...told, itemCodes: ['11330099MB0A00030U3000103002000'] }),
    )
  })
  const { items } = loadContent(folder).manifest
  expect(items.filter(({ kind }) => kind === 'form').map(({ name }) => name)).toEqual([
    'form/one',
    'form/two',
    'form/two.pdf',
  ])
})
