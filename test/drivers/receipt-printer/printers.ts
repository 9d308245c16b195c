import type { Socket } from 'node:net'
import type { ReceiptDocument } from '../../../drivers/receipt-printer/document.ts'
import {
  PRINTER_TIMINGS,
  type PrinterTimings,
  type ReceiptPrinter,
  superviseReceiptPrinter,
} from '../../../drivers/receipt-printer/driver.ts'
import {
  type ReceiptPrinterSimulator,
  type ReceiptPrinterSimulatorOptions,
  startReceiptPrinterSimulator,
} from '../../../drivers/simulators/receipt-printer.ts'
import { closing, ready, startPeer } from '../support.ts'

export const RECEIPT: ReceiptDocument = {
  elements: [{ kind: 'text', text: '受理回执', align: 'centre', size: 'double' }, { kind: 'cut' }],
}

/** Two thirds of a metre in one piece: 0.4 s at 1500 mm a second. */
export const LONG: ReceiptDocument = { elements: [{ kind: 'feed', lines: 150 }, ...RECEIPT.elements] }

/** 120 lines in many pieces, some 7 kB and half a metre: 0.4 s at 1200 mm a second. */
export const THICK: ReceiptDocument = {
  elements: [
    ...Array.from({ length: 120 }, (_, index) => ({
      kind: 'text' as const,
      text: `${index + 1} 不动产登记申请材料清单与办理进度说明`,
    })),
    { kind: 'cut' },
  ],
}

/** Five times as often as in the field: the waits are not what these tests are about. */
export const QUICK: PrinterTimings = {
  ...PRINTER_TIMINGS,
  heartbeatMs: 100,
  proofPollMs: 50,
  fenceQuietMs: 40,
}
/** For printers that never give a proof. */
export const IMPATIENT: PrinterTimings = {
  ...QUICK,
  statusDeadlineMs: 150,
  proofDeadlineMs: 400,
  paperSlackMs: 100,
  firstFenceDeadlineMs: 200,
}
const FAST = 1500
/** As network printers have it, which no document here fills: one that is full hears no question. */
const ROOMY_BYTES = 16_384

export interface Bench {
  simulator: ReceiptPrinterSimulator
  printer: ReceiptPrinter
}

/** A simulated printer and its driver, ready. */
export async function bench(
  options: Partial<ReceiptPrinterSimulatorOptions> = {},
  timings: PrinterTimings = QUICK,
): Promise<Bench> {
  const profile = options.profile ?? 'generic-80'
  const listen = 'tcp://127.0.0.1:0'
  const simulator = closing(
    await startReceiptPrinterSimulator({
      listen,
      millimetresPerSecond: FAST,
      bufferBytes: ROOMY_BYTES,
      ...options,
    }),
  )
  const printer = closing(
    superviseReceiptPrinter({ driver: 'escpos', profile, port: simulator.port }, timings),
  )
  await ready(printer)
  return { simulator, printer }
}

/** A printer by script: what it says to each whole command that it is sent, found by its first bytes. */
export async function scripted(
  profile: string,
  say: (command: 'status' | 'marker' | 'print-done', n: number, socket: Socket, mark: Buffer) => void,
  timings: PrinterTimings = IMPATIENT,
): Promise<{ printer: ReceiptPrinter; received: () => Buffer }> {
  const heard: Buffer[] = []
  const peer = await startPeer((chunk, socket) => {
    heard.push(Buffer.from(chunk))
    for (let at = 0; at + 2 < chunk.length; at += 1) {
      const [first, second, third = 0] = chunk.subarray(at, at + 3)
      if (first === 0x10 && second === 0x04) say('status', third, socket, chunk)
      if (first === 0x1d && second === 0x72) say('marker', third, socket, chunk)
      if (first === 0x1d && second === 0x28 && third === 0x48) {
        say('print-done', 0, socket, chunk.subarray(at + 7, at + 11))
      }
    }
  })
  const printer = closing(superviseReceiptPrinter({ driver: 'escpos', profile, port: peer.port }, timings))
  await ready(printer)
  return { printer, received: () => Buffer.concat(heard) }
}
