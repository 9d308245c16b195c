import { expect, test } from 'vitest'
import type { ReceiptDocument } from '../../../drivers/receipt-printer/document.ts'
import { PRINTER_TIMINGS } from '../../../drivers/receipt-printer/driver.ts'
import { faulty, ready, until } from '../support.ts'
import { bench, QUICK, RECEIPT, scripted, THICK } from './printers.ts'

// Before the receipt, behind its marker, and while nothing is printed.
test.each([6, 9, 13, 18])(
  'row 15: status answer %i is lost, asked for again, and costs no receipt',
  async (lost) => {
    let asked = 0
    const { printer } = await scripted('generic-80', (command, _, socket) => {
      if (command === 'marker') socket.write(Buffer.of(0x00))
      if (command !== 'status') return
      asked += 1
      if (asked !== lost) socket.write(Buffer.of(0x12))
    })
    const heard: string[] = []
    printer.onStatus((status) => heard.push(status.state))
    expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed' })
    await until('the lost one was asked again', () => asked > lost + 8)
    expect(heard).toEqual([])
    expect(printer.counters()).toMatchObject({ reopens: 0 })
  },
)

test('field row 15: an answer that comes late is not taken for that of the next query', async () => {
  const TRUTH = [0, 0x1a, 0x16, 0x12, 0x12]
  let asked = 0
  let before = Promise.resolve()
  const { printer } = await scripted('generic-80', (command, n, socket) => {
    if (command === 'marker') socket.write(Buffer.of(0x00))
    if (command !== 'status') return
    asked += 1
    // Ready until the 16th query, then the cover is open; the first answer that says so is later than its deadline.
    const answer = Buffer.of(asked <= 16 ? 0x12 : (TRUTH[n] ?? 0))
    // A line keeps the order: what is answered after the late one comes after it.
    const delay = asked === 17 ? 200 : 0
    before = before.then(() => new Promise((resolve) => setTimeout(resolve, delay)))
    void before.then(() => socket.write(answer))
  })
  const heard: string[] = []
  printer.onStatus((status) => heard.push(status.state === 'fault' ? status.reason : status.state))
  await faulty(printer, 'cover-open')
  await until('it was asked often', () => asked > 40)
  // Taken for the second answer, the first would say that paper is being fed by hand.
  expect(heard).toEqual(['cover-open'])
})

test('field row 15: 4 kB in the buffer of a device server at 9600 baud do not end a healthy receipt', async () => {
  const { simulator, printer } = await bench({ profile: 'print-done-80' }, PRINTER_TIMINGS)
  simulator.faults.add({ kind: 'slow', baud: 9600 })
  // An image goes in commands of 2 kB, each of which is 2 s on such a line.
  const image = { kind: 'image', width: 576, height: 56, rows: new Uint8Array(4032).fill(0x55) } as const
  const half: ReceiptDocument = { elements: [image, ...THICK.elements.slice(-20)] }
  expect(await printer.print(half)).toEqual({ outcome: 'printed', proof: 'confirmed' })
  expect(simulator.receipts()).toHaveLength(1)
  expect(printer.counters()).toMatchObject({ reopens: 0 })
  expect(simulator.errors).toEqual([])
})

test('a printer with a small buffer and slow paper holds the line, and its receipt is whole', async () => {
  const { simulator, printer } = await bench({ millimetresPerSecond: 400, bufferBytes: 120 })
  expect(await printer.print(THICK)).toMatchObject({ outcome: 'printed' })
  const [receipt] = simulator.receipts()
  expect(receipt?.heightDots).toBe(80 + 120 * 32 + 80)
  expect(simulator.errors).toEqual([])
})

test('XOFF holds back the rest of a receipt until XON', async () => {
  const { simulator, printer } = await bench({
    millimetresPerSecond: 1200,
    bufferBytes: 120,
    flowControl: true,
  })
  expect(await printer.print(THICK)).toMatchObject({ outcome: 'printed' })
  expect(simulator.receipts()).toHaveLength(1)
  expect(simulator.errors).toEqual([])
})

test('an automatic status is heard at once, not only at the next heartbeat', async () => {
  const { simulator, printer } = await bench({ automaticStatus: true }, { ...QUICK, heartbeatMs: 60_000 })
  const mend = simulator.trouble('cover-open')
  await faulty(printer, 'cover-open')
  mend()
  await ready(printer)
  simulator.trouble('near-end')
  await until('the warning is there', () => {
    const status = printer.status()
    return status.state === 'ready' && status.warnings.length === 1
  })
})

test('a NUL from a loose plug while a receipt is being sent is not the answer to its marker', async () => {
  let [asked, markers] = [0, 0]
  const { printer } = await scripted('generic-80', (command, _, socket) => {
    if (command === 'status') {
      asked += 1
      socket.write(Buffer.of(0x12))
      // Between the pieces of the document.
      if (asked === 11) socket.write(Buffer.of(0x00))
    }
    if (command !== 'marker') return
    markers += 1
    if (markers === 1) socket.write(Buffer.of(0x00))
  })
  // Many bytes on little paper, for the wait for a proof that never comes is as long as the paper.
  const image = { kind: 'image', width: 576, height: 7, rows: new Uint8Array(504).fill(0x55) } as const
  expect(await printer.print({ elements: [image, image, image] })).toMatchObject({ outcome: 'unknown' })
  expect(asked).toBeGreaterThan(12)
})
