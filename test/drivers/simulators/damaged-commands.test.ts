/** What a bad cable makes of a driver's commands is no misuse by the driver. */
import { describe, expect, test } from 'vitest'
import { FrameParser } from '../../../drivers/id-reader/parser.ts'
import { encodeRequest } from '../../../drivers/id-reader/requests.ts'
import { scannerProfile } from '../../../drivers/scanner/profile.ts'
import { SimulatedHidBus } from '../../../drivers/simulators/hid-bus.ts'
import { startIdReaderSimulator } from '../../../drivers/simulators/id-reader.ts'
import { startHidIdReaderSimulator } from '../../../drivers/simulators/id-reader-hid.ts'
import { startKeypadSimulator } from '../../../drivers/simulators/keypad.ts'
import { startReceiptPrinterSimulator } from '../../../drivers/simulators/receipt-printer.ts'
import { startScannerSimulator } from '../../../drivers/simulators/scanner.ts'
import { plugHidScanner } from '../../../drivers/simulators/scanner-hid.ts'
import type { WireFaults } from '../../../drivers/simulators/wire-faults.ts'
import { openPort } from '../../../drivers/transport/open-port.ts'
import { closing, hex, until } from '../support.ts'

interface Unit {
  readonly port: string
  readonly errors: readonly string[]
  readonly faults: WireFaults
  close(): Promise<void>
}

const TCP = 'tcp://127.0.0.1:0'
/** No device's command begins so. */
const NONSENSE = '01 7F 01 7F'
const BEEP = 'FF 68 02 02 68 01 03 04 16'

const units: [string, () => Promise<Unit>][] = [
  ['a keypad', () => startKeypadSimulator({ listen: TCP })],
  ['an ID card reader', () => startIdReaderSimulator({ listen: TCP })],
  ['a scanner with a trigger', () => startScannerSimulator({ listen: TCP, profile: 'zebra-ssi' })],
  ['a receipt printer', () => startReceiptPrinterSimulator({ listen: TCP })],
]

async function driverOf(unit: Unit) {
  const opened = await openPort(unit.port)
  if (!opened.ok) throw new Error(opened.detail)
  return closing(opened.link)
}

describe.each(units)('%s', (_, start) => {
  test('blames no driver for what a fault has made of its bytes, and does so again on a new line', async () => {
    const unit = closing(await start())
    const first = await driverOf(unit)
    const noise = { kind: 'noise', everyMs: 1, bytes: 16, towards: 'device' } as const
    const end = unit.faults.add(noise)
    await first.write(hex(NONSENSE), 1000)
    await new Promise((resolve) => setTimeout(resolve, 100))
    end()
    await first.write(hex(NONSENSE), 1000)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(unit.errors).toEqual([])

    await first.close()
    const second = await driverOf(unit)
    await second.write(hex(NONSENSE), 1000)
    await until('it is the driver’s error', () => unit.errors.length > 0)
  })
})

test('a command is damaged on its way to the unit, and the answer on its way back is not', async () => {
  const unit = closing(await startKeypadSimulator({ listen: TCP, awake: true }))
  const heard: number[] = []
  const driver = await driverOf(unit)
  driver.onData((chunk) => heard.push(...chunk))
  unit.faults.add({ kind: 'drop', every: 4, towards: 'device' })
  await driver.write(hex(BEEP), 1000)
  unit.press(0)
  await until('the key has come', () => heard.length === 10)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(unit.beeps()).toBe(0)
  expect(unit.errors).toEqual([])
})

test('half a command is nothing to a scanner’s next driver', async () => {
  const unit = closing(await startScannerSimulator({ listen: TCP, profile: 'gm65' }))
  const start = scannerProfile('gm65')?.trigger?.start ?? new Uint8Array(0)
  const first = await driverOf(unit)
  await first.write(start.slice(0, 3), 1000)
  await first.close()
  await until('it is gone', () => !unit.isConnected())
  const second = await driverOf(unit)
  await second.write(start, 1000)
  await until('it reads', () => unit.starts() === 1)
  expect(unit.errors).toEqual([])
})

test.each([
  ['driver', 1, 2],
  ['device', 2, 2],
  ['both', 2, 4],
] as const)(
  'doubled towards the %s, a reader is asked %i times and says %i replies',
  async (towards, asked, said) => {
    const unit = closing(await startIdReaderSimulator({ listen: TCP }))
    unit.failNext(0x66, asked)
    const end = unit.faults.add({ kind: 'duplicate', towards })
    const driver = await driverOf(unit)
    const parser = new FrameParser()
    const replies: Uint8Array[] = []
    driver.onData((chunk) => replies.push(...parser.push(chunk)))
    await driver.write(encodeRequest('sam-status'), 1000)
    await until('all are said', () => replies.length === said)
    expect(replies.every((reply) => reply[9] === 0x66)).toBe(true)
    end()
    await driver.write(encodeRequest('sam-status'), 1000)
    await until('it is asked once more', () => replies.length === said + 1)
    expect(replies.at(-1)?.[9]).toBe(0x90)
    expect(unit.errors).toEqual([])
  },
)

test.each([
  ['an ID card reader', (bus: SimulatedHidBus) => startHidIdReaderSimulator({ bus, profile: 'hid-raw' })],
  ['a scanner', (bus: SimulatedHidBus) => plugHidScanner({ bus, profile: 'honeywell-hid' })],
])('%s on USB blames no driver for reports that a fault has changed', async (_, plug) => {
  const bus = new SimulatedHidBus()
  const unit = closing(plug(bus))
  const handle = await bus.library.HIDAsync.open('/dev/hidraw0')
  handle.on('error', () => {})
  const end = unit.faults.add({ kind: 'flip', every: 1, mask: 0x55, towards: 'device' })
  await handle.write([1, 2, 3])
  end()
  expect(unit.errors).toEqual([])
  await unit.unplug()
  await unit.plug()
  const again = await bus.library.HIDAsync.open('/dev/hidraw1')
  again.on('error', () => {})
  await again.write([1, 2, 3])
  expect(unit.errors.length).toBe(1)
})
