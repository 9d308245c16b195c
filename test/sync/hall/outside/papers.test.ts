import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import PDFDocument from 'pdfkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CaseSearchAnswer } from '../../../../sync/protocol/cases.ts'
import { MAX_DOCUMENT_BYTES, MAX_DOCUMENT_PAGES } from '../../../../sync/protocol/documents.ts'
import {
  enrolledDevice,
  newFolder,
  type Reply,
  startTestHall,
  type TestDevice,
  type TestHall,
} from '../helpers.ts'
import { type KeptLog, keptLog } from '../support/log.ts'
import { type ExampleServer, exampleServer, refused } from './example-server.ts'
import { A_CASE } from './one-case.ts'

const TOKEN = 'a-token-of-this-hall'

async function pdfOf(pages: number): Promise<Uint8Array> {
  const doc = new PDFDocument({ autoFirstPage: false })
  const chunks: Uint8Array[] = []
  doc.on('data', (chunk: Uint8Array) => chunks.push(chunk))
  const ended = new Promise((resolve) => doc.on('end', resolve))
  for (let page = 0; page < pages; page += 1) doc.addPage()
  doc.end()
  await ended
  return Buffer.concat(chunks)
}

/** What the case system gives for each reference. */
const small = await pdfOf(1)
const papers = new Map([
  ['just-right', await pdfOf(MAX_DOCUMENT_PAGES)],
  ['too-many-pages', await pdfOf(MAX_DOCUMENT_PAGES + 1)],
  ['of-other-pages', await pdfOf(2)],
  ['encrypted', Buffer.concat([small, Buffer.from('trailer <</Encrypt 9 0 R>>')])],
  ['no-pdf', Buffer.from('<html>sign in first</html>')],
  ['as-large-as-may-be', Buffer.concat([small], MAX_DOCUMENT_BYTES)],
  ['too-large', Buffer.concat([small], MAX_DOCUMENT_BYTES + 1)],
])

let server: ExampleServer
let hall: TestHall
let device: TestDevice
let log: KeptLog
const folder = newFolder()

beforeAll(async () => {
  const documents = [...papers.keys(), 'gone'].map((reference) => {
    const pages = reference === 'just-right' ? MAX_DOCUMENT_PAGES : 1
    return { reference, kind: 'receipt', title: reference, pages, form: null }
  })
  const one = { ...A_CASE, documents }
  server = await exampleServer(TOKEN, {
    'POST /case-searches': async () => ({ status: 200, body: { cases: [one] } }),
    'POST /documents': async ({ reference }: { reference: string }) => {
      const body = papers.get(reference)
      return body === undefined ? refused(404, 'not-found') : { status: 200, body }
    },
  })
  mkdirSync(folder, { recursive: true })
  const caseSystem = { url: server.url, token: TOKEN }
  writeFileSync(join(folder, 'hall.json'), JSON.stringify({ caseSystem }), { mode: 0o600 })
  log = keptLog()
  hall = await startTestHall({ dataDir: folder, logger: log.logger })
  device = await enrolledDevice(hall)
})
afterAll(async () => {
  await hall.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

async function fetchPaper(title: string): Promise<Reply> {
  const body = { by: 'receipt', value: 'YX1' }
  const found = await device.ask({ method: 'POST', path: '/v1/case-searches', body })
  const [one] = CaseSearchAnswer.parse(found.json).cases
  const handle = one?.documents.find((paper) => paper.title === title)?.handle ?? ''
  return await device.ask({ method: 'GET', path: `/v1/documents/${handle}` })
}

describe('an issuer’s paper', () => {
  test.each(['just-right', 'as-large-as-may-be'])('that is %s comes through', async (title) => {
    const answer = await fetchPaper(title)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf'])
  })

  test.each([
    ['too-many-pages', 'longer than 200 pages'],
    ['of-other-pages', 'of 2 pages where 1 were promised'],
    ['encrypted', 'encrypted'],
    ['no-pdf', 'no PDF'],
    ['too-large', 'larger than 33554432 bytes'],
  ])('that is %s is stopped at the hall', async (title, why) => {
    const answer = await fetchPaper(title)
    expect([answer.status, answer.json.code]).toEqual([502, 'document-unusable'])
    expect(answer.json.detail).toContain(why)
    expect(log.text()).toContain(why)
  })

  test('that is gone is not found, like a handle that was never given', async () => {
    expect((await fetchPaper('gone')).status).toBe(404)
  })

  test('that is too large, asked for again and again, closes nothing else', async () => {
    for (let times = 0; times < 6; times += 1) expect((await fetchPaper('too-large')).status).toBe(502)
    expect((await fetchPaper('just-right')).status).toBe(200)
  })
})
