/** Papers: A4 as PDF from a worker thread, receipt paper as plain data. The only face of this folder. */
import { Worker } from 'node:worker_threads'
import type { PaperForm, PaperKind } from '../../sync/protocol/cases.ts'
import type { Guide, Hall } from '../../sync/protocol/content.ts'
import type { OneTimeNotice } from './one-time-notice.ts'
import type { ReadinessReport } from './readiness-parts.ts'
import { checkRequest, DocumentsError } from './request.ts'
import type { Slip } from './slips.ts'
import type { TestSheet } from './test-sheet-parts.ts'
import type { Asked, Told } from './worker.ts'

export { paperReceipt } from './case-receipt.ts'
export { guideReceipt } from './guide-receipt.ts'
export { OneTimeNotice, printVersion, ToldInCase } from './one-time-notice.ts'
export { oneTimeNoticeReceipt } from './one-time-notice-receipt.ts'
export { queueTicketReceipt } from './queue-ticket.ts'
export { ReadinessReport } from './readiness-parts.ts'
export { readinessReceipt } from './readiness-receipt.ts'
export { DocumentsError, type DocumentsErrorCode } from './request.ts'
export { slipReceipt } from './slip-receipt.ts'
export { FeedbackSlip, PickupSlip, ProofSlip, QueueTicket, Slip } from './slips.ts'

/** Of the session: with `en` a paper in Chinese says in English what it is. */
export type PaperLanguage = 'zh' | 'en'

export interface Pdf {
  pdf: Uint8Array
  pages: number
}

/** Every promise rejects with `DocumentsError` when a paper cannot be made; asking again is safe. */
export interface Documents {
  /** The full guide on A4. */
  guidePdf(input: { guide: Guide; hall: Hall; printedAt: Date; language?: PaperLanguage }): Promise<Pdf>
  /** A paper of a case on A4, of every kind but `result`, which is its issuer's own PDF. */
  paperPdf(input: { form: PaperForm; kind: PaperKind; hall: Hall; printedAt: Date }): Promise<Pdf>
  /** Everything an item needs, told once: before anything is handed in, or in a case. */
  oneTimeNoticePdf(input: {
    notice: OneTimeNotice
    hall: Hall
    printedAt: Date
    language?: PaperLanguage
  }): Promise<Pdf>
  /** What one takes along from a service, on A4. */
  slipPdf(input: { slip: Slip; hall: Hall; printedAt: Date }): Promise<Pdf>
  /** What was proved on this device, to be signed. */
  readinessPdf(input: { report: ReadinessReport; printedAt: Date }): Promise<Pdf>
  /** The technician's test page. */
  testPdf(input: { test: TestSheet; printedAt: Date }): Promise<Pdf>
  /** Ends the thread; what is still asked for is rejected as `closed`. */
  close(): Promise<void>
}

/** A warm page takes tens of milliseconds, a cold start under two seconds on a slow terminal. */
const PAPER_DEADLINE_MS = 20_000
/** Fonts hold 20 MB of heap, a paper in the making some 50 more; a runaway one ends its thread, not the device. */
const WORKER_HEAP_MAXIMUM_MB = 256

interface Waiting {
  resolve(pdf: Pdf): void
  reject(error: DocumentsError): void
  deadline: NodeJS.Timeout
}

/** @throws DocumentsError `worker` when the thread cannot start (the fonts are missing or damaged) */
export async function startDocuments(): Promise<Documents> {
  let thread: TypesettingThread | undefined = new TypesettingThread()
  await thread.ready
  let closed = false
  let lastId = 0

  const ask = async (request: unknown): Promise<Pdf> => {
    if (closed) throw new DocumentsError('closed', 'papers are not made any more: the device is stopping')
    const checked = checkRequest(request)
    if (!thread?.alive) {
      thread = new TypesettingThread()
      // Told by the rejection of what was asked.
      thread.ready.catch(() => undefined)
    }
    lastId += 1
    return thread.ask({ id: lastId, request: checked })
  }

  return {
    guidePdf: (input) => ask({ paper: 'guide', ...input }),
    paperPdf: (input) => ask({ paper: 'case', ...input }),
    oneTimeNoticePdf: (input) => ask({ paper: 'one-time-notice', ...input }),
    slipPdf: (input) => ask({ paper: 'slip', ...input }),
    readinessPdf: (input) => ask({ paper: 'readiness', ...input }),
    testPdf: (input) => ask({ paper: 'test', ...input }),
    close: async () => {
      closed = true
      await thread?.end(new DocumentsError('closed', 'the device is stopping'))
      thread = undefined
    },
  }
}

/** One worker from its start to its end, however it ends. */
class TypesettingThread {
  alive = true
  readonly ready: Promise<void>
  #worker: Worker
  #waiting = new Map<number, Waiting>()

  constructor() {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      name: 'documents',
      resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MAXIMUM_MB },
    })
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on('message', (told: Told) => (told.kind === 'ready' ? resolve() : this.#take(told)))
      // A second settling is no settling: these two only matter before `ready`.
      const fail = (why: string) => {
        const error = new DocumentsError('worker', `the thread that makes papers ended: ${why}`)
        this.#fail(error)
        reject(error)
      }
      this.#worker.on('error', (error: unknown) => fail(codeOf(error)))
      this.#worker.on('messageerror', () => fail('a message could not be read'))
      this.#worker.on('exit', (code) => fail(`exit ${code}`))
    })
  }

  ask(asked: Asked): Promise<Pdf> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        void this.end(new DocumentsError('worker', `no paper within ${PAPER_DEADLINE_MS / 1000} s`))
      }, PAPER_DEADLINE_MS)
      this.#waiting.set(asked.id, { resolve, reject, deadline })
      this.#worker.postMessage(asked)
    })
  }

  async end(why: DocumentsError): Promise<void> {
    this.#fail(why)
    await this.#worker.terminate()
  }

  #take(told: Exclude<Told, { kind: 'ready' }>): void {
    const waiting = this.#waiting.get(told.id)
    if (!waiting) return
    this.#waiting.delete(told.id)
    clearTimeout(waiting.deadline)
    if (told.kind === 'done') waiting.resolve({ pdf: told.pdf, pages: told.pages })
    else waiting.reject(new DocumentsError('worker', `the paper could not be made: ${told.where}`))
  }

  #fail(error: DocumentsError): void {
    this.alive = false
    for (const waiting of this.#waiting.values()) {
      clearTimeout(waiting.deadline)
      waiting.reject(error)
    }
    this.#waiting.clear()
  }
}

/** Never the message, which could quote a paper. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
