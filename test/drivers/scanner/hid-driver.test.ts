import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { type Scan, type ScannerOptions, superviseScanner } from '../../../drivers/scanner/driver.ts'
import { encodeParts } from '../../../drivers/scanner/hid-pos.ts'
import { scannerProfile } from '../../../drivers/scanner/profile.ts'
import { SCANNER_TIMINGS } from '../../../drivers/scanner/timings.ts'
import { hidPosDescriptor } from '../../../drivers/simulators/hid-pos-descriptor.ts'
import { type HidScannerSimulatorOptions, plugHidScanner } from '../../../drivers/simulators/scanner-hid.ts'
import { closing, faulty, ready, startPeer, until } from '../support.ts'

// The device is simulated at node-hid's own interface: transport and driver are the real ones.
const { bus } = await vi.hoisted(async () => {
  const { SimulatedHidBus } = await import('../../../drivers/simulators/hid-bus.ts')
  return { bus: new SimulatedHidBus() }
})
vi.mock('node-hid', () => bus.library)
vi.mock('../../../drivers/transport/report-descriptor.ts', () => ({
  readReportDescriptor: (path: string) => bus.reportDescriptor(path),
}))

let plugged: ReturnType<typeof plugHidScanner> | undefined
afterEach(() => {
  const errors = [...(plugged?.errors ?? [])]
  plugged = undefined
  expect(errors).toEqual([])
})

type Plugging = Omit<HidScannerSimulatorOptions, 'bus'>

function plug(options: Plugging = {}): ReturnType<typeof plugHidScanner> {
  plugged = closing(plugHidScanner({ bus, ...options }))
  return plugged
}

async function bench(options: Plugging = {}, more: Partial<ScannerOptions> = {}) {
  const simulator = plug(options)
  const scanner = closing(superviseScanner({ driver: 'hid-pos', port: simulator.port, ...more }))
  const scans: Scan[] = []
  scanner.onScan((scan) => scans.push(scan))
  await ready(scanner)
  return { simulator, scanner, scans }
}

const profile = scannerProfile('generic-hid-pos')
const short = profile?.driver === 'hid-pos' ? profile.layouts[1] : undefined
if (short === undefined) throw new Error('a short layout')
const odd = { ...short, reportId: 9, bytes: 40, lengthAt: 2, aimAt: 37, dataAt: 3, dataBytes: 34 }
const oddly = { ...odd, continued: { at: 1, mask: 0x80 } }
const long = '某某大厅办件编号33010620261121000042，请到三号窗口。'.repeat(8)

test.each<[string, Plugging]>([
  ['of 64 bytes', {}],
  ['of 62 bytes', { layout: short }],
  ['of a shape that only the report descriptor tells', { layout: oddly }],
  ['of 64 bytes whose descriptor cannot be had', { hasDescriptor: false }],
  ['of 62 bytes whose descriptor cannot be had', { hasDescriptor: false, layout: short }],
  ['without an identifier', { profile: 'newland-hid', hasDescriptor: false, aim: '' }],
])('Chinese codes over several reports %s are read whole (field row 11)', async (_, options) => {
  const more = options.profile === undefined ? {} : { profile: options.profile }
  const { simulator, scanner, scans } = await bench(options, more)
  const symbology = options.aim === '' ? null : 'Q1'
  simulator.scan(long)
  simulator.scan('short')
  await until('both are told', () => scans.length === 2)
  expect(scans).toEqual([
    { kind: 'scanned', text: long, symbology },
    { kind: 'scanned', text: 'short', symbology },
  ])
  expect(scanner.counters()).toMatchObject({ frames: 2, discardedBytes: 0, deadlineAborts: 0 })
})

test('a Chinese code in GB18030 is read over USB as well', async () => {
  const { simulator, scans } = await bench({ encoding: 'gb18030' })
  simulator.scan(long)
  await until('it is told', () => scans.length === 1)
  expect(scans[0]).toMatchObject({ text: long })
})

test('a code whose last report is lost is rejected, not told by half, and the next one is whole', async () => {
  const { simulator, scanner, scans } = await bench()
  simulator.scan('A'.repeat(50) + 'B'.repeat(50), { lost: [1] })
  await until('it is rejected', () => scans.length === 1)
  simulator.scan('next')
  await until('the next one is told', () => scans.length === 2)
  expect(scans).toEqual([
    { kind: 'rejected', reason: 'not-text' },
    { kind: 'scanned', text: 'next', symbology: 'Q1' },
  ])
  expect(scanner.counters().deadlineAborts).toBe(1)
})

test('of reports that come twice a short code is told once, a long one is rejected', async () => {
  const { simulator, scans } = await bench()
  simulator.faults.add({ kind: 'duplicate' })
  simulator.scan(long)
  simulator.scan('short')
  await until('both are told', () => scans.length === 2)
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(scans).toEqual([
    { kind: 'rejected', reason: 'not-text' },
    { kind: 'scanned', text: 'short', symbology: 'Q1' },
  ])
})

test('a code that repeats itself is read to its full length', async () => {
  const { simulator, scans } = await bench()
  simulator.scan('AB'.repeat(84))
  await until('it is told', () => scans.length === 1)
  expect(scans).toEqual([{ kind: 'scanned', text: 'AB'.repeat(84), symbology: 'Q1' }])
})

test('where the descriptor is silent about the flag of continuation the profile has the word', async () => {
  if (profile?.driver !== 'hid-pos') throw new Error('a HID profile')
  const [layout] = profile.layouts
  if (layout === undefined) throw new Error('a layout')
  const reportDescriptor = hidPosDescriptor({ ...layout, continued: null }, { reportId: 0xfd, bytes: 64 })
  const ids = { vendorId: 0x0c2e, productId: 0x0907, usagePage: 0x8c, usage: 2 }
  const device = bus.plug({ ...ids, reportDescriptor, report: () => {} })
  onTestFinished(() => device.unplug())
  const scanner = closing(superviseScanner({ driver: 'hid-pos', port: 'hid:0C2E:0907' }))
  const scans: Scan[] = []
  scanner.onScan((scan) => scans.push(scan))
  await ready(scanner)
  for (const report of encodeParts(layout, Buffer.from(long), ']Q1')) device.send(report)
  await until('it is told', () => scans.length > 0)
  expect(scans).toEqual([{ kind: 'scanned', text: long, symbology: 'Q1' }])
})

test('a report that is held up on its way is waited for', async () => {
  const { simulator, scans } = await bench()
  simulator.faults.add({ kind: 'stall' }, { forMs: 60 })
  simulator.scan(long)
  await until('it is told', () => scans.length === 1)
  expect(scans[0]).toMatchObject({ text: long })
})

test('reports of other kinds and of noise are counted and nothing more', async () => {
  const { simulator, scanner, scans } = await bench()
  simulator.send(new Uint8Array(64).fill(0xff))
  simulator.send(Uint8Array.of(2))
  simulator.scan('whole')
  await until('the whole one is told', () => scans.length === 1)
  expect(scans[0]).toMatchObject({ text: 'whole' })
  expect(scanner.counters().discardedBytes).toBe(65)
})

test('what came over the wire is wiped once it is read', async () => {
  const opened: { on(event: 'data', listener: (report: Buffer) => void): unknown }[] = []
  const open = bus.library.HIDAsync.open
  bus.library.HIDAsync.open = async (path) => {
    const handle = await open(path)
    opened.push(handle)
    return handle
  }
  onTestFinished(() => {
    bus.library.HIDAsync.open = open
  })
  const { simulator, scans } = await bench()
  const reports: Buffer[] = []
  opened[0]?.on('data', (report) => reports.push(report))
  simulator.scan('330099198803120028')
  await until('it is told', () => scans.length === 1)
  expect(reports.map((report) => report.every((byte) => byte === 0))).toEqual([true])
})

test('unplugging in the middle of a code is a fault, half the code is nothing, and it works again (row 2)', async () => {
  const { simulator, scanner, scans } = await bench()
  simulator.scan('C'.repeat(30) + 'D'.repeat(60), { lost: [1] })
  await new Promise((resolve) => setTimeout(resolve, 20))
  await simulator.unplug()
  await until('the loss is told', () => scanner.status().state === 'fault')
  await simulator.plug()
  await ready(scanner)
  simulator.scan('after')
  await until('it is told', () => scans.length === 1)
  expect(scans[0]).toMatchObject({ text: 'after' })
  expect(scanner.counters().reopens).toBe(1)
})

test('the first code after the start is read, though it lies there before the scanner is armed (row 11)', async () => {
  const simulator = plug({ profile: 'honeywell-hid', trigger: { endsAtCode: true } })
  expect(simulator.scan('too early')).toBe(false)
  simulator.present(long)
  const options = { driver: 'hid-pos', profile: 'honeywell-hid', port: simulator.port } as const
  const scanner = closing(superviseScanner(options))
  const scans: Scan[] = []
  scanner.onScan((scan) => scans.push(scan))
  await until('it is told', () => scans.length === 1)
  expect(scans[0]).toMatchObject({ text: long })
  expect(simulator.starts()).toBe(1)
  expect(await scanner.arm()).toBe('armed')
  expect(simulator.starts()).toBe(2)
  await scanner.disarm()
  expect(simulator.isReading()).toBe(false)
})

test('a trigger that the device never takes ends in a fault, and the scanner is opened anew (row 9)', async () => {
  const { simulator, scanner } = await bench({ profile: 'honeywell-hid' }, { profile: 'honeywell-hid' })
  simulator.stallWrites(true)
  void scanner.arm()
  await until('the fault is told', () => scanner.status().state === 'fault')
  simulator.stallWrites(false)
  await ready(scanner)
  expect(scanner.counters().reopens).toBeGreaterThanOrEqual(1)
})

test('closing does not wait for a write that is never taken', async () => {
  const warnings: Error[] = []
  const hear = (warning: Error): void => void warnings.push(warning)
  process.on('warning', hear)
  onTestFinished(() => void process.off('warning', hear))
  const simulator = plug({ profile: 'honeywell-hid' })
  const options = { driver: 'hid-pos', profile: 'honeywell-hid', port: simulator.port } as const
  simulator.stallWrites(true)
  const scanner = superviseScanner(options, { ...SCANNER_TIMINGS, writeDeadlineMs: 60_000 })
  await until('it is opened', () => simulator.isConnected())
  await new Promise((resolve) => setTimeout(resolve, 30))
  await scanner.close()
  expect(warnings.map(({ message }) => message)).toEqual([])
})

test('of a device that shows two faces the one that scans is opened', async () => {
  const reports: unknown[] = []
  const { port } = plug()
  await plugged?.unplug()
  const vendorsOwn = { vendorId: 0x0c2e, productId: 0x0907, usagePage: 0xff8c }
  const decoy = bus.plug({ ...vendorsOwn, report: (bytes) => reports.push(bytes) })
  onTestFinished(() => decoy.unplug())
  await plugged?.plug()
  const scanner = closing(superviseScanner({ driver: 'hid-pos', port }))
  const scans: Scan[] = []
  scanner.onScan((scan) => scans.push(scan))
  await ready(scanner)
  plugged?.scan('right one')
  await until('it is told', () => scans.length === 1)
})

test('a scanner that cannot be triggered says so', async () => {
  const { scanner } = await bench()
  expect(await scanner.arm()).toBe('no-trigger')
  await scanner.disarm()
  expect(scanner.status().state).toBe('ready')
})

test('a driver on the wrong kind of port names the right one', async () => {
  const { port } = await startPeer()
  const overNet = closing(superviseScanner({ driver: 'hid-pos', port }))
  await faulty(overNet, 'cannot-open')
  expect(overNet.status()).toMatchObject({ detail: expect.stringContaining('hid:VID:PID') })
  const overUsb = closing(superviseScanner({ driver: 'serial', port: plug().port }))
  await faulty(overUsb, 'cannot-open')
  expect(overUsb.status()).toMatchObject({ detail: expect.stringContaining('tcp://') })
})
