import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { PRINTER_TIMINGS, superviseReceiptPrinter } from '../../../drivers/receipt-printer/driver.ts'
import { startReceiptPrinterSimulator } from '../../../drivers/simulators/receipt-printer.ts'
import { closing, faulty, ready, until } from '../support.ts'
import { bench, QUICK, RECEIPT, scripted, THICK } from './printers.ts'

test('field row 1: a line that went dead while nothing was printed is known, and works again when it is back', async () => {
  const { simulator, printer } = await bench({}, PRINTER_TIMINGS)
  expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed' })
  await new Promise((resolve) => setTimeout(resolve, 50))
  const began = performance.now()
  const end = simulator.faults.add({ kind: 'half-open' })
  await faulty(printer, 'no-answer')
  const knownMs = performance.now() - began
  end()
  await ready(printer)
  expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed' })
  // Two deadlines and a heartbeat are 1.7 s; the rest is for a busy machine.
  expect(knownMs).toBeLessThan(3500)
  expect(simulator.receipts()).toHaveLength(2)
  expect(simulator.errors).toEqual([])
})

test('field row 1: a line that goes dead in the middle of a receipt is told soon; the receipt is unknown and not sent again', async () => {
  const { simulator, printer } = await bench({ millimetresPerSecond: 300 }, PRINTER_TIMINGS)
  let hasEnded = false
  // The slowest printer of its kind needs 2.8 s for this paper: so long it is waited for.
  const printing = printer
    .print({ elements: [{ kind: 'feed', lines: 30 }, ...RECEIPT.elements] })
    .finally(() => (hasEnded = true))
  await until('paper is moving', () => simulator.busy())
  const began = performance.now()
  const end = simulator.faults.add({ kind: 'half-open' })
  await faulty(printer, 'no-answer')
  expect(performance.now() - began).toBeLessThan(3500)
  expect(hasEnded).toBe(false)
  expect(await printing).toEqual({ outcome: 'unknown', reason: 'no-answer' })
  end()
  await ready(printer)
  expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed' })
  expect(simulator.receipts()).toHaveLength(2)
})

test('field row 4: a serial printer that comes back under another name is found by its stable one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'w24-printer-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const simulator = closing(
    await startReceiptPrinterSimulator({
      listen: `pty:${folder}/printer`,
      profile: 'print-done-80',
      millimetresPerSecond: 1500,
    }),
  )
  const driver = { driver: 'escpos', profile: 'print-done-80', port: simulator.port } as const
  const printer = closing(superviseReceiptPrinter(driver, QUICK))
  await ready(printer)
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'printed', proof: 'confirmed' })
  await simulator.unplug()
  await until('it is told', () => printer.status().state === 'fault')
  await simulator.plug()
  await ready(printer)
  expect(await printer.print(THICK)).toEqual({ outcome: 'printed', proof: 'confirmed' })
  expect(simulator.receipts()).toHaveLength(2)
  expect(simulator.errors).toEqual([])
})

test('field row 7: noise never makes a receipt printed that was not, and ends with the noise', async () => {
  const { simulator, printer } = await bench({ profile: 'print-done-80' })
  const end = simulator.faults.add({ kind: 'noise', everyMs: 5, bytes: 4 })
  const outcomes = await Promise.all([printer.print(RECEIPT), printer.print(RECEIPT), printer.print(RECEIPT)])
  end()
  const printed = outcomes.filter((outcome) => outcome.outcome === 'printed').length
  expect(simulator.receipts().length).toBeGreaterThanOrEqual(printed)
  await until('the noise is out of the status', () => printer.status().state === 'ready')
  const before = simulator.receipts().length
  await until('it is quiet', () => printer.status().state === 'ready')
  expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed', proof: 'confirmed' })
  expect(simulator.receipts()).toHaveLength(before + 1)
  expect(printer.counters().discardedBytes).toBeGreaterThan(0)
})

test('field row 7: one byte of noise is no proof where the proof is one byte', async () => {
  let markers = 0
  const { printer } = await scripted('generic-80', (command, _, socket) => {
    if (command === 'status') socket.write(Buffer.of(0x12))
    if (command !== 'marker') return
    markers += 1
    // Nonsense with something in it that looks like an answer.
    socket.write(markers === 1 ? Buffer.of(0x00) : Buffer.of(0x91, 0x00))
  })
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'unknown', reason: 'bad-frames' })
})
