import type { Peripheral, PrintOutcome } from '../status.ts'
import { supervise } from '../supervisor.ts'
import type { Connection } from '../transport/connection.ts'
import { openPort } from '../transport/open-port.ts'
import type { ReceiptDocument } from './document.ts'
import { encodeDocument } from './encode-document.ts'
import { type Job, wipe } from './job.ts'
import { freshMemory } from './memory.ts'
import { receiptPrinterProfile } from './profile.ts'
import { PRINTER_TIMINGS, type PrinterTimings } from './timings.ts'
import { warmUp } from './warm-up.ts'
import { PrinterWork } from './work.ts'

export { PRINTER_TIMINGS, type PrinterTimings } from './timings.ts'

export interface ReceiptPrinter extends Peripheral {
  /**
   * Prints one document, after those before it. Never rejects for a printer's sake and never prints a document
   * twice; a document that a lost line finds waiting fails and is not kept. A document that this paper cannot hold
   * rejects with a ReceiptDocumentError, before any byte.
   */
  print(document: ReceiptDocument): Promise<PrintOutcome>
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
  return {
    ...peripheral,
    print: async (document) => {
      const { commands, rows } = encodeDocument(document, profile)
      if (session === undefined) {
        wipe(commands)
        const status = peripheral.status()
        return { outcome: 'failed', reason: status.state === 'fault' ? status.reason : 'cannot-open' }
      }
      const { promise, resolve } = Promise.withResolvers<PrintOutcome>()
      session.jobs.push({ commands, rows, settle: resolve })
      session.wake()
      return await promise
    },
  }
}
