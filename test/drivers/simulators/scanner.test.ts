import { createConnection, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { layoutOf } from '../../../drivers/scanner/hid-pos.ts'
import { SimulatedHidBus } from '../../../drivers/simulators/hid-bus.ts'
import { type ScannerSimulatorOptions, startScannerSimulator } from '../../../drivers/simulators/scanner.ts'
import { plugHidScanner } from '../../../drivers/simulators/scanner-hid.ts'
import { closing, hex, toHex, until } from '../support.ts'

async function bench(options: Partial<ScannerSimulatorOptions>) {
  const simulator = closing(await startScannerSimulator({ listen: 'tcp://127.0.0.1:0', ...options }))
  const socket = createConnection({ host: '127.0.0.1', port: Number(new URL(simulator.port).port) })
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  const heard: Buffer[] = []
  socket.on('data', (chunk) => heard.push(chunk))
  await until('it is connected', () => simulator.isConnected())
  return { simulator, socket, heard: () => toHex(Buffer.concat(heard)) }
}

function say(socket: Socket, bytes: string): void {
  socket.write(hex(bytes))
}

test.each([
  ['cr', '0D'],
  ['lf', '0A'],
  ['crlf', '0D0A'],
  ['none', ''],
] as const)(
  'the suffix %s stands behind the code, the identifier in front, the text in its encoding',
  async (suffix, bytes) => {
    const { simulator, heard } = await bench({ suffix, aim: ']Q1', encoding: 'gb18030' })
    expect(simulator.scan('中')).toBe(true)
    await until('it is heard', () => heard().length >= 10 + bytes.length)
    expect(heard()).toBe(`5D5131D6D0${bytes}`)
  },
)

test('a triggered scanner reads nothing before its trigger and answers as its make does', async () => {
  const { simulator, socket, heard } = await bench({ profile: 'gm65', trigger: { endsAtCode: true } })
  expect(simulator.scan('1')).toBe(false)
  say(socket, '7E0008 01')
  say(socket, '0002 01ABCD')
  await until('it reads', () => simulator.isReading())
  expect(simulator.scan('2')).toBe(true)
  expect(simulator.isReading()).toBe(false)
  await until('both are heard', () => heard().length === 18)
  expect(heard()).toBe('02000001003331320D')
  expect(simulator.errors).toEqual([])
})

test('bytes that are no command of its make are errors, and the command behind them is taken', async () => {
  const { simulator, socket } = await bench({ profile: 'newland' })
  say(socket, '41 1B31')
  await until('it reads', () => simulator.isReading())
  say(socket, '1B30')
  await until('it reads no more', () => !simulator.isReading())
  expect(simulator.errors).toEqual(['no command of this scanner begins with 411B31'])
})

test('a scanner without a trigger takes every byte for an error', async () => {
  const { simulator, socket } = await bench({})
  say(socket, '16')
  await until('it is recorded', () => simulator.errors.length === 1)
})

test('an SSI scanner acknowledges, refuses wrong checksums and opcodes, and says when it will not', async () => {
  const { simulator, socket, heard } = await bench({ profile: 'zebra-ssi' })
  say(socket, '04E40400FF14')
  await until('it is acknowledged', () => heard() === '04D00000FF2C')
  say(socket, '04E40400FF15')
  await until('its checksum is refused', () => heard().endsWith('05D1000001FF29'))
  say(socket, '04E90400FF0F')
  await until('its opcode is refused', () => heard().endsWith('05D1000002FF28'))
  say(socket, '04E40000FF18')
  say(socket, '01')
  await until('all are recorded', () => simulator.errors.length === 4)
  simulator.behave({ refuses: true })
  say(socket, '04E50400FF13')
  await until('it is denied', () => heard().endsWith('05D1000006FF24'))
})

test('a power cut ends reading', async () => {
  const { simulator, socket } = await bench({ profile: 'newland' })
  say(socket, '1B31')
  await until('it reads', () => simulator.isReading())
  await simulator.unplug()
  expect(simulator.isReading()).toBe(false)
  await until('the driver is cut off', () => !simulator.isConnected())
})

test.each(['no-such', 'honeywell-hid'])('there is no serial scanner %s', async (profile) => {
  await expect(startScannerSimulator({ listen: 'tcp://127.0.0.1:0', profile })).rejects.toThrow(profile)
})

const COMMAND = `FD0316540D${'00'.repeat(59)}`

test('a HID scanner judges reports to the byte', async () => {
  const bus = new SimulatedHidBus()
  const simulator = closing(plugHidScanner({ bus, profile: 'honeywell-hid' }))
  const device = await bus.library.HIDAsync.open('/dev/hidraw0')
  onTestFinished(() => device.close())
  expect(simulator.isConnected()).toBe(true)
  await device.write([...hex(COMMAND)])
  expect(simulator.isReading()).toBe(true)
  expect(simulator.errors).toEqual([])
  await device.write([...hex('FD0316540D')])
  await device.write([...hex(COMMAND.replace('0D00', '0D01'))])
  await device.write([...hex(`FE${COMMAND.slice(2)}`)])
  expect(simulator.errors).toHaveLength(3)
})

test('a HID scanner shows its report descriptor while it is plugged in, and comes back under another name', async () => {
  const bus = new SimulatedHidBus()
  const simulator = closing(plugHidScanner({ bus }))
  const descriptor = await bus.reportDescriptor('/dev/hidraw0')
  expect(layoutOf(descriptor ?? new Uint8Array(0))).toMatchObject({ bytes: 64, dataBytes: 56 })
  await simulator.unplug()
  expect(bus.library.devices()).toEqual([])
  await simulator.plug()
  expect(bus.library.devices().map(({ path }) => path)).toEqual(['/dev/hidraw1'])
})

test('USB carries whole reports: faults of single bytes are refused', () => {
  const simulator = closing(plugHidScanner({ bus: new SimulatedHidBus() }))
  expect(() => simulator.faults.add({ kind: 'drop', every: 3 })).toThrow('whole reports')
  expect(() => plugHidScanner({ bus: new SimulatedHidBus(), profile: 'newland' })).toThrow('newland')
  simulator.faults.clear()
})
