import type { Peripheral, PrintOutcome } from '../status.ts'

/** Who still waits for a document. */
export interface PrintWishes {
  /** Aborted, the document is taken back, whatever it costs. */
  signal: AbortSignal
  /** Aborted, nobody stands at the tray: only what is really being printed goes on to its end. */
  unattended: AbortSignal
  /** All of it is with the printer, which has not said yet what came of it. */
  onSent: () => void
  /** As the printer counts: how many sides have come out so far. It only ever grows; some count nothing. */
  onSides: (count: number) => void
}

/** What every kind of page printer does with a document that has been looked at. */
export interface PageTray extends Peripheral {
  /** The wishes are for printers that take their time. */
  printPdf(pdf: Uint8Array, wishes: PrintWishes): Promise<PrintOutcome>
}
