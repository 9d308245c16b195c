/** The other ends of a terminal's wires: simulators that the drivers which ship talk to. */
import { type IdReaderSimulator, startIdReaderSimulator } from '../../../drivers/simulators/id-reader.ts'
import {
  type IppPrinterSimulator,
  startIppPrinterSimulator,
} from '../../../drivers/simulators/ipp-printer.ts'
import {
  type ReceiptPrinterSimulator,
  startReceiptPrinterSimulator,
} from '../../../drivers/simulators/receipt-printer.ts'
import { type ScannerSimulator, startScannerSimulator } from '../../../drivers/simulators/scanner.ts'

const LISTEN = 'tcp://127.0.0.1:0'

/** It says when paper has come out, so that a success can be proved. */
const RECEIPT_PROFILE = 'print-done-80'
/** Paper and knife faster than any that exists: a journey waits for what the terminal says, not for paper. */
const RECEIPT_SPEED = { millimetresPerSecond: 5_000, cutMs: 10 }

/** Those that a terminal has; each of them stands there by itself all the same. */
export interface Attached {
  reader: boolean
  scanner: boolean
  receiptPrinter: boolean
  pagePrinter: boolean
}

export interface PeripheralsBench {
  reader: IdReaderSimulator
  scanner: ScannerSimulator
  receiptPrinter: ReceiptPrinterSimulator
  pagePrinter: IppPrinterSimulator
  /** As device.json has them. */
  configuration: Record<string, object>
}

export async function startPeripheralsBench(
  attached: Attached,
  parts: AsyncDisposableStack,
): Promise<PeripheralsBench> {
  const [reader, scanner, receiptPrinter, pagePrinter] = await Promise.all([
    startIdReaderSimulator({ listen: LISTEN }),
    startScannerSimulator({ listen: LISTEN }),
    startReceiptPrinterSimulator({ listen: LISTEN, profile: RECEIPT_PROFILE, ...RECEIPT_SPEED }),
    startIppPrinterSimulator({ listen: LISTEN }),
  ])
  for (const one of [reader, scanner, receiptPrinter, pagePrinter]) parts.defer(() => one.close())
  return {
    reader,
    scanner,
    receiptPrinter,
    pagePrinter,
    configuration: {
      ...(attached.reader && { idReader: { driver: 'sdt', port: reader.port } }),
      ...(attached.scanner && { scanner: { driver: 'serial', port: scanner.port } }),
      ...(attached.receiptPrinter && {
        receiptPrinter: { driver: 'escpos', profile: RECEIPT_PROFILE, port: receiptPrinter.port },
      }),
      ...(attached.pagePrinter && { pagePrinter: { driver: 'ipp', port: pagePrinter.port } }),
    },
  }
}
