import type { Peripheral, PrintOutcome } from '../status.ts'
import { supervise } from '../supervisor.ts'
import type { Connection } from '../transport/connection.ts'
import { openPort } from '../transport/open-port.ts'
import type { ReceiptDocument } from './document.ts'
import { encodeInTurns } from './encode-in-turns.ts'
import type { Job } from './job.ts'
import { freshMemory } from './memory.ts'
import { receiptPrinterProfile } from './profile.ts'
import { wipe } from './tape.ts'
import { PRINTER_TIMINGS, type PrinterTimings } from './timings.ts'
import { warmUp } from './warm-up.ts'
import { PrinterWork } from './work.ts'

export { PRINTER_TIMINGS, type PrinterTimings } from './timings.ts'

export interface ReceiptPrinter extends Peripheral {
  /**
   * Prints one document, after those before it. Never rejects for a printer's sake and never prints a document
   * twice; a document that a lost line finds waiting fails and is not kept. A document that this paper cannot hold
   * rejects with a ReceiptDocumentError, before any byte. `signal` takes it back: while it waits for its turn it has
   * surely not been printed (failed, no-answer); one that has begun goes on, and its outcome says what became of it.
   * `onSent`: its last byte has left, and the printer has not said yet what came of it.
   */
  print(
    document: ReceiptDocument,
    options?: { signal?: AbortSignal; onSent?: () => void },
  ): Promise<PrintOutcome>
}

/** What lives as long as one connection; documents are taken by it and by no other. */
interface Session {
  jobs: Job[]
  wake: () => void
}

/** Keeps an ESC/POS receipt printer at work on its port. An unknown profile is a wrong configuration and throws. */
export function superviseReceiptPrinter(
  options: { driver: 'escpos'; profile: string; port: string },
  timings: PrinterTimings = PRINTER_TIMINGS,
): ReceiptPrinter {
  const profile = receiptPrinterProfile(options.profile)
  if (profile === undefined) throw new Error(`receipt printer profile "${options.profile}" is not known`)
  let session: Session | undefined
  const memory = freshMemory()
  void warmUp(profile)
  const peripheral = supervise<Connection>({
    port: options.port,
    open: (signal) => openPort(options.port, signal),
    attend: async (connection, attendance) => {
      const jobs: Job[] = []
      // Whatever was outstanding may be answered on this line; a printer that never answers has nothing to say.
      memory.fenceDue = memory.answersMarkers !== false
      const work = new PrinterWork({ connection, attendance, profile, timings, jobs, memory })
      session = { jobs, wake: () => work.wake() }
      try {
        return await work.run()
      } finally {
        session = undefined
        for (const job of jobs.splice(0)) {
          wipe(job.commands)
          job.settle({ outcome: 'failed', reason: 'line-lost' })
        }
      }
    },
  })
  /** Resolves when the document stands in the queue, with what its outcome will be. */
  const enqueue = async (
    document: ReceiptDocument,
    signal: AbortSignal | undefined,
    onSent: () => void,
  ): Promise<{ outcome: PrintOutcome | Promise<PrintOutcome> }> => {
    const { commands, rows } = await encodeInTurns(document, profile)
    if (session === undefined || signal?.aborted) {
      wipe(commands)
      const status = peripheral.status()
      const reason = session === undefined ? 'cannot-open' : 'no-answer'
      return { outcome: { outcome: 'failed', reason: status.state === 'fault' ? status.reason : reason } }
    }
    const { jobs } = session
    const { promise, resolve } = Promise.withResolvers<PrintOutcome>()
    const job: Job = { commands, rows, onSent, settle: resolve }
    const takeBack = (): void => {
      const at = jobs.indexOf(job)
      if (at === -1) return
      jobs.splice(at, 1)
      wipe(commands)
      resolve({ outcome: 'failed', reason: 'no-answer' })
    }
    signal?.addEventListener('abort', takeBack, { once: true })
    jobs.push(job)
    session.wake()
    return { outcome: promise.finally(() => signal?.removeEventListener('abort', takeBack)) }
  }
  // A long document must not be overtaken by a short one while it is being laid out.
  let last: Promise<unknown> = Promise.resolve()
  return {
    ...peripheral,
    print: async (document, { signal, onSent = () => {} } = {}) => {
      const queued = last.then(() => enqueue(document, signal, onSent))
      const done = (): void => {}
      last = queued.then(done, done)
      return await (await queued).outcome
    },
  }
}
