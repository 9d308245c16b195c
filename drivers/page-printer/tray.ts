import type { Peripheral, PrintOutcome } from '../status.ts'

/** What every kind of page printer does with a document that has been looked at. */
export interface PageTray extends Peripheral {
  /** `givenUp` is for printers that take their time. */
  printPdf(pdf: Uint8Array, givenUp: AbortSignal): Promise<PrintOutcome>
}
