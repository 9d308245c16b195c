import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { PaperAhead } from '../../../drivers/receipt-printer/ahead.ts'
import type { ReceiptDocument } from '../../../drivers/receipt-printer/document.ts'
import { superviseReceiptPrinter } from '../../../drivers/receipt-printer/driver.ts'
import { encodeInTurns } from '../../../drivers/receipt-printer/encode-in-turns.ts'
import { receiptPrinterProfile } from '../../../drivers/receipt-printer/profile.ts'
import { startReceiptPrinterSimulator } from '../../../drivers/simulators/receipt-printer.ts'
import { closing, ready, startPeer, until } from '../support.ts'
import { bench, IMPATIENT, LONG, QUICK, RECEIPT, scripted, THICK } from './printers.ts'

test('a receipt that waits can be taken back and surely never comes; one that has begun goes on', async () => {
  const { simulator, printer } = await bench()
  const [begun, waiting] = [new AbortController(), new AbortController()]
  const first = printer.print(LONG, { signal: begun.signal })
  const second = printer.print(RECEIPT, { signal: waiting.signal })
  await until('paper is moving', () => simulator.busy())
  begun.abort()
  waiting.abort()
  expect(await second).toEqual({ outcome: 'failed', reason: 'no-answer' })
  expect(await first).toEqual({ outcome: 'printed', proof: 'probable' })
  expect(await printer.print(RECEIPT, { signal: AbortSignal.abort() })).toMatchObject({ outcome: 'failed' })
  expect(simulator.receipts()).toHaveLength(1)
})

test('a printer that stops answering markers keeps only the first receipt waiting for its proof', async () => {
  const timings = { ...IMPATIENT, proofDeadlineMs: 1500 }
  const { simulator, printer } = await bench({ cutMs: 0 }, timings)
  expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed' })
  const mend = simulator.trouble('mute-markers')
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'unknown', reason: 'no-answer' })
  // Behind the fence, which is not answered either.
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'unknown', reason: 'no-answer' })
  const began = performance.now()
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'unknown', reason: 'no-answer' })
  // Its slowest paper takes half a second.
  expect(performance.now() - began).toBeLessThan(1400)
  mend()
  await printer.print(RECEIPT)
  expect(await printer.print(RECEIPT)).toEqual({ outcome: 'printed', proof: 'probable' })
  expect(simulator.receipts()).toHaveLength(6)
})

test('an XOFF that stands holds back the first byte, too', async () => {
  let [isHeld, taken] = [false, 0]
  const peer = await startPeer((chunk, socket) => {
    for (let at = 0; at + 2 < chunk.length; at += 1) {
      if (chunk[at] === 0x10 && chunk[at + 1] === 0x04) socket.write(Buffer.of(0x12))
      if (chunk[at] === 0x1d && chunk[at + 1] === 0x72) socket.write(Buffer.of(0x00))
    }
    if (isHeld && chunk.length > 3) taken += chunk.length
  })
  const printer = closing(
    superviseReceiptPrinter({ driver: 'escpos', profile: 'generic-80', port: peer.port }, QUICK),
  )
  await ready(printer)
  expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed' })
  isHeld = true
  peer.sockets[0]?.write(Buffer.of(0x13))
  await new Promise((resolve) => setTimeout(resolve, 100))
  const printing = printer.print(RECEIPT)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(taken).toBe(0)
  peer.sockets[0]?.write(Buffer.of(0x11))
  expect(await printing).toMatchObject({ outcome: 'printed' })
})

test('a serial printer that cannot hold the line is not overrun at 115200 baud', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'w24-printer-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const simulator = closing(
    await startReceiptPrinterSimulator({
      listen: `pty:${folder}/printer`,
      profile: 'print-done-80',
      millimetresPerSecond: 120,
      overflows: true,
    }),
  )
  const options = { driver: 'escpos', profile: 'print-done-80', port: simulator.port } as const
  // It is not about a dead line: an answer that this machine is too busy to take is none.
  const printer = closing(superviseReceiptPrinter(options, { ...QUICK, statusDeadlineMs: 5_000 }))
  await ready(printer)
  expect(await printer.print(THICK)).toEqual({ outcome: 'printed', proof: 'confirmed' })
  expect(simulator.receipts()).toHaveLength(1)
  expect(simulator.errors).toEqual([])
})

test('no more is sent ahead of the paper than half a buffer, and all of it is sent some time', () => {
  const piece = fc.record({
    bytes: fc.integer({ min: 1, max: 3000 }),
    paperMs: fc.integer({ min: 0, max: 900 }),
  })
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (all) => {
      const ahead = new PaperAhead()
      const sent: { bytes: number; printedAtMs: number }[] = []
      let [nowMs, printedAtMs] = [1000, 0]
      for (const { bytes, paperMs } of all) {
        nowMs = ahead.roomAtMs(bytes, nowMs)
        ahead.sent(bytes, paperMs, nowMs)
        const waiting = sent.filter((one) => one.printedAtMs > nowMs).reduce((sum, one) => sum + one.bytes, 0)
        // A command that is longer alone goes when nothing else is there.
        expect(waiting === 0 || waiting + bytes <= 2048).toBe(true)
        printedAtMs = Math.max(printedAtMs, nowMs) + paperMs
        sent.push({ bytes, printedAtMs })
      }
    }),
  )
})

test('a passing trouble that outlasts the wait for the proof ends it with its own reason', async () => {
  const { simulator, printer } = await bench(
    { millimetresPerSecond: 600 },
    { ...IMPATIENT, firstFenceDeadlineMs: 2000 },
  )
  expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed' })
  simulator.trouble('offline', { atRow: 200 })
  const short: ReceiptDocument = { elements: [{ kind: 'feed', lines: 12 }, ...RECEIPT.elements] }
  expect(await printer.print(short)).toEqual({ outcome: 'unknown', reason: 'offline' })
})

test('one false status in the middle of a receipt does not end it', async () => {
  let asked = 0
  const { printer } = await scripted('generic-80', (command, _, socket) => {
    if (command === 'marker') socket.write(Buffer.of(0x00))
    if (command !== 'status') return
    asked += 1
    // A byte in which one bit was turned over: paper end.
    socket.write(Buffer.of(asked === 14 ? 0x32 : 0x12))
  })
  const heard: string[] = []
  printer.onStatus((status) => heard.push(status.state))
  expect(await printer.print(THICK)).toMatchObject({ outcome: 'printed' })
  expect(heard).toEqual([])
})

test('a document of a thousand different rare characters lets other work in', async () => {
  const profile = receiptPrinterProfile('generic-80')
  if (profile === undefined) throw new Error('generic-80')
  const text = Array.from({ length: 1000 }, (_, index) => String.fromCodePoint(0x3400 + index)).join('')
  let turns = 0
  const timer = setInterval(() => {
    turns += 1
  }, 1)
  await encodeInTurns({ elements: [{ kind: 'text', text }] }, profile)
  clearInterval(timer)
  expect(turns).toBeGreaterThan(4)
})

const HEAP_CHILD = `
import { readFileSync } from 'node:fs'
import { writeHeapSnapshot } from 'node:v8'
import { encodeDocument } from '${new URL('../../../drivers/receipt-printer/encode-document.ts', import.meta.url)}'
import { receiptPrinterProfile } from '${new URL('../../../drivers/receipt-printer/profile.ts', import.meta.url)}'
import { warmUp } from '${new URL('../../../drivers/receipt-printer/warm-up.ts', import.meta.url)}'
const profile = receiptPrinterProfile('generic-80')
await warmUp(profile)
const print = () => encodeDocument({ elements: [{ kind: 'text', text: String.fromCodePoint(0x7d22, 0x5a5a, 0x2cb4e) }] }, profile).commands.map(({ bytes }) => bytes.fill(0)).length
print()
await new Promise((resolve) => setTimeout(resolve, 20))
gc()
const { snapshot, edges, strings } = JSON.parse(readFileSync(writeHeapSnapshot(process.argv[1]), 'utf8'))
const fields = snapshot.meta.edge_fields.length
const property = snapshot.meta.edge_types[0].indexOf('property')
let glyphs = 0
for (let at = 0; at < edges.length; at += fields) {
  // What the font library keeps with each glyph that it was asked for.
  if (edges[at] === property && strings[edges[at + 1]] === 'codePoints') glyphs += 1
}
const drawn = strings.filter((one) => /^[0-9+]+ 24 24$/.test(one))
process.stdout.write(JSON.stringify({ glyphs, drawn }))
`

test('nothing in memory tells which characters were drawn once a document is made', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'w24-heap-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const options = ['--expose-gc', '--input-type=module', '-e', HEAP_CHILD, join(folder, 'heap.heapsnapshot')]
  const { stdout } = await promisify(execFile)(process.execPath, options)
  // The next document's font has read one letter, so as to have read its tables.
  expect(JSON.parse(stdout)).toEqual({ glyphs: 1, drawn: [] })
})
