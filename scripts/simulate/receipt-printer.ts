import { RECEIPT_PRINTER_PROFILES } from '../../drivers/receipt-printer/profile.ts'
import {
  PRINTER_TROUBLES,
  type ReceiptPrinterSimulator,
  startReceiptPrinterSimulator,
  type TroubleTiming,
} from '../../drivers/simulators/receipt-printer.ts'
import { kindOf, wireFault } from './kind.ts'
import { choice, linesOf, plain, wholeNumber } from './words.ts'

/** A day: longer than any trial. */
const LONGEST_MS = 86_400_000
/** Ten metres of paper. */
const LAST_ROW = 80_000

/** The words behind a trouble's name, in any order. */
const TIMING_WORDS = { after: 'afterMs', for: 'forMs', row: 'atRow' } as const satisfies Record<
  string,
  keyof TroubleTiming
>

function timingOf(words: string[]): TroubleTiming | undefined {
  const timing: TroubleTiming = {}
  for (let at = 0; at < words.length; at += 2) {
    const [word = '', value] = words.slice(at)
    const name = Object.entries(TIMING_WORDS).find(([one]) => one === word)?.[1]
    const number = wholeNumber(value, 0, name === 'atRow' ? LAST_ROW : LONGEST_MS)
    if (name === undefined || number === undefined || timing[name] !== undefined) return undefined
    timing[name] = number
  }
  return timing
}

/** How to mend what was typed so far. */
const mends = new WeakMap<ReceiptPrinterSimulator, (() => void)[]>()

export const receiptPrinter = kindOf<ReceiptPrinterSimulator>({
  profiles: RECEIPT_PRINTER_PROFILES,
  orders: [
    choice('paper', ['ok', 'near-end', 'out'], (printer, paper) => printer.setPaper(paper)),
    choice('cover', ['open', 'shut'], (printer, state) => printer.setCover(state === 'open')),
    {
      form: `trouble NAME [after MS] [for MS] [row DOTS]\n${linesOf(PRINTER_TROUBLES)}`,
      run: (printer, [name, ...words]) => {
        const trouble = PRINTER_TROUBLES.find((one) => one === name)
        const timing = timingOf(words)
        if (trouble === undefined || timing === undefined) return false
        mends.set(printer, [...(mends.get(printer) ?? []), printer.trouble(trouble, timing)])
        return true
      },
    },
    plain('mend', (printer) => {
      for (const mend of mends.get(printer) ?? []) mend()
      mends.delete(printer)
    }),
    wireFault,
  ],
  start: async ({ listen, profile, report, onError }) => {
    const printer = await startReceiptPrinterSimulator({
      listen,
      onError,
      ...(profile === undefined ? {} : { profile }),
    })
    printer.onReceipt(({ id, widthDots, heightDots }) => {
      report(`receipt ${id}: ${widthDots} × ${heightDots} dots`)
    })
    return printer
  },
})
