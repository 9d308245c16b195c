import type { Peripheral, PrintOutcome } from '../status.ts'
import { superviseFolderPrinter } from './folder-printer.ts'
import { superviseIppPrinter } from './ipp-printer.ts'
import { PAGE_PRINTER_TIMINGS, type PagePrinterTimings } from './timings.ts'
import type { PrintWishes } from './tray.ts'

export interface PagePrinter extends Peripheral {
  /**
   * Prints one PDF on A4, after those before it, and never twice. Bytes that are no PDF fail as `bad-frames`.
   * An aborted `signal` takes the document back. An aborted `unattended` says that nobody stands at the tray any
   * more: a document that is not being printed then, or stops later, is taken back at once, for paper filled in
   * afterwards would bring it out. The outcome still says what became of it.
   */
  print(pdf: Uint8Array, wishes?: Partial<PrintWishes>): Promise<PrintOutcome>
}

export type PagePrinterOptions = { driver: 'directory'; port: string } | { driver: 'ipp'; port: string }

const NEVER_ABORTED = new AbortController().signal
const nobodyListens = (): void => {}

/** Keeps a page printer at work: a folder (`dir:`), or a CUPS queue or printer (`ipp:`, `ipps:`; DEVICES §4). */
export function supervisePagePrinter(
  options: PagePrinterOptions,
  timings: PagePrinterTimings = PAGE_PRINTER_TIMINGS,
): PagePrinter {
  const tray =
    options.driver === 'directory'
      ? superviseFolderPrinter(options.port)
      : superviseIppPrinter(options.port, timings)
  const { printPdf, ...peripheral } = tray
  return {
    ...peripheral,
    print: async (pdf, wishes = {}) => {
      const {
        signal = NEVER_ABORTED,
        unattended = NEVER_ABORTED,
        onSent = nobodyListens,
        onSides = nobodyListens,
      } = wishes
      if (!isPdf(pdf)) return { outcome: 'failed', reason: 'bad-frames' }
      return await printPdf(pdf, { signal, unattended, onSent, onSides })
    },
  }
}

/** ISO 32000: a PDF begins with this header. */
function isPdf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 5)).toString('latin1') === '%PDF-'
}
