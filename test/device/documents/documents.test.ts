import { text } from 'node:stream/consumers'
import type { Worker } from 'node:worker_threads'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Documents, DocumentsError, startDocuments } from '../../../device/documents/documents.ts'
import { guideNamed, guides, hall, noticeForm, packed, printedAt, receiptForm, textOf } from './papers.ts'

const threads: Worker[] = []
process.on('worker', (thread) => threads.push(thread))

/** For tests that leave it as they found it. */
let shared: Documents
/** For tests that end it or its thread. */
let own: Documents | undefined

beforeAll(async () => {
  shared = await startDocuments()
})

afterEach(async () => {
  await own?.close()
  own = undefined
})

afterAll(() => shared.close())

async function start(): Promise<{ documents: Documents; thread: Worker }> {
  own = await startDocuments()
  const thread = threads.at(-1)
  if (!thread) throw new Error('no thread was started')
  return { documents: own, thread }
}

const guide = guideNamed('存量房转移登记')

async function faultOf(promise: Promise<unknown>): Promise<DocumentsError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof DocumentsError)) throw new Error('nothing was refused')
  return error
}

test('papers asked for together come each to whom it belongs', async () => {
  const { guidePdf, paperPdf } = shared
  const before = threads.length
  const asked = guides.slice(0, 6).map((each) => guidePdf({ guide: each, hall, printedAt }))
  const receipt = paperPdf({ form: receiptForm, kind: 'receipt', hall, printedAt })
  const papers = await Promise.all(asked)
  for (const [index, { pdf }] of papers.entries()) {
    expect(packed(textOf(pdf))).toContain(packed(guides[index]?.name ?? '?'))
  }
  expect(packed(textOf((await receipt).pdf))).toContain('收件凭证')
  expect(threads).toHaveLength(before)
})

test('the same paper asked for twice has the same bytes', async () => {
  const { guidePdf } = shared
  const first = await guidePdf({ guide, hall, printedAt })
  const second = await guidePdf({ guide, hall, printedAt })
  expect(Buffer.compare(first.pdf, second.pdf)).toBe(0)
})

test('a thread that dies rejects what was asked of it, and the next paper comes from a new one', async () => {
  const { documents, thread } = await start()
  const { guidePdf } = documents
  const before = threads.length
  const lost = [guidePdf({ guide, hall, printedAt }), guidePdf({ guide, hall, printedAt })].map(faultOf)
  await thread.terminate()
  for (const fault of await Promise.all(lost)) expect(fault.code).toBe('worker')
  const { pages } = await guidePdf({ guide, hall, printedAt })
  expect(pages).toBe(2)
  expect(threads).toHaveLength(before + 1)
})

test('a thread that dies while nobody waits is replaced at the next paper', async () => {
  const { documents, thread } = await start()
  await thread.terminate()
  expect((await documents.guidePdf({ guide, hall, printedAt })).pages).toBe(2)
})

test('when the next paper is made nothing of the last one is left in the memory of the thread', async () => {
  const { documents, thread } = await start()
  const words = ['XQ70707070ZZ', '欧阳䶮七', '139***7788', '灯塔旁的旧居证明', '由窗口七转交乙处']
  const [caseNo = '', applicantMasked = '', phoneMasked = '', name = '', statement = ''] = words
  const materials = [{ name, source: '申请人' }]
  const form = { ...receiptForm, caseNo, applicantMasked, phoneMasked, materials, statements: [statement] }
  await documents.paperPdf({ form, kind: 'receipt', hall, printedAt })
  await documents.guidePdf({ guide, hall, printedAt })
  const { strings } = JSON.parse(await text(await thread.getHeapSnapshot())) as { strings: string[] }
  // That the search can find: what the fonts hold is there.
  expect(strings.some((string) => string.includes('NotoSansSC'))).toBe(true)
  expect(words.filter((word) => strings.some((string) => string.includes(word)))).toEqual([])
})

test('a wrong form is refused with the names of the wrong fields and none of their values', async () => {
  const { paperPdf } = shared
  const form = { ...receiptForm, applicantMasked: ['某人的姓名'], caseNo: '编号 7' }
  const fault = await faultOf(paperPdf({ form: form as never, kind: 'receipt', hall, printedAt }))
  expect(fault.code).toBe('invalid')
  expect(fault.message).toContain('form.applicantMasked')
  expect(fault.message).toContain('form.caseNo')
  expect(fault.message).not.toMatch(/某人|编号/)
})

test('a result is refused: its issuer has made the PDF', async () => {
  const { paperPdf } = shared
  const fault = await faultOf(paperPdf({ form: noticeForm, kind: 'result', hall, printedAt }))
  expect(fault).toMatchObject({ code: 'invalid', message: expect.stringContaining('kind') })
})

test('a paper that would empty the tray is refused', async () => {
  const { paperPdf } = shared
  const form = { ...noticeForm, statements: ['长'.repeat(30_000)] }
  expect((await faultOf(paperPdf({ form, kind: 'return', hall, printedAt }))).code).toBe('invalid')
})

test('after the end nothing is made any more, and what was asked for is told so', async () => {
  const { guidePdf, close } = (await start()).documents
  const waiting = faultOf(guidePdf({ guide, hall, printedAt }))
  await close()
  expect((await waiting).code).toBe('closed')
  expect((await faultOf(guidePdf({ guide, hall, printedAt }))).code).toBe('closed')
  await close()
})
