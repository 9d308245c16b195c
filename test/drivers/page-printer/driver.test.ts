import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { supervisePagePrinter } from '../../../drivers/page-printer/driver.ts'
import { closing, faulty, ready } from '../support.ts'

const PDF = Uint8Array.from(Buffer.from('%PDF-1.7\n张小雨\n%%EOF\n'))

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'w24-pages-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

test('a page is on the disk, whole, for the owner only, and under a name that tells nothing', async () => {
  const path = await folder()
  const printer = closing(supervisePagePrinter({ driver: 'directory', port: `dir:${path}` }))
  await ready(printer)
  expect(await printer.print(PDF)).toEqual({ outcome: 'printed', proof: 'confirmed' })
  const names = await readdir(path)
  expect(names).toEqual([expect.stringMatching(/^page-[0-9a-f-]{36}\.pdf$/)])
  const file = join(path, names[0] ?? '')
  expect(await readFile(file)).toEqual(Buffer.from(PDF))
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('pages printed at once keep their order by name', async () => {
  const path = await folder()
  const printer = closing(supervisePagePrinter({ driver: 'directory', port: `dir:${path}` }))
  await ready(printer)
  const pages = [1, 2, 3, 4].map((page) => Uint8Array.from(Buffer.from(`%PDF-${page}`)))
  await Promise.all(pages.map((page) => printer.print(page)))
  const names = (await readdir(path)).sort()
  const contents = await Promise.all(names.map((name) => readFile(join(path, name), 'utf8')))
  expect(contents).toEqual(['%PDF-1', '%PDF-2', '%PDF-3', '%PDF-4'])
})

test('what is no PDF is not printed', async () => {
  const path = await folder()
  const printer = closing(supervisePagePrinter({ driver: 'directory', port: `dir:${path}` }))
  await ready(printer)
  for (const bytes of ['', '%PDF', 'PK\u0003\u0004', ' %PDF-1.7']) {
    const outcome = await printer.print(Uint8Array.from(Buffer.from(bytes)))
    expect(outcome).toEqual({ outcome: 'failed', reason: 'bad-frames' })
  }
  expect(await readdir(path)).toEqual([])
})

test('a missing folder is a fault and a failed print; once it is there again, pages are printed', async () => {
  const path = await folder()
  const printer = closing(supervisePagePrinter({ driver: 'directory', port: `dir:${path}/later` }))
  await faulty(printer, 'folder')
  expect(await printer.print(PDF)).toEqual({ outcome: 'failed', reason: 'folder' })
  const { mkdir } = await import('node:fs/promises')
  await mkdir(join(path, 'later'))
  await ready(printer)
  expect(await printer.print(PDF)).toMatchObject({ outcome: 'printed' })
})

test('a folder that vanishes under the printer fails the print and is a fault at once', async () => {
  const path = await folder()
  const printer = closing(supervisePagePrinter({ driver: 'directory', port: `dir:${path}` }))
  await ready(printer)
  await rm(path, { recursive: true })
  expect(await printer.print(PDF)).toEqual({ outcome: 'failed', reason: 'folder' })
  expect(printer.status()).toMatchObject({
    state: 'fault',
    reason: 'folder',
    detail: expect.stringContaining('ENOENT'),
  })
})

test('a file in place of the folder is a fault', async () => {
  const path = await folder()
  await writeFile(join(path, 'file'), '')
  const printer = closing(supervisePagePrinter({ driver: 'directory', port: `dir:${path}/file` }))
  await faulty(printer, 'folder')
  expect(printer.status()).toMatchObject({ detail: `${path}/file is no folder` })
})

test('what a pulled plug left half written is removed, other files are not', async () => {
  const path = await folder()
  await writeFile(join(path, '.page-0190.pdf.part'), 'half of somebody')
  await writeFile(join(path, 'page-1.pdf'), 'whole')
  await ready(closing(supervisePagePrinter({ driver: 'directory', port: `dir:${path}` })))
  expect(await readdir(path)).toEqual(['page-1.pdf'])
})

test('a port that is no folder is told in words', async () => {
  const printer = closing(supervisePagePrinter({ driver: 'directory', port: 'tcp://127.0.0.1:1' }))
  await faulty(printer, 'folder')
  expect(printer.status()).toMatchObject({ detail: expect.stringContaining('wants a folder') })
})
