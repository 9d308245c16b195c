import { expect, test, vi } from 'vitest'
import { encodeDocument } from '../../../drivers/receipt-printer/encode-document.ts'
import { freshMemory, nextMark } from '../../../drivers/receipt-printer/memory.ts'
import { receiptPrinterProfile } from '../../../drivers/receipt-printer/profile.ts'
import { Tape } from '../../../drivers/receipt-printer/tape.ts'
import { PRINTER_TIMINGS } from '../../../drivers/receipt-printer/timings.ts'
import { PrinterWork } from '../../../drivers/receipt-printer/work.ts'
import type { PrintOutcome } from '../../../drivers/status.ts'
import type { Connection } from '../../../drivers/transport/connection.ts'
import { onPaper, TOP_DOTS, whole } from './paper-dots.ts'

const found = receiptPrinterProfile('generic-80')
if (found === undefined) throw new Error('generic-80')
const profile = found

/** A line that answers all is well, and that breaks a driver with its so-manyth other write. */
function brokenLine(failsAt: number, written: Uint8Array[]): Connection {
  let hear = (_chunk: Uint8Array): void => {}
  return {
    port: 'tcp://127.0.0.1:1',
    closed: new Promise(() => {}),
    close: async () => {},
    onData: (listener) => {
      hear = listener
    },
    write: async (bytes) => {
      if (bytes[0] === 0x10) setImmediate(() => hear(Uint8Array.of(0x12)))
      else if (written.push(bytes) === failsAt) throw new Error('a defect')
      return true
    },
  }
}

test('a receipt in whose middle the driver breaks is settled as unknown, and all of it is wiped', async () => {
  const document = encodeDocument(
    { elements: [{ kind: 'text', text: '请凭本回执领取证照'.repeat(100) }] },
    profile,
  )
  const outcomes: PrintOutcome[] = []
  const written: Uint8Array[] = []
  const counters = { frames: 0, discardedBytes: 0, deadlineAborts: 0, reopens: 0 }
  const work = new PrinterWork({
    // The first is the filling of what an earlier line may have left.
    connection: brokenLine(3, written),
    attendance: { signal: new AbortController().signal, counters, ready: () => {}, fault: () => {} },
    profile,
    timings: PRINTER_TIMINGS,
    jobs: [{ ...document, onSent: () => {}, settle: (outcome) => outcomes.push(outcome) }],
    memory: freshMemory(),
  })
  await expect(work.run()).rejects.toThrow('a defect')
  expect(outcomes).toEqual([{ outcome: 'unknown', reason: 'line-lost' }])
  expect(written).toHaveLength(3)
  for (const bytes of [...written, ...document.commands.map((command) => command.bytes)]) {
    expect(bytes.every((byte) => byte === 0)).toBe(true)
  }
})

test('what was made of a document before it was refused is wiped', () => {
  const made: Uint8Array[] = []
  const set = vi.spyOn(Tape.prototype, 'set').mockImplementation(function (this: Tape, ...commands) {
    made.push(...commands)
    for (const bytes of commands) this.commands.push({ bytes, rows: 0 })
  })
  const endless = { elements: [{ kind: 'text', text: '张\n'.repeat(2000) } as const] }
  expect(() => encodeDocument(endless, profile)).toThrow('3 m of paper')
  set.mockRestore()
  expect(made.length).toBeGreaterThan(500)
  expect(made.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true)
})

test('print-done marks do not repeat within nine thousand documents', () => {
  const memory = freshMemory()
  const marks = Array.from({ length: 9000 }, () => Buffer.from(nextMark(memory)).toString('latin1'))
  expect(new Set(marks).size).toBe(9000)
  expect(marks.every((mark) => /^[1-9]\d{3}$/.test(mark))).toBe(true)
})

test('between a QR code and the text around it four modules stay blank', () => {
  const text = { kind: 'text', text: '国' } as const
  const { dots } = onPaper({ elements: [text, { kind: 'qr', value: 'https://hall.example/r/0024' }, text] })
  const rows = whole(dots).split('\n').slice(TOP_DOTS)
  const black = rows.map((row) => row.includes('#'))
  const top = black.indexOf(true, 32)
  const bottom = black.lastIndexOf(true, black.lastIndexOf(true) - 32)
  // Eight dots a module.
  expect(top - black.lastIndexOf(true, top - 1)).toBeGreaterThan(32)
  expect(black.indexOf(true, bottom + 1) - bottom).toBeGreaterThan(32)
})
