import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type JobOutcome, type NewJob, PrintLedger } from '../../../device/printing/ledger.ts'
import { createPrinting, LEDGER_RETRY_MS, type Printing } from '../../../device/printing/printing.ts'
import { openStore } from '../../../device/store/store.ts'
import { loadIdentity } from '../../../sync/identity.ts'
import { openOutbox } from '../../../sync/outbox.ts'
import { createSealingKeyPair, publicSealingKey } from '../../../sync/protocol/keys.ts'
import type { Db } from '../../../sync/sqlite.ts'
import { fillDisk } from '../support/full-disk.ts'
import { temporaryFolder } from '../support/house.ts'
import { sampleGuide, sampleHall } from '../support/samples.ts'
import { shareTypesetter } from '../support/typesetter.ts'

const JOB: NewJob = {
  jobId: '01a20028-8011-7e7c-9cf7-113000000001',
  key: 'key 1',
  retryOf: null,
  kind: 'guide',
  itemCode: sampleGuide.itemCode,
  paper: 'receipt',
}

/** Whoever asked for it stands there. */
const STAYING = new AbortController().signal

let parts: AsyncDisposableStack
let db: Db
let ledger: PrintLedger
let printing: Printing
let troubles: unknown[]

beforeEach(async () => {
  parts = new AsyncDisposableStack()
  const folder = await temporaryFolder(parts)
  const identity = loadIdentity(folder)
  identity.enrol('T-0571-0001', publicSealingKey(createSealingKeyPair()))
  db = openStore(folder)
  parts.defer(() => void db.close())
  const outbox = openOutbox({ db, identity })
  parts.defer(() => outbox.close())
  ledger = new PrintLedger(db, outbox.append)
  const documents = await shareTypesetter()
  parts.defer(() => documents.close())
  troubles = []
  printing = createPrinting({
    ledger,
    documents,
    hall: () => sampleHall,
    receiptPrinter: null,
    pagePrinter: null,
    onTrouble: (error) => troubles.push(error),
  })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(async () => {
  vi.useRealTimers()
  await parts.disposeAsync()
})

const ended = (): Promise<JobOutcome> => {
  const { promise, resolve } = Promise.withResolvers<JobOutcome>()
  printing.start(
    JOB,
    { kind: 'guide', guide: sampleGuide },
    { sending: () => {}, sent: () => {}, sides: () => {}, ended: resolve },
    STAYING,
  )
  return promise
}
const written = (): string | undefined => ledger.find(JOB.key)?.state

it('an outcome that the ledger cannot take now is told to the page at once, and written when there is room', async () => {
  const makeRoom = fillDisk(db, 'UPDATE ON', 'print_job')
  expect(await ended()).toEqual({ outcome: 'failed', reason: 'offline' })
  vi.advanceTimersByTime(LEDGER_RETRY_MS)
  expect([written(), troubles.length]).toEqual(['accepted', 2])
  makeRoom()
  vi.advanceTimersByTime(LEDGER_RETRY_MS)
  expect([written(), troubles.length]).toEqual(['failed', 2])
  vi.advanceTimersByTime(LEDGER_RETRY_MS)
  expect(db.prepare('SELECT count(*) FROM outbox_events').pluck().get()).toBe(1)
})

it('an outcome that was never written is left to the next start', async () => {
  const makeRoom = fillDisk(db, 'UPDATE ON', 'print_job')
  await ended()
  printing.close()
  makeRoom()
  vi.advanceTimersByTime(LEDGER_RETRY_MS)
  expect(written()).toBe('accepted')
  expect(ledger.endInterrupted(new Date())).toMatchObject([{ jobId: JOB.jobId, state: 'unknown' }])
})
