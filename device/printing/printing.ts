/** One wish for paper from the ledger to the printer's word (DESIGN.md, "How a paper travels"). */
import type { PagePrinter } from '../../drivers/page-printer/driver.ts'
import { type ReceiptDocument, ReceiptDocumentError } from '../../drivers/receipt-printer/document.ts'
import type { ReceiptPrinter } from '../../drivers/receipt-printer/driver.ts'
import type { PrintOutcome } from '../../drivers/status.ts'
import type { Hall } from '../../sync/protocol/content.ts'
import {
  type Documents,
  DocumentsError,
  guideReceipt,
  oneTimeNoticeReceipt,
  paperReceipt,
  slipReceipt,
} from '../documents/documents.ts'
import type { JobOutcome, NewJob, PrintLedger } from './ledger.ts'
import type { Printable } from './printable.ts'

/** A printer that has said nothing for so long is not waited for: a citizen stands there. */
const PRINTER_SILENCE_MS = 3 * 60_000

/** A ledger that cannot be written now, as on a full disk, is tried again; the page does not wait for it. */
export const LEDGER_RETRY_MS = 5_000

export interface PrintingOptions {
  ledger: PrintLedger
  documents: Documents
  hall: () => Hall | null
  /** The PDF of a form by its SHA-256; without it no form is printed. */
  blankForm?: (sha256: string) => Uint8Array | null
  receiptPrinter: ReceiptPrinter | null
  pagePrinter: PagePrinter | null
  onTrouble: (error: unknown) => void
}

export interface JobListener {
  /** Bytes are about to leave; `pages` is null on receipt paper. */
  sending(pages: number | null): void
  /** All of it is with the printer, which has not said yet what came of it. */
  sent(): void
  /** As the printer counts them: so many sides have come out. Not every printer counts. */
  sides(count: number): void
  /** Comes whether the ledger can be written or not: a page that waits for paper has no other end. */
  ended(outcome: JobOutcome): void
}

export interface Printing {
  /**
   * Writes the job into the ledger, synced, and then prints it. The listener is called later, never from within.
   * `unattended` is aborted when the citizen has gone: what has not begun or has stopped by then is taken back, for
   * nobody is there when the printer goes on.
   * @throws when the ledger cannot be written; then nothing is printed
   */
  start(job: NewJob, printable: Printable, listener: JobListener, unattended: AbortSignal): void
  /** Lets go of jobs under way: the next start calls them unknown. */
  close(): void
}

export const createPrinting = (options: PrintingOptions): Printing => {
  const { ledger, documents, receiptPrinter, pagePrinter, onTrouble } = options
  const retries = new Set<NodeJS.Timeout>()
  let closed = false

  /** What is made here names its hall at the head. */
  const theHall = (): Hall => {
    const hall = options.hall()
    if (hall === null) throw new DocumentsError('invalid', 'there is no hall.json in what the hall hands out')
    return hall
  }

  const onPage = async (printable: Printable) => {
    const printedAt = new Date()
    switch (printable.kind) {
      case 'guide':
        return await documents.guidePdf({ ...bare(printable), hall: theHall(), printedAt })
      case 'one-time-notice':
        return await documents.oneTimeNoticePdf({ ...bare(printable), hall: theHall(), printedAt })
      case 'form': {
        const pdf = options.blankForm?.(printable.formId) ?? null
        if (pdf === null) throw new DocumentsError('invalid', 'the hall hands this form out no more')
        return { pdf, pages: printable.pages }
      }
      case 'paper':
        return await documents.paperPdf({
          form: printable.form,
          kind: printable.paper,
          hall: theHall(),
          printedAt,
        })
      case 'issued':
        return { pdf: printable.pdf, pages: printable.pages }
      default:
        return await documents.slipPdf({ slip: printable, hall: theHall(), printedAt })
    }
  }

  const send = async (
    job: NewJob,
    printable: Printable,
    told: Omit<JobListener, 'ended'>,
    unattended: AbortSignal,
  ): Promise<JobOutcome> => {
    if (job.paper === 'a4') {
      if (pagePrinter === null) return { outcome: 'failed', reason: 'offline' }
      const { pdf, pages } = await onPage(printable)
      if (closed || unattended.aborted) return { outcome: 'failed', reason: null }
      told.sending(pages)
      const { sent: onSent, sides: onSides } = told
      return await unlessSilent((signal) => pagePrinter.print(pdf, { signal, unattended, onSent, onSides }))
    }
    if (receiptPrinter === null) return { outcome: 'failed', reason: 'offline' }
    const document = onReceipt(printable, theHall())
    if (unattended.aborted) return { outcome: 'failed', reason: null }
    told.sending(null)
    return await unlessSilent((signal) => receiptPrinter.print(document, { signal, onSent: told.sent }))
  }

  const run = async (
    job: NewJob,
    printable: Printable,
    listener: JobListener,
    unattended: AbortSignal,
  ): Promise<void> => {
    let begun = false
    let outcome: JobOutcome
    try {
      outcome = await send(
        job,
        printable,
        {
          sending(pages) {
            ledger.sending(job.jobId, pages)
            begun = true
            listener.sending(pages)
          },
          sent() {
            if (closed) return
            noteSent(job.jobId)
            listener.sent()
          },
          sides(count) {
            if (!closed) listener.sides(count)
          },
        },
        unattended,
      )
    } catch (error) {
      if (closed) return
      onTrouble(error)
      // A document that could not be made, or that no paper can hold, has surely not been printed; what broke
      // later, nobody knows.
      const isUnsent = !begun || error instanceof ReceiptDocumentError
      outcome = isUnsent ? { outcome: 'failed', reason: null } : { outcome: 'unknown', reason: 'line-lost' }
    }
    if (closed) return
    write(job.jobId, outcome, new Date())
    listener.ended(outcome)
  }

  /** A step on the way; a ledger that cannot take it now stops no paper. */
  const noteSent = (jobId: string): void => {
    try {
      ledger.sent(jobId, new Date())
    } catch (error) {
      onTrouble(error)
    }
  }

  /** Now, or again and again until it is in. */
  const write = (jobId: string, outcome: JobOutcome, at: Date): void => {
    try {
      ledger.finish(jobId, outcome, at)
    } catch (error) {
      onTrouble(error)
      const retry = setTimeout(() => {
        retries.delete(retry)
        write(jobId, outcome, at)
      }, LEDGER_RETRY_MS)
      retries.add(retry)
    }
  }

  return {
    start(job, printable, listener, unattended) {
      ledger.accept(job, new Date())
      setImmediate(() => void run(job, printable, listener, unattended).catch(onTrouble))
    },
    close() {
      closed = true
      for (const retry of retries) clearTimeout(retry)
    },
  }
}

const bare = <Of extends Printable>({ kind: _, ...rest }: Of): Omit<Of, 'kind'> => rest

const onReceipt = (printable: Printable, hall: Hall): ReceiptDocument => {
  switch (printable.kind) {
    case 'guide':
      return guideReceipt(printable.guide, hall, new Date(), printable.language)
    case 'one-time-notice':
      return oneTimeNoticeReceipt({ ...bare(printable), hall, printedAt: new Date() })
    case 'form':
    case 'issued':
      throw new DocumentsError('invalid', 'a PDF is printed on A4')
    case 'paper':
      return paperReceipt(printable.form, printable.paper, hall, new Date())
    default:
      return slipReceipt(printable, hall, new Date())
  }
}

/** The page is told in time; a document that is still under way then is taken back where the printer can do it. */
const unlessSilent = (print: (signal: AbortSignal) => Promise<PrintOutcome>): Promise<PrintOutcome> => {
  const { promise, resolve } = Promise.withResolvers<PrintOutcome>()
  const takingBack = new AbortController()
  const timer = setTimeout(() => {
    takingBack.abort()
    resolve({ outcome: 'unknown', reason: 'no-answer' })
  }, PRINTER_SILENCE_MS)
  return Promise.race([print(takingBack.signal), promise]).finally(() => clearTimeout(timer))
}
