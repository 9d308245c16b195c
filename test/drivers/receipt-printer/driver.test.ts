import { expect, test } from 'vitest'
import type { ReceiptDocument } from '../../../drivers/receipt-printer/document.ts'
import {
  PRINTER_TIMINGS,
  type PrinterTimings,
  superviseReceiptPrinter,
} from '../../../drivers/receipt-printer/driver.ts'
import {
  type ReceiptPrinterSimulatorOptions,
  startReceiptPrinterSimulator,
} from '../../../drivers/simulators/receipt-printer.ts'
import { closing, faulty, ready, startPeer, until } from '../support.ts'

const RECEIPT: ReceiptDocument = {
  elements: [{ kind: 'text', text: '受理回执', align: 'centre', size: 'double' }, { kind: 'cut' }],
}
/** Two thirds of a metre: 0.4 s at 1500 mm a second. */
const LONG: ReceiptDocument = { elements: [{ kind: 'feed', lines: 150 }, ...RECEIPT.elements] }

/** Ten times as often as in the field: the waits are not what these tests are about. */
const QUICK: PrinterTimings = { ...PRINTER_TIMINGS, heartbeatMs: 100, proofPollMs: 50, fenceQuietMs: 40 }
/** For printers that never give a proof. */
const IMPATIENT: PrinterTimings = {
  ...QUICK,
  statusDeadlineMs: 150,
  proofDeadlineMs: 400,
  firstFenceDeadlineMs: 200,
}
const FAST = 1500

async function bench(options: Partial<ReceiptPrinterSimulatorOptions> = {}) {
  const profile = options.profile ?? 'generic-80'
  const listen = 'tcp://127.0.0.1:0'
  const simulator = closing(
    await startReceiptPrinterSimulator({ listen, millimetresPerSecond: FAST, ...options }),
  )
  const driver = { driver: 'escpos', profile, port: simulator.port } as const
  const printer = closing(superviseReceiptPrinter(driver, QUICK))
  await ready(printer)
  return { simulator, printer }
}

test('without print-done a clean print is probable', async () => {
  const { simulator, printer } = await bench()
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'printed', proof: 'probable' })
  expect(simulator.receipts()).toHaveLength(1)
  expect(simulator.errors).toEqual([])
})

test('with print-done a print is confirmed', async () => {
  const { simulator, printer } = await bench({ profile: 'print-done-80' })
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'printed', proof: 'confirmed' })
  expect(simulator.receipts()).toHaveLength(1)
  expect(simulator.errors).toEqual([])
})

test('printed is only said when the paper is out, not when the bytes are taken', async () => {
  const { simulator, printer } = await bench({ millimetresPerSecond: 1500 })
  let outOfThePrinter = false
  simulator.onReceipt(() => {
    outOfThePrinter = true
  })
  const started = performance.now()
  const outcome = await printer.print(LONG)
  expect(outcome).toMatchObject({ outcome: 'printed' })
  expect(outOfThePrinter).toBe(true)
  // 150 lines of 32 dots at 12,000 dots a second.
  expect(performance.now() - started).toBeGreaterThan(400)
})

test('receipts are printed one after the other, in order', async () => {
  const { simulator, printer } = await bench()
  const outcomes = await Promise.all([printer.print(LONG), printer.print(RECEIPT), printer.print(RECEIPT)])
  expect(outcomes.map((outcome) => outcome.outcome)).toEqual(['printed', 'printed', 'printed'])
  const heights = simulator.receipts().map((receipt) => receipt.heightDots)
  expect(heights[0]).toBeGreaterThan(4800)
  expect(heights[1]).toBeLessThan(400)
  expect(simulator.errors).toEqual([])
})

test.each([
  ['paper-out', 'paper'],
  ['cover-open', 'cover'],
] as const)(
  'before a print, %s means failed and that no byte of the receipt was sent',
  async (reason, what) => {
    const { simulator, printer } = await bench()
    if (what === 'paper') simulator.setPaper('out')
    else simulator.setCover(true)
    expect(await printer.print(RECEIPT)).toEqual({ outcome: 'failed', reason })
    expect(printer.status()).toMatchObject({ state: 'fault', reason })
    simulator.setPaper('ok')
    simulator.setCover(false)
    await ready(printer)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(simulator.receipts()).toEqual([])
    expect(simulator.errors).toEqual([])
  },
)

test('paper that ends during a print makes the outcome unknown, and nothing comes out at refill', async () => {
  const { simulator, printer } = await bench({ millimetresPerSecond: 300 })
  const printing = printer.print(LONG)
  await until('paper is moving', () => simulator.busy())
  simulator.setPaper('out')
  expect(await printing).toEqual({ outcome: 'unknown', reason: 'paper-out' })
  await faulty(printer, 'paper-out')
  simulator.setPaper('ok')
  await ready(printer)
  expect(simulator.receipts()).toEqual([])
  expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed' })
  expect(simulator.receipts()).toHaveLength(1)
  expect(simulator.errors).toEqual([])
})

test('a cover that is opened during a print makes the outcome unknown', async () => {
  const { simulator, printer } = await bench({ profile: 'print-done-80', millimetresPerSecond: 300 })
  const printing = printer.print(LONG)
  await until('paper is moving', () => simulator.busy())
  simulator.setCover(true)
  expect(await printing).toEqual({ outcome: 'unknown', reason: 'cover-open' })
})

test('paper near its end is a warning, and prints go on', async () => {
  const { simulator, printer } = await bench()
  simulator.setPaper('near-end')
  expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed' })
  expect(printer.status()).toMatchObject({ state: 'ready', warnings: ['paper-near-end'] })
})

test('a cable pulled during a print makes the outcome unknown, and its late proof is not taken for that of the next', async () => {
  const { simulator, printer } = await bench({ millimetresPerSecond: 600 })
  const [printing, waiting] = [printer.print(LONG), printer.print(RECEIPT)]
  await until('paper is moving', () => simulator.busy())
  await simulator.unplug()
  expect(await printing).toEqual({ outcome: 'unknown', reason: 'line-lost' })
  expect(await waiting).toEqual({ outcome: 'failed', reason: 'line-lost' })
  expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'failed' })
  await simulator.plug()
  await ready(printer)
  expect(await printer.print(LONG)).toMatchObject({ outcome: 'printed' })
  // What the printer had taken before the cable was pulled comes out of it; nothing was sent a second time.
  expect(simulator.receipts()).toHaveLength(2)
  expect(printer.counters().reopens).toBe(1)
})

test('a printer that is switched off is told, and works again when it is on', async () => {
  const { simulator, printer } = await bench()
  await simulator.unplug()
  await faulty(printer, 'cannot-open')
  await simulator.plug()
  await ready(printer)
})

test('an in-order marker that is never answered is an unknown outcome, not a printed one', async () => {
  // Answers every status query and nothing else, as clones without 1D 72 do.
  const peer = await startPeer((chunk, socket) => {
    for (let at = 0; at + 2 < chunk.length; at += 1) {
      if (chunk[at] === 0x10 && chunk[at + 1] === 0x04) socket.write(Buffer.of(0x12))
    }
  })
  const printer = closing(
    superviseReceiptPrinter({ driver: 'escpos', profile: 'generic-80', port: peer.port }, IMPATIENT),
  )
  await ready(printer)
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'unknown', reason: 'no-answer' })
})

test('a print-done answer of another receipt proves nothing', async () => {
  const peer = await startPeer((chunk, socket) => {
    for (let at = 0; at + 2 < chunk.length; at += 1) {
      if (chunk[at] === 0x10 && chunk[at + 1] === 0x04) socket.write(Buffer.of(0x12))
      if (chunk[at] === 0x1d && chunk[at + 1] === 0x28 && chunk[at + 2] === 0x48) {
        socket.write(Buffer.from('3722303030300012', 'hex').subarray(0, 7))
      }
    }
  })
  const driver = { driver: 'escpos', profile: 'print-done-80', port: peer.port } as const
  const printer = closing(superviseReceiptPrinter(driver, IMPATIENT))
  await ready(printer)
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'unknown', reason: 'no-answer' })
})

test('a printer that says nothing is no-answer, one that says nonsense is bad-frames', async () => {
  const mute = await startPeer()
  const printer = closing(
    superviseReceiptPrinter({ driver: 'escpos', profile: 'generic-80', port: mute.port }, IMPATIENT),
  )
  const noisy = await startPeer((_, socket) => socket.write(Buffer.alloc(40, 0x91)))
  const other = closing(
    superviseReceiptPrinter({ driver: 'escpos', profile: 'generic-80', port: noisy.port }, IMPATIENT),
  )
  await Promise.all([faulty(printer, 'no-answer'), faulty(other, 'bad-frames')])
  expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'failed' })
})

test('a profile that is not known is a wrong configuration', () => {
  expect(() =>
    superviseReceiptPrinter({ driver: 'escpos', profile: 'none', port: 'tcp://127.0.0.1:1' }),
  ).toThrow('receipt printer profile "none" is not known')
})
