import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startReceiptPrinterSimulator } from '../../../drivers/simulators/receipt-printer.ts'
import { closing, hex, until } from '../support.ts'

/** Of 340 rows, 35 ms at this speed. */
const TEN_LINES = hex('1B 64 0A')
const FEEDS = 10
const MILLIMETRES_PER_SECOND = 1200
/** All of that paper has gone by in less. */
const STILL_MS = 500
/** Until a timer that is late has come, and what it begins. */
const TURNS = 5

test('paper goes on at its own speed while the process that simulates it comes to nothing', async () => {
  const simulator = closing(
    await startReceiptPrinterSimulator({
      listen: 'tcp://127.0.0.1:0',
      millimetresPerSecond: MILLIMETRES_PER_SECOND,
      cutMs: 0,
    }),
  )
  const { hostname, port } = new URL(simulator.port)
  const line = connect(Number(port), hostname)
  onTestFinished(() => void line.destroy())
  await once(line, 'connect')
  line.write(Buffer.concat([...Array.from({ length: FEEDS }, () => TEN_LINES), hex('1D 56 00')]))
  await until('paper is moving', () => simulator.busy())
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STILL_MS)
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1))
  expect(simulator.cuts()).toBe(1)
  expect(simulator.busy()).toBe(false)
  expect(simulator.errors).toEqual([])
})
