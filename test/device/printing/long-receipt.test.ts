import { expect, it, onTestFinished } from 'vitest'
import { type JobOutcome, PrintLedger } from '../../../device/printing/ledger.ts'
import { createPrinting } from '../../../device/printing/printing.ts'
import { openStore } from '../../../device/store/store.ts'
import { superviseReceiptPrinter } from '../../../drivers/receipt-printer/driver.ts'
import { startReceiptPrinterSimulator } from '../../../drivers/simulators/receipt-printer.ts'
import { loadIdentity } from '../../../sync/identity.ts'
import { openOutbox } from '../../../sync/outbox.ts'
import { createSealingKeyPair, publicSealingKey } from '../../../sync/protocol/keys.ts'
import { closing, ready } from '../../drivers/support.ts'
import { temporaryFolder } from '../support/house.ts'
import { sampleGuide, sampleHall } from '../support/samples.ts'
import { shareTypesetter } from '../support/typesetter.ts'

const A_METRE_AND_MORE = '材料'.repeat(2000)

it('a receipt that no paper can hold has failed, and no byte of it was sent', async () => {
  const parts = new AsyncDisposableStack()
  onTestFinished(() => parts.disposeAsync())
  const folder = await temporaryFolder(parts)
  const identity = loadIdentity(folder)
  identity.enrol('T-0571-0001', publicSealingKey(createSealingKeyPair()))
  const db = openStore(folder)
  parts.defer(() => void db.close())
  const outbox = openOutbox({ db, identity })
  parts.defer(() => outbox.close())
  const documents = await shareTypesetter()
  parts.defer(() => documents.close())
  const paper = closing(await startReceiptPrinterSimulator({ listen: 'tcp://127.0.0.1:0' }))
  const receiptPrinter = closing(
    superviseReceiptPrinter({ driver: 'escpos', profile: 'generic-80', port: paper.port }),
  )
  await ready(receiptPrinter)
  const troubles: unknown[] = []
  const ledger = new PrintLedger(db, outbox.append)
  const printing = createPrinting({
    ledger,
    documents,
    hall: () => sampleHall,
    receiptPrinter,
    pagePrinter: null,
    onTrouble: (error) => troubles.push(error),
  })
  parts.defer(() => printing.close())

  const [material] = sampleGuide.materials
  if (material === undefined) throw new Error('the sample guide asks for something')
  const materials = [1, 2, 3, 4].map((number) => ({ ...material, name: `${number}${A_METRE_AND_MORE}` }))
  const outcome = await new Promise<JobOutcome>((resolve) => {
    printing.start(
      {
        jobId: '01a20028-8011-7e7c-9cf7-113000000001',
        key: 'key 1',
        retryOf: null,
        kind: 'guide',
        itemCode: sampleGuide.itemCode,
        paper: 'receipt',
      },
      { kind: 'guide', guide: { ...sampleGuide, materials } },
      { sending: () => {}, sent: () => {}, sides: () => {}, ended: resolve },
      new AbortController().signal,
    )
  })
  expect(outcome).toEqual({ outcome: 'failed', reason: null })
  expect(troubles).toHaveLength(1)
  expect([paper.busy(), paper.receipts(), paper.errors]).toEqual([false, [], []])
})
