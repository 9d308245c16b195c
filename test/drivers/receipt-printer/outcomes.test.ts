import { expect, test } from 'vitest'
import type { PrinterTrouble } from '../../../drivers/simulators/receipt-printer.ts'
import { faulty, ready, until } from '../support.ts'
import { bench, LONG, RECEIPT, scripted, THICK } from './printers.ts'

test.each<[PrinterTrouble, string]>([
  ['paper-out', 'paper-out'],
  ['cover-open', 'cover-open'],
  ['cutter', 'cutter'],
  ['jam', 'mechanical'],
  ['unrecoverable', 'mechanical'],
])('%s in the middle of a receipt: unknown, and the next one is whole', async (kind, reason) => {
  const { simulator, printer } = await bench({
    millimetresPerSecond: 600,
    bufferBytes: 400,
    flowControl: true,
  })
  const printing = printer.print(THICK)
  const mend = simulator.trouble(kind, { atRow: 800 })
  expect(await printing).toEqual({ outcome: 'unknown', reason })
  await faulty(printer, reason)
  mend()
  await ready(printer)
  expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed' })
  // What had come out hangs in the mouth and is cut off first.
  expect(simulator.receipts().map(({ heightDots }) => heightDots < 400)).toEqual([false, true])
  expect(simulator.errors).toEqual([])
})

test.each<[PrinterTrouble]>([['overheated'], ['fed-by-hand'], ['offline']])(
  '%s for a moment in the middle of a receipt: it goes on and is printed',
  async (kind) => {
    const { simulator, printer } = await bench({ millimetresPerSecond: 1200 })
    const mend = simulator.trouble(kind, { atRow: 800 })
    const printing = printer.print(THICK)
    await until('the trouble is told', () => printer.status().state === 'fault')
    mend()
    expect(await printing).toEqual({ outcome: 'printed', proof: 'probable' })
    expect(simulator.receipts()).toHaveLength(1)
    expect(simulator.errors).toEqual([])
  },
)

test('field row 14: paper out with a backlog: the printer finishes what it has, nothing is sent again, and it is cut off', async () => {
  const { simulator, printer } = await bench({
    millimetresPerSecond: 600,
    keepsBacklog: true,
    // It says XOFF before the whole of the receipt is in its buffer.
    bufferBytes: 400,
    flowControl: true,
  })
  const mend = simulator.trouble('paper-out', { atRow: 800 })
  expect(await printer.print(THICK)).toEqual({ outcome: 'unknown', reason: 'paper-out' })
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'failed', reason: 'paper-out' })
  expect(simulator.receipts()).toEqual([])
  mend()
  await ready(printer)
  expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed' })
  const heights = simulator.receipts().map(({ heightDots }) => heightDots)
  // What was left of the first receipt is a paper of its own and not the beginning of the second.
  expect(heights).toHaveLength(2)
  expect(heights[0]).toBeGreaterThan(800)
  // What had not been sent when the paper ended never is.
  expect(heights[0]).toBeLessThan(100 * 32)
  expect(heights[1]).toBeLessThan(400)
  expect(simulator.errors).toEqual([])
})

test('field row 14: a printer that would keep what it is sent gets no byte of a receipt while it cannot print', async () => {
  const { simulator, printer } = await bench({ keepsBacklog: true })
  const mend = simulator.trouble('paper-out')
  for (let copy = 0; copy < 3; copy += 1) {
    expect(await printer.print(RECEIPT)).toEqual({ outcome: 'failed', reason: 'paper-out' })
  }
  mend()
  await ready(printer)
  expect(simulator.busy()).toBe(false)
  expect(simulator.receipts()).toEqual([])
  expect(simulator.cuts()).toBe(0)
})

test.each<[PrinterTrouble]>([['cutter'], ['jam']])(
  'after %s the printer is told once that it is mended, and never to print again',
  async (kind) => {
    const { simulator, printer } = await bench({ keepsBacklog: true, millimetresPerSecond: 600 })
    const mend = simulator.trouble(kind, { atRow: 800 })
    expect(await printer.print(THICK)).toMatchObject({ outcome: 'unknown' })
    expect(simulator.recoveries()).toBe(0)
    mend()
    await ready(printer)
    expect(simulator.recoveries()).toBe(1)
    expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed' })
    expect(simulator.recoveries()).toBe(1)
    // Recovery dropped the backlog: only what was on paper already is cut off.
    const heights = simulator.receipts().map(({ heightDots }) => heightDots)
    expect(heights).toHaveLength(2)
    expect(heights[0]).toBeLessThan(1200)
    expect(simulator.errors).toEqual([])
  },
)

test('a printer that still waits after it was told to recover is not told again', async () => {
  const told: number[] = []
  const { printer, received } = await scripted('generic-80', (command, n, socket) => {
    if (command === 'marker') socket.write(Buffer.of(0x00))
    if (command !== 'status') return
    told.push(n)
    socket.write(Buffer.of(n === 1 && told.length > 40 ? 0x3a : 0x12))
  })
  await faulty(printer, 'offline')
  const asked = told.length
  await until('it was asked often', () => told.length > asked + 20)
  expect(received().toString('hex').split('100502')).toHaveLength(2)
})

test('a line lost before the first byte: failed, and surely not printed', async () => {
  const { simulator, printer } = await bench({ statusDelayMs: 30 })
  const printing = printer.print(RECEIPT)
  await new Promise((resolve) => setTimeout(resolve, 20))
  await simulator.unplug()
  expect(await printing).toMatchObject({ outcome: 'failed', reason: 'line-lost' })
  await simulator.plug()
  await ready(printer)
  expect(simulator.receipts()).toEqual([])
  expect(simulator.cuts()).toBe(0)
})

test('a line lost in the middle: unknown, and what came out is a paper of its own', async () => {
  const { simulator, printer } = await bench({ millimetresPerSecond: 600, bufferBytes: 400 })
  const printing = printer.print(THICK)
  await until('paper is moving', () => simulator.busy())
  await simulator.unplug()
  expect(await printing).toEqual({ outcome: 'unknown', reason: 'line-lost' })
  await simulator.plug()
  await ready(printer)
  expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed' })
  const heights = simulator.receipts().map(({ heightDots }) => heightDots)
  expect(heights).toHaveLength(2)
  expect(heights[0]).toBeLessThan(120 * 32)
  expect(heights[1]).toBeLessThan(400)
})

test('a line lost after the last byte and before the proof: unknown', async () => {
  const { simulator, printer } = await bench({ profile: 'print-done-80', millimetresPerSecond: 600 })
  const printing = printer.print(LONG)
  await until('paper is moving', () => simulator.busy())
  await new Promise((resolve) => setTimeout(resolve, 60))
  await simulator.unplug()
  expect(await printing).toEqual({ outcome: 'unknown', reason: 'line-lost' })
  await until('it came out all the same', () => simulator.receipts().length === 1)
})

test('a line lost behind a print-done answer: confirmed', async () => {
  const { printer } = await scripted('print-done-80', (command, _, socket, mark) => {
    if (command === 'status') socket.write(Buffer.of(0x12))
    if (command === 'print-done') socket.end(Buffer.concat([Buffer.of(0x37, 0x22), mark, Buffer.of(0)]))
  })
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'printed', proof: 'confirmed' })
})

test('a line lost behind the answer to the marker, before the status: unknown', async () => {
  let markers = 0
  const { printer } = await scripted('generic-80', (command, _, socket) => {
    if (command === 'status') socket.write(Buffer.of(0x12))
    if (command !== 'marker') return
    markers += 1
    // The first is the fence before the document.
    if (markers === 1) socket.write(Buffer.of(0x00))
    else socket.end(Buffer.of(0x00))
  })
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'unknown', reason: 'line-lost' })
})

test('a marker answered by a printer that ran out of paper before it: unknown', async () => {
  let markers = 0
  const { printer } = await scripted('generic-80', (command, _, socket) => {
    if (command === 'status') socket.write(Buffer.of(0x12))
    if (command !== 'marker') return
    markers += 1
    socket.write(Buffer.of(markers === 1 ? 0x00 : 0x0f))
  })
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'unknown', reason: 'paper-out' })
})

test('a late answer to an earlier marker is not the proof of the next document', async () => {
  let markers = 0
  const { printer } = await scripted('generic-80', (command, _, socket) => {
    if (command === 'status') socket.write(Buffer.of(0x12))
    if (command !== 'marker') return
    markers += 1
    // The fence's answer comes when the document's is due, and the document's own never.
    if (markers === 2) socket.write(Buffer.of(0x00))
  })
  expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'unknown' })
})

test('a printer without any proof is watched for as long as its paper takes, and the outcome stays unknown', async () => {
  const { simulator, printer } = await bench({ profile: 'status-only-58' })
  const started = performance.now()
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'unknown', reason: 'no-answer' })
  expect(performance.now() - started).toBeLessThan(5000)
  simulator.trouble('paper-out', { afterMs: 100 })
  expect(await printer.print(THICK)).toEqual({ outcome: 'unknown', reason: 'paper-out' })
  expect(simulator.receipts()).toHaveLength(1)
  expect(simulator.errors).toEqual([])
})

test('a printer that begins to answer markers is believed from the next receipt on', async () => {
  let markers = 0
  const { printer } = await scripted('generic-80', (command, _, socket) => {
    if (command === 'status') socket.write(Buffer.of(0x12))
    if (command !== 'marker') return
    markers += 1
    if (markers > 1) socket.write(Buffer.of(0x00))
  })
  // One answer for two markers: nobody can say whose it is.
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'unknown', reason: 'no-answer' })
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'printed', proof: 'probable' })
})

test('without a knife the receipt is fed to the tear bar and torn off', async () => {
  const { simulator, printer } = await bench({ profile: 'tear-off-58' })
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'printed', proof: 'probable' })
  expect(simulator.receipts()).toEqual([])
  simulator.tearOff()
  expect(simulator.receipts()).toHaveLength(1)
  expect(simulator.errors).toEqual([])
})
