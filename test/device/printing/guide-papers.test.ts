/** What is taken along of a guide, from the wish to the ledger: real papers into a printer that writes files. */
import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { Documents } from '../../../device/documents/documents.ts'
import { type JobOutcome, type PrintedKind, PrintLedger } from '../../../device/printing/ledger.ts'
import { itemCodeOf, type Printable } from '../../../device/printing/printable.ts'
import { createPrinting, type Printing } from '../../../device/printing/printing.ts'
import { openStore } from '../../../device/store/store.ts'
import { supervisePagePrinter } from '../../../drivers/page-printer/driver.ts'
import { loadIdentity } from '../../../sync/identity.ts'
import { openOutbox } from '../../../sync/outbox.ts'
import type { Hall } from '../../../sync/protocol/content.ts'
import { createSealingKeyPair, publicSealingKey } from '../../../sync/protocol/keys.ts'
import type { Db } from '../../../sync/sqlite.ts'
import { temporaryFolder } from '../support/house.ts'
import { sampleGuide, sampleHall } from '../support/samples.ts'
import { shareTypesetter } from '../support/typesetter.ts'

const FORM = readFileSync(new URL('../../../sync/hall/demo/forms/fund-withdrawal.pdf', import.meta.url))
const FORM_ID = 'f'.repeat(64)
const STAYING = new AbortController().signal

let documents: Documents
beforeAll(async () => {
  documents = await shareTypesetter()
})
afterAll(() => documents?.close())

let parts: AsyncDisposableStack
let db: Db
let tray: string
let printing: Printing
let troubles: unknown[]
let forms: Map<string, Uint8Array>
let hall: Hall | null

beforeEach(async () => {
  parts = new AsyncDisposableStack()
  const folder = await temporaryFolder(parts)
  const identity = loadIdentity(folder)
  identity.enrol('T-0571-0001', publicSealingKey(createSealingKeyPair()))
  db = openStore(folder)
  parts.defer(() => void db.close())
  const outbox = openOutbox({ db, identity })
  parts.defer(() => outbox.close())
  tray = join(folder, 'tray')
  mkdirSync(tray)
  const pagePrinter = supervisePagePrinter({ driver: 'directory', port: `dir:${tray}` })
  parts.defer(() => pagePrinter.close())
  await vi.waitFor(() => expect(pagePrinter.status().state).toBe('ready'))
  troubles = []
  hall = sampleHall
  forms = new Map([[FORM_ID, FORM]])
  printing = createPrinting({
    ledger: new PrintLedger(db, outbox.append),
    documents,
    hall: () => hall,
    blankForm: (sha256) => forms.get(sha256) ?? null,
    receiptPrinter: null,
    pagePrinter,
    onTrouble: (error) => troubles.push(error),
  })
})
afterEach(() => parts.disposeAsync())

const printed = (kind: PrintedKind, printable: Printable, key = 'one-intent'): Promise<JobOutcome> => {
  const { promise, resolve } = Promise.withResolvers<JobOutcome>()
  const job = {
    jobId: randomUUID(),
    key,
    retryOf: null,
    kind,
    itemCode: itemCodeOf(printable),
    paper: 'a4',
  } as const
  const told = { sending: () => {}, sent: () => {}, sides: () => {}, ended: resolve }
  printing.start(job, printable, told, STAYING)
  return promise
}
const facts = (): unknown => db.prepare('SELECT kind, item_code, pages, state FROM print_job').get()
const form = { kind: 'form', formId: FORM_ID, pages: 2, itemCode: sampleGuide.itemCode } as const

it('a blank form comes out byte for byte as the hall has handed it out', async () => {
  expect(await printed('form', form)).toMatchObject({ outcome: 'printed' })
  const [file] = readdirSync(tray)
  expect(readFileSync(join(tray, file ?? ''))).toEqual(FORM)
  expect(facts()).toMatchObject({ kind: 'form', item_code: sampleGuide.itemCode, pages: 2 })
  expect(file).not.toContain(sampleGuide.itemCode)
})

it('a form that the hall has just taken back prints nothing and is told as failed', async () => {
  forms.clear()
  expect(await printed('form', form)).toMatchObject({ outcome: 'failed' })
  expect(troubles).toHaveLength(1)
  expect(readdirSync(tray)).toEqual([])
  expect(facts()).toMatchObject({ state: 'failed', pages: null })
})

it('a one-time notice is laid out from its guide alone', async () => {
  const notice = { kind: 'one-time-notice', notice: { guide: sampleGuide, told: null } } as const
  expect(await printed('one-time-notice', notice)).toMatchObject({ outcome: 'printed' })
  expect(readdirSync(tray)).toHaveLength(1)
  expect(facts()).toMatchObject({ kind: 'one-time-notice', item_code: sampleGuide.itemCode })
})

it('without the hall’s own data a blank form comes out, and of what is headed by it the log says what is missing', async () => {
  hall = null
  expect(await printed('form', form)).toMatchObject({ outcome: 'printed' })
  const notice = { kind: 'one-time-notice', notice: { guide: sampleGuide, told: null } } as const
  expect(await printed('one-time-notice', notice, 'another-intent')).toEqual({
    outcome: 'failed',
    reason: null,
  })
  expect(troubles.map(String)).toEqual([expect.stringContaining('no hall.json')])
})
