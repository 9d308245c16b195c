/** One wish for paper from the ledger to the printer's word (DESIGN.md, "How a paper travels"). */
import type { PagePrinter } from '../../drivers/page-printer/driver.ts'
import type { ReceiptPrinter } from '../../drivers/receipt-printer/driver.ts'
import type { PrintOutcome } from '../../drivers/status.ts'
import type { Hall } from '../../sync/protocol/content.ts'
import { type Documents, guideReceipt, paperReceipt } from '../documents/documents.ts'
import type { JobOutcome, NewJob, PrintLedger } from './ledger.ts'
import type { Printable } from './printable.ts'

/** A printer that has said nothing for so long is not waited for: a citizen stands there. */
const PRINTER_SILENCE_MS = 3 * 60_000

export interface PrintingOptions {
  ledger: PrintLedger
  documents: Documents
  hall: () => Hall | null
  receiptPrinter: ReceiptPrinter | null
  pagePrinter: PagePrinter | null
  onTrouble: (error: unknown) => void
}

export interface JobListener {
  /** Bytes are about to leave; `pages` is null on receipt paper. */
  sending(pages: number | null): void
  ended(outcome: JobOutcome): void
}

export interface Printing {
  /**
   * Writes the job into the ledger, synced, and then prints it. The listener is called later, never from within.
   * @throws when the ledger cannot be written; then nothing is printed
   */
  start(job: NewJob, printable: Printable, listener: JobListener): void
  /** Lets go of jobs under way: the next start calls them unknown. */
  close(): void
}

export const createPrinting = (options: PrintingOptions): Printing => {
  const { ledger, documents, receiptPrinter, pagePrinter, onTrouble } = options
  let closed = false

  const onPage = async (printable: Printable, hall: Hall) => {
    const printedAt = new Date()
    return printable.kind === 'guide'
      ? await documents.guidePdf({ guide: printable.guide, hall, printedAt })
      : await documents.paperPdf({ form: printable.form, kind: printable.paper, hall, printedAt })
  }

  const send = async (
    job: NewJob,
    printable: Printable,
    sending: (pages: number | null) => void,
  ): Promise<JobOutcome> => {
    const hall = options.hall()
    if (hall === null) return { outcome: 'failed', reason: null }
    if (job.paper === 'a4') {
      if (pagePrinter === null) return { outcome: 'failed', reason: 'offline' }
      const { pdf, pages } = await onPage(printable, hall)
      if (closed) return { outcome: 'failed', reason: null }
      sending(pages)
      return await unlessSilent(pagePrinter.print(pdf, { title: 'Window24' }))
    }
    if (receiptPrinter === null) return { outcome: 'failed', reason: 'offline' }
    const document =
      printable.kind === 'guide'
        ? guideReceipt(printable.guide, hall, new Date())
        : paperReceipt(printable.form, printable.paper, hall, new Date())
    sending(null)
    return await unlessSilent(receiptPrinter.print(document))
  }

  const run = async (job: NewJob, printable: Printable, listener: JobListener): Promise<void> => {
    let begun = false
    let outcome: JobOutcome
    try {
      outcome = await send(job, printable, (pages) => {
        ledger.sending(job.jobId, pages)
        begun = true
        listener.sending(pages)
      })
    } catch (error) {
      if (closed) return
      onTrouble(error)
      // A document that could not be made has surely not been printed; what broke later, nobody knows.
      outcome = begun ? { outcome: 'unknown', reason: 'line-lost' } : { outcome: 'failed', reason: null }
    }
    if (closed) return
    ledger.finish(job.jobId, outcome, new Date())
    listener.ended(outcome)
  }

  return {
    start(job, printable, listener) {
      ledger.accept(job, new Date())
      setImmediate(() => void run(job, printable, listener).catch(onTrouble))
    },
    close() {
      closed = true
    },
  }
}

const unlessSilent = (answer: Promise<PrintOutcome>): Promise<PrintOutcome> => {
  const { promise, resolve } = Promise.withResolvers<PrintOutcome>()
  const timer = setTimeout(() => resolve({ outcome: 'unknown', reason: 'no-answer' }), PRINTER_SILENCE_MS)
  return Promise.race([answer, promise]).finally(() => clearTimeout(timer))
}
