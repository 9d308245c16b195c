import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type JobOutcome, type NewJob, PrintLedger } from '../../../device/printing/ledger.ts'
import { createPrinting, type Printing } from '../../../device/printing/printing.ts'
import { Session } from '../../../device/session/session.ts'
import { openStore } from '../../../device/store/store.ts'
import { type PagePrinter, supervisePagePrinter } from '../../../drivers/page-printer/driver.ts'
import {
  type IppPrinterSimulator,
  startIppPrinterSimulator,
} from '../../../drivers/simulators/ipp-printer.ts'
import { loadIdentity } from '../../../sync/identity.ts'
import { openOutbox } from '../../../sync/outbox.ts'
import { createSealingKeyPair, publicSealingKey } from '../../../sync/protocol/keys.ts'
import { until } from '../../drivers/support.ts'
import { temporaryFolder } from '../support/house.ts'
import { sampleGuide, sampleHall, sampleWorld } from '../support/samples.ts'
import { shareTypesetter } from '../support/typesetter.ts'

/** Paper for somebody who has gone: with the driver and its times as they are shipped. */

const JOB: NewJob = {
  jobId: '01a20028-8011-7e7c-9cf7-113000000001',
  key: 'key 1',
  retryOf: null,
  kind: 'guide',
  itemCode: sampleGuide.itemCode,
  paper: 'a4',
}
const MS_PER_SIDE = 700

let parts: AsyncDisposableStack
let wire: IppPrinterSimulator
let printer: PagePrinter
let printing: Printing
let ledger: PrintLedger
let outcomes: JobOutcome[]

beforeEach(async () => {
  parts = new AsyncDisposableStack()
  const folder = await temporaryFolder(parts)
  const identity = loadIdentity(folder)
  identity.enrol('T-0571-0001', publicSealingKey(createSealingKeyPair()))
  const db = openStore(folder)
  parts.defer(() => void db.close())
  const outbox = openOutbox({ db, identity })
  parts.defer(() => outbox.close())
  const documents = await shareTypesetter()
  parts.defer(() => documents.close())
  wire = await startIppPrinterSimulator({ listen: 'tcp://127.0.0.1:0', millisecondsPerSide: MS_PER_SIDE })
  parts.defer(() => wire.close())
  printer = supervisePagePrinter({ driver: 'ipp', port: wire.port })
  parts.defer(() => printer.close())
  ledger = new PrintLedger(db, outbox.append)
  printing = createPrinting({
    ledger,
    documents,
    hall: () => sampleHall,
    receiptPrinter: null,
    pagePrinter: printer,
    onTrouble: (error) => {
      throw error
    },
  })
  parts.defer(() => printing.close())
  outcomes = []
  await until('the printer is ready', () => printer.status().state === 'ready')
})
afterEach(() => parts.disposeAsync())

const start = (unattended: AbortSignal): void =>
  printing.start(
    JOB,
    { kind: 'guide', guide: sampleGuide },
    { sending: () => {}, sent: () => {}, sides: () => {}, ended: (outcome) => outcomes.push(outcome) },
    unattended,
  )
const isSent = (): boolean => wire.jobs().length === 1 && wire.asked('Get-Job-Attributes') > 0

it('a job that waits for paper is taken back when the citizen goes, and nothing comes out at the refill', async () => {
  const gone = new AbortController()
  start(gone.signal)
  await until('it is sent', isSent)
  wire.setPaper('out')
  await until('that is seen', () => printer.status().state === 'fault')
  gone.abort()
  await until('it is taken back', () => wire.jobs()[0]?.state === 'canceled')
  await until('its outcome is told', () => outcomes.length === 1)
  wire.setPaper('ok')
  await until('the printer is ready', () => printer.status().state === 'ready')
  expect([outcomes, wire.pages()]).toEqual([[{ outcome: 'failed', reason: 'paper-out' }], []])
})

it('paper that ends after the citizen has gone is the same', async () => {
  const gone = new AbortController()
  start(gone.signal)
  await until('it is sent', isSent)
  gone.abort()
  wire.setPaper('out')
  await until('it is taken back', () => wire.jobs()[0]?.state === 'canceled')
})

it('a job that is being printed goes on to its end: people end first and wait at the tray', async () => {
  const gone = new AbortController()
  start(gone.signal)
  await until('it is sent', isSent)
  gone.abort()
  await until('its outcome is told', () => outcomes.length === 1)
  expect(outcomes).toEqual([{ outcome: 'printed', proof: 'confirmed' }])
  expect(wire.pages()).toHaveLength(1)
})

it('a job that has not begun is not sent to a printer at which nobody stands', async () => {
  start(AbortSignal.abort())
  await until('its outcome is told', () => outcomes.length === 1)
  expect(outcomes).toEqual([{ outcome: 'failed', reason: null }])
  expect(wire.asked('Print-Job')).toBe(0)
})

it('how far a paper is, is told as the printer counts it, and the ledger knows when all of it was sent', async () => {
  const form = new URL('../../../sync/hall/demo/forms/fund-withdrawal.pdf', import.meta.url)
  const pdf = await readFile(form)
  const pages = 2
  const told: string[] = []
  const { promise, resolve } = Promise.withResolvers<JobOutcome>()
  printing.start(
    { ...JOB, kind: 'result', itemCode: null },
    { kind: 'issued', pdf, pages },
    {
      sending: (count) => told.push(`sending ${count}`),
      sent: () => told.push(`sent ${ledger.find(JOB.key)?.state}`),
      sides: (count) => told.push(`${count} out`),
      ended: resolve,
    },
    new AbortController().signal,
  )
  expect(await promise).toEqual({ outcome: 'printed', proof: 'confirmed' })
  expect([told, wire.pages().length]).toEqual([['sending 2', 'sent sent', '1 out', '2 out'], 1])
})

it('the end of a session is how printing learns that the citizen has gone, and the next one has not', () => {
  const told: AbortSignal[] = []
  const session = new Session({
    world: () =>
      sampleWorld({
        tiles: [{ service: 'guides', unavailable: null }],
        accepts: { card: false, code: false },
        printers: { a4: true, receipt: false },
      }),
    cases: { byCard: () => Promise.reject(new Error()), byReceipt: () => Promise.reject(new Error()) },
    errands: {
      queue: () => Promise.reject(new Error()),
      ticket: () => Promise.reject(new Error()),
      pickup: () => Promise.reject(new Error()),
      feedback: () => Promise.reject(new Error()),
      rating: () => Promise.reject(new Error()),
      proof: () => Promise.reject(new Error()),
      document: () => Promise.reject(new Error()),
    },
    printing: { start: (_job, _printable, _listener, unattended) => told.push(unattended), close: () => {} },
    ledger,
    onEnd: () => {},
    onChange: () => {},
    onTrouble: () => {},
  })
  parts.defer(() => session.close())
  const print = (key: string): void => {
    session.act({ type: 'wake' })
    session.act({ type: 'open-service', service: 'guides' })
    session.act({ type: 'open-guide', itemCode: sampleGuide.itemCode })
    session.act({ type: 'print-guide', itemCode: sampleGuide.itemCode, paper: 'a4', key })
  }
  print('one')
  expect(told.map(({ aborted }) => aborted)).toEqual([false])
  session.act({ type: 'end' })
  print('two')
  expect(told.map(({ aborted }) => aborted)).toEqual([true, false])
})
