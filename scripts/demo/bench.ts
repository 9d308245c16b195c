import { randomUUID } from 'node:crypto'
import type { PeripheralName } from '../../device/http/contract.ts'
import { type IdReaderSimulator, startIdReaderSimulator } from '../../drivers/simulators/id-reader.ts'
import { type KeypadSimulator, startKeypadSimulator } from '../../drivers/simulators/keypad.ts'
import {
  type ReceiptPrinterSimulator,
  startReceiptPrinterSimulator,
} from '../../drivers/simulators/receipt-printer.ts'
import { type ScannerSimulator, startScannerSimulator } from '../../drivers/simulators/scanner.ts'

/** The simulated peripherals of the demo's terminal, and the button evaluator beside its pad. */
export interface Bench {
  reader: IdReaderSimulator
  scanner: ScannerSimulator
  printer: ReceiptPrinterSimulator
  keypad: KeypadSimulator
  close(): Promise<void>
}

/** Where the examples of the configuration look for them; any free port does as well. */
const PREFERRED_PORT = {
  idReader: 9101,
  scanner: 9102,
  receiptPrinter: 9103,
  keypad: 9105,
} satisfies Partial<Record<PeripheralName, number>>

/** A printer that says when paper has come out, so that the demo shows the whole promise. */
export const RECEIPT_PRINTER_PROFILE = 'print-done-80'

async function onPreferredPort<T>(
  port: number,
  start: (options: { listen: string }) => Promise<T>,
): Promise<T> {
  try {
    return await start({ listen: `tcp://127.0.0.1:${port}` })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    return start({ listen: 'tcp://127.0.0.1:0' })
  }
}

export async function startBench(): Promise<Bench> {
  const [reader, scanner, printer, keypad] = await Promise.all([
    onPreferredPort(PREFERRED_PORT.idReader, startIdReaderSimulator),
    onPreferredPort(PREFERRED_PORT.scanner, startScannerSimulator),
    onPreferredPort(PREFERRED_PORT.receiptPrinter, ({ listen }) =>
      startReceiptPrinterSimulator({ listen, profile: RECEIPT_PRINTER_PROFILE }),
    ),
    onPreferredPort(PREFERRED_PORT.keypad, startKeypadSimulator),
  ])
  return {
    reader,
    scanner,
    printer,
    keypad,
    async close() {
      await Promise.all([reader.close(), scanner.close(), printer.close(), keypad.close()])
    },
  }
}

/** A secret that lives as long as this demo. */
export const newToken = (): string => randomUUID()
