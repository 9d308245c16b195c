/** The test of each peripheral. */
import type { PeripheralName } from '../../http/contract.ts'
import { type Bench, TEST_TIMINGS, type TestMaker, type TestTimings } from './bench.ts'
import { idReaderTest } from './id-reader-test.ts'
import { keypadTest } from './keypad-test.ts'
import { pagePrinterTest } from './page-printer-test.ts'
import { receiptPrinterTest } from './receipt-printer-test.ts'
import { scannerTest } from './scanner-test.ts'
import type { Step } from './steps.ts'

const TESTS: Record<PeripheralName, TestMaker> = {
  idReader: idReaderTest,
  scanner: scannerTest,
  receiptPrinter: receiptPrinterTest,
  pagePrinter: pagePrinterTest,
  keypad: keypadTest,
}

export const PERIPHERAL_NAMES: readonly PeripheralName[] = [
  'idReader',
  'scanner',
  'receiptPrinter',
  'pagePrinter',
  'keypad',
]

/** Null when there is no such peripheral on the bench. */
export const stepsOf = (
  name: PeripheralName,
  bench: Bench,
  timings: TestTimings = TEST_TIMINGS,
): readonly Step[] | null => TESTS[name](bench, timings)
