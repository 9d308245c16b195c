import { expect, test } from 'vitest'
import { ReceiptDocumentError } from '../../../drivers/receipt-printer/document.ts'
import { superviseReceiptPrinter } from '../../../drivers/receipt-printer/driver.ts'
import { closing, faulty, ready, startPeer, until } from '../support.ts'
import { bench, IMPATIENT, LONG, RECEIPT, scripted } from './printers.ts'

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
  const { simulator, printer } = await bench()
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
  const { simulator, printer } = await bench({ millimetresPerSecond: 300, keepsBacklog: false })
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
  const { printer } = await scripted('generic-80', (command, _, socket) => {
    if (command === 'status') socket.write(Buffer.of(0x12))
  })
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'unknown', reason: 'no-answer' })
})

test('a print-done answer of another receipt proves nothing', async () => {
  const { printer } = await scripted('print-done-80', (command, _, socket) => {
    if (command === 'status') socket.write(Buffer.of(0x12))
    if (command === 'print-done') socket.write(Buffer.from('37223030303000', 'hex'))
  })
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'unknown', reason: 'no-answer' })
})

test('a document that the paper cannot hold is refused before any byte, and the printer works on', async () => {
  const { simulator, printer } = await bench()
  const tooWide = { kind: 'image', width: 584, height: 1, rows: new Uint8Array(73) } as const
  await expect(printer.print({ elements: [...RECEIPT.elements, tooWide] })).rejects.toThrow(
    'an image of 584 dots is wider than the 576 dots of the paper; scale it down before (imageFromGrey)',
  )
  await expect(printer.print({ elements: [] })).rejects.toBeInstanceOf(ReceiptDocumentError)
  expect(simulator.busy()).toBe(false)
  expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed' })
  expect(simulator.receipts()).toHaveLength(1)
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
