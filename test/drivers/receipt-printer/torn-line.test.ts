import { connect, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { ReceiptDocument } from '../../../drivers/receipt-printer/document.ts'
import { superviseReceiptPrinter } from '../../../drivers/receipt-printer/driver.ts'
import { startReceiptPrinterSimulator } from '../../../drivers/simulators/receipt-printer.ts'
import { closing, ready, until } from '../support.ts'
import { bench, LONG, QUICK, RECEIPT } from './printers.ts'

test('field row 14: a late answer behind the knife is not the proof of the next receipt', async () => {
  const { simulator, printer } = await bench({ millimetresPerSecond: 600 })
  expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed' })
  const first = printer.print(LONG)
  await until('paper is moving', () => simulator.busy())
  await new Promise((resolve) => setTimeout(resolve, 100))
  await simulator.unplug()
  expect(await first).toEqual({ outcome: 'unknown', reason: 'line-lost' })
  await simulator.plug()
  await ready(printer)
  expect(await printer.print(LONG)).toEqual({ outcome: 'printed', proof: 'probable' })
  // Both were out when the second was said to be.
  expect(simulator.receipts()).toHaveLength(3)
  expect(simulator.errors).toEqual([])
})

/** A device server: its serial side stays, its LAN side breaks once, in the middle of a chunk of its own choosing. */
async function deviceServer(serialPort: string): Promise<{ port: string; breakAfter(bytes: number): void }> {
  const serial = connect(Number(serialPort.split(':').at(-1)), '127.0.0.1')
  let lan: Socket | undefined
  let left = Number.POSITIVE_INFINITY
  serial.on('data', (chunk) => lan?.write(chunk))
  const server = createServer((socket) => {
    lan = socket
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      const part = chunk.subarray(0, left)
      serial.write(part)
      left -= part.length
      if (left > 0) return
      left = Number.POSITIVE_INFINITY
      socket.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    serial.destroy()
    lan?.destroy()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address !== 'object') throw new Error('no address')
  return {
    port: `tcp://127.0.0.1:${address.port}`,
    breakAfter: (bytes) => {
      left = bytes
    },
  }
}

const PICTURE: ReceiptDocument = {
  elements: [
    { kind: 'image', width: 576, height: 100, rows: new Uint8Array(7200).fill(0x55) },
    { kind: 'cut' },
  ],
}

test.each([
  ['generic-80', 100],
  ['generic-80', 1500],
  ['print-done-80', 600],
  ['print-done-80', 2500],
])(
  '%s: a line lost after %i bytes, inside a command, eats nothing of the next receipt',
  async (profile, bytes) => {
    const simulator = closing(
      await startReceiptPrinterSimulator({
        listen: 'tcp://127.0.0.1:0',
        profile,
        millimetresPerSecond: 1500,
      }),
    )
    const server = await deviceServer(simulator.port)
    const printer = closing(superviseReceiptPrinter({ driver: 'escpos', profile, port: server.port }, QUICK))
    await ready(printer)
    expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed' })
    const [whole] = simulator.receipts()
    server.breakAfter(bytes)
    expect(await printer.print(PICTURE)).toEqual({ outcome: 'unknown', reason: 'line-lost' })
    await until('it is opened anew', () => printer.counters().reopens > 0)
    await ready(printer)
    expect(await printer.print(RECEIPT)).toMatchObject({ outcome: 'printed' })
    // The same dots as the first time: nothing was taken from it, and nothing came before it.
    expect(simulator.receipts().at(-1)?.png).toEqual(whole?.png)
    expect(simulator.errors).toEqual([])
  },
)
