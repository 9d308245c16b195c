import { expect, test, vi } from 'vitest'
import { type PluggedHidDevice, SimulatedHidBus } from '../../../drivers/simulators/hid-bus.ts'
import { lineLost, supervise } from '../../../drivers/supervisor.ts'
import type { Connection } from '../../../drivers/transport/connection.ts'
import { openPort } from '../../../drivers/transport/open-port.ts'
import { closing, faulty, hex, ready, until } from '../support.ts'
import { connect, refusal } from './connect.ts'

const A_SECOND_MS = 1000
const PORT = 'hid:2B8B:2721'
const READER = { vendorId: 0x2b8b, productId: 0x2721 }

let bus = new SimulatedHidBus()
vi.mock('node-hid', () => ({
  get devicesAsync() {
    return bus.library.devicesAsync
  },
  get HIDAsync() {
    return bus.library.HIDAsync
  },
}))
vi.mock('../../../drivers/transport/report-descriptor.ts', () => ({
  readReportDescriptor: (path: string) => bus.reportDescriptor(path),
}))

interface Bench {
  plugged: PluggedHidDevice
  written: Uint8Array[]
  lived: string[]
  plug(): PluggedHidDevice
}

function bench(): Bench {
  bus = new SimulatedHidBus()
  const written: Uint8Array[] = []
  const lived: string[] = []
  const plug = (): PluggedHidDevice =>
    bus.plug({
      ...READER,
      attached: () => lived.push('attached'),
      report: (bytes) => written.push(bytes),
      detached: () => lived.push('detached'),
    })
  return { plugged: plug(), written, lived, plug }
}

test('one write is one output report and one chunk is one input report, byte for byte', async () => {
  const { plugged, written } = bench()
  const connection = await connect(PORT)
  const heard: string[] = []
  connection.onData((report) => heard.push(Buffer.from(report).toString('hex')))
  expect(await connection.write(hex('00 AA 96'), A_SECOND_MS)).toBe(true)
  expect(await connection.write(hex('02 01'), A_SECOND_MS)).toBe(true)
  expect(written.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(['00aa96', '0201'])
  plugged.send(hex('01 02'))
  plugged.send(hex('03'))
  await until('both are here', () => heard.length === 2)
  expect(heard).toEqual(['0102', '03'])
})

test('what a device sends between opening and listening is not lost (field row 11)', async () => {
  const { plugged } = bench()
  const connection = await connect(PORT)
  plugged.send(hex('01'))
  await new Promise((resolve) => setTimeout(resolve, 20))
  const heard: number[] = []
  connection.onData((report) => heard.push(...report))
  await until('it is heard', () => heard.length === 1)
})

test('a device that is pulled is gone at its first error of reading (field row 2)', async () => {
  const { plugged, lived } = bench()
  const connection = await connect(PORT)
  connection.onData(() => {})
  plugged.unplug()
  expect((await connection.closed).cause).toBe('error')
  expect(await connection.write(hex('00'), A_SECOND_MS)).toBe(false)
  expect(lived).toEqual(['attached', 'detached'])
})

test('a device that is pulled before anybody listened is gone at the first write', async () => {
  const { plugged } = bench()
  const connection = await connect(PORT)
  plugged.unplug()
  expect(await connection.write(hex('00'), A_SECOND_MS)).toBe(false)
  expect((await connection.closed).cause).toBe('error')
})

test('a report that is never taken ends with its deadline (field row 9)', async () => {
  const { plugged } = bench()
  const connection = await connect(PORT)
  plugged.stallWrites(true)
  expect(await connection.write(hex('00'), 50)).toBe(false)
  expect((await connection.closed).cause).toBe('write-deadline')
})

test('reports that wait behind one that is never taken are never sent (field row 8)', async () => {
  const { plugged, written } = bench()
  const connection = await connect(PORT)
  plugged.stallWrites(true)
  const writing = [1, 2, 3].map((number) => connection.write(Uint8Array.of(0, number), 50))
  expect(await Promise.all(writing)).toEqual([false, false, false])
  await connection.closed
  plugged.stallWrites(false)
  const next = await connect(PORT)
  expect(await next.write(hex('00 04'), A_SECOND_MS)).toBe(true)
  // What the kernel had taken hold of cannot be called back; what waited here can.
  expect(written.map((bytes) => bytes[1])).toEqual([1, 4])
})

test('a connection that is closed a moment after it was listened to takes nothing down', async () => {
  bench()
  for (let round = 0; round < 10; round += 1) {
    const connection = await connect(PORT)
    connection.onData(() => {})
    await connection.close()
  }
})

test('a listener that throws ends its connection and nothing else (field row 17)', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  const { plugged } = bench()
  const [one, other] = [await connect(PORT), await connect(PORT)]
  const heard: number[] = []
  one.onData(() => {
    throw new Error('secret of 张小雨')
  })
  other.onData((report) => heard.push(...report))
  plugged.send(hex('01'))
  expect((await one.closed).cause).toBe('error')
  await until('the other heard it', () => heard.length === 1)
  expect(warned).toHaveBeenCalledOnce()
  expect(String(warned.mock.calls[0])).not.toContain('张小雨')
  warned.mockRestore()
})

test('the report descriptor is told where it can be had', async () => {
  bus = new SimulatedHidBus()
  const reportDescriptor = hex('058C 0902 A101 C0')
  bus.plug({ ...READER, reportDescriptor, report: () => {} })
  expect((await connect(PORT)).hid).toEqual({ ...READER, reportDescriptor })
  bench()
  expect((await connect(PORT)).hid).toEqual({ ...READER, reportDescriptor: undefined })
})

test('of several equal devices the first by number is opened, and a failure says that there are more', async () => {
  bus = new SimulatedHidBus()
  const opened: number[] = []
  const plugs = Array.from({ length: 12 }, (_, index) =>
    bus.plug({ ...READER, attached: () => opened.push(index), report: () => {} }),
  )
  for (const plug of plugs.slice(0, 2)) plug.unplug()
  await connect(PORT)
  expect(opened).toEqual([2])
  vi.spyOn(bus.library.HIDAsync, 'open').mockRejectedValueOnce(
    new Error("Failed to open a device with path '/dev/hidraw2': Permission denied"),
  )
  expect(await refusal(PORT)).toBe(
    `port ${PORT}: /dev/hidraw2 (the first of 10 equal devices): ` +
      'this user may not use it: install the udev rules (`window24 doctor` says how)',
  )
})

test('of a device with several interfaces the one with the wanted usage page is opened', async () => {
  bus = new SimulatedHidBus()
  const opened: string[] = []
  const face = (name: string, usagePage?: number) =>
    bus.plug({
      ...READER,
      ...(usagePage === undefined ? {} : { usagePage }),
      attached: () => opened.push(name),
      report: () => {},
    })
  const keyboard = face('keyboard', 0x01)
  expect(await refusal(PORT, { hidUsagePage: 0x8c })).toContain('shows no usage page 8C')
  face('scanner', 0x8c)
  const found = await openPort(PORT, undefined, { hidUsagePage: 0x8c })
  if (found.ok) await closing(found.link).close()
  keyboard.unplug()
  face('unsaid')
  expect(opened).toEqual(['scanner'])
})

test('a device that the kernel lists without a usage page is taken at its word', async () => {
  bench()
  const opened = await openPort(PORT, undefined, { hidUsagePage: 0x8c })
  expect(opened.ok).toBe(true)
  if (opened.ok) closing(opened.link)
})

test('a device that is not there is told in one line', async () => {
  bus = new SimulatedHidBus()
  expect(await refusal(PORT)).toBe(`port ${PORT}: no such device is plugged in (lsusb shows what is)`)
})

test('a machine without the library says which package it needs, also as the reason', async () => {
  bus = new SimulatedHidBus()
  vi.spyOn(bus.library, 'devicesAsync').mockRejectedValueOnce(
    new Error('libusb-1.0.so.0: cannot open shared object file'),
  )
  expect(await openPort(PORT)).toEqual({
    ok: false,
    reason: 'missing-library',
    detail: expect.stringContaining('libusb-1.0-0'),
  })
})

test('a list that never comes does not hold the opening for ever', async () => {
  bus = new SimulatedHidBus()
  vi.spyOn(bus.library, 'devicesAsync').mockReturnValueOnce(new Promise(() => {}))
  expect(await refusal(PORT)).toContain('not open within 3000 ms')
})

test('a pulled device is found again under its next name, without a close event (field rows 2 and 4)', async () => {
  const { plugged, plug } = bench()
  const peripheral = closing(
    supervise<Connection>({
      port: PORT,
      open: (signal) => openPort(PORT, signal),
      attend: async (link, attendance) => {
        link.onData(() => {})
        attendance.ready()
        await new Promise((resolve) => attendance.signal.addEventListener('abort', resolve))
        return lineLost(link, attendance.signal)
      },
    }),
  )
  await ready(peripheral)
  plugged.unplug()
  await faulty(peripheral, 'cannot-open')
  expect(plug().path).not.toBe(plugged.path)
  await ready(peripheral)
  expect(peripheral.counters().reopens).toBe(1)
})

test('a device that is listed later than it is plugged in is looked for again (field row 3)', async () => {
  bench()
  const listing = vi.spyOn(bus.library, 'devicesAsync').mockResolvedValueOnce([]).mockResolvedValueOnce([])
  const peripheral = closing(
    supervise<Connection>({
      port: PORT,
      open: (signal) => openPort(PORT, signal),
      attend: async (link, attendance) => {
        attendance.ready()
        await new Promise((resolve) => attendance.signal.addEventListener('abort', resolve))
        return lineLost(link, attendance.signal)
      },
    }),
  )
  await ready(peripheral)
  // Once it is found, nothing is listed any more: listing is slow while a device is read.
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(listing).toHaveBeenCalledTimes(3)
})

test('a missing library reaches the status as its reason', async () => {
  bus = new SimulatedHidBus()
  vi.spyOn(bus.library, 'devicesAsync').mockRejectedValue(new Error('no libusb'))
  const peripheral = closing(
    supervise<Connection>({
      port: PORT,
      open: (signal) => openPort(PORT, signal),
      attend: async () => ({ reason: 'line-lost', detail: '' }),
    }),
  )
  await faulty(peripheral, 'missing-library')
})
