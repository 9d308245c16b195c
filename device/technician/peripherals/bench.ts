/** What tests are made of: the peripherals, whoever has opened them, and what they are to show. */
import type { IdReader } from '../../../drivers/id-reader/driver.ts'
import type { Keypad } from '../../../drivers/keypad/driver.ts'
import type { PagePrinter } from '../../../drivers/page-printer/driver.ts'
import type { ReceiptPrinter } from '../../../drivers/receipt-printer/driver.ts'
import type { Scanner } from '../../../drivers/scanner/driver.ts'
import type { Peripheral } from '../../../drivers/status.ts'
import type { Step, StepContext, StepEnd } from './steps.ts'
import { failed, PASSED } from './steps.ts'

export interface Bench {
  idReader: IdReader | null
  scanner: Scanner | null
  receiptPrinter: ReceiptPrinter | null
  pagePrinter: PagePrinter | null
  keypad: Keypad | null
  /** A pad's reader looks for no card (device/peripherals). */
  readsCards: boolean
  /** What stands on the papers: which device this is. */
  deviceName: string
  /** The A4 test page. Rejects when it cannot be made. */
  testPage(code: string): Promise<Uint8Array>
  /** A session is open or a question stands: what is pressed now is somebody's. */
  isSomebodys(): boolean
}

/** What each kind of test waits for. */
export interface TestTimings {
  /** A peripheral that works is ready within moments; one that was just bound needs a few seconds more. */
  answersMs: number
  /** A fault that lasts so long is no hiccup of a line that is being opened. */
  faultLastsMs: number
  /** For looking for a card, a code, a key: a technician may have to walk around the cabinet. */
  handMs: number
  /** A receipt takes seconds; a page printer that sleeps takes a minute to wake. */
  receiptMs: number
  pageMs: number
}

export const TEST_TIMINGS: TestTimings = {
  answersMs: 10_000,
  faultLastsMs: 2500,
  handMs: 60_000,
  receiptMs: 60_000,
  pageMs: 180_000,
}

export type TestMaker = (bench: Bench, timings: TestTimings) => readonly Step[] | null

/** Every test begins so: it is there and well. */
export const answers = (
  peripheral: Peripheral,
  timings: TestTimings,
  then: (context: StepContext) => Promise<StepEnd> = async () => PASSED,
): Step => ({
  code: 'answers',
  limitMs: timings.answersMs,
  run: async (context) => {
    const end = await untilReady(peripheral, context.signal, timings.faultLastsMs)
    return end.passed ? await then(context) : end
  },
})

/** Of a line that is just being opened; the rest is the device's own word. */
const MAY_PASS = ['cannot-open', 'no-answer', 'line-lost', 'bad-frames']

/** Until it is ready; or its fault has lasted, with the fault's own reason. */
const untilReady = (peripheral: Peripheral, signal: AbortSignal, lastsMs: number): Promise<StepEnd> =>
  new Promise((resolve) => {
    let lasting: NodeJS.Timeout | undefined
    const settle = (end: StepEnd): void => {
      clearTimeout(lasting)
      stop()
      signal.removeEventListener('abort', timeUp)
      resolve(end)
    }
    const reason = (): string => {
      const status = peripheral.status()
      return status.state === 'fault' ? status.reason : 'no-answer'
    }
    const timeUp = (): void => settle(failed(reason()))
    const look = (): void => {
      const { state } = peripheral.status()
      if (state === 'ready') settle(PASSED)
      else if (state === 'fault' && !MAY_PASS.includes(reason())) timeUp()
      else if (state === 'fault') lasting ??= setTimeout(timeUp, lastsMs)
    }
    const stop = peripheral.onStatus(look)
    signal.addEventListener('abort', timeUp, { once: true })
    if (signal.aborted) timeUp()
    else look()
  })

/** The technician is asked whether what came out, lit up or was heard is right. */
export const asked = (code: string, during?: (context: StepContext) => (() => void) | undefined): Step => ({
  code,
  limitMs: null,
  run: async (context) => {
    const end = during?.(context)
    try {
      return (await context.answer()) ? PASSED : failed('not-right')
    } finally {
      end?.()
    }
  },
})
