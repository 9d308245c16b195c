import { expect, test } from 'vitest'
import { SimulatedHidBus } from '../../../drivers/simulators/hid-bus.ts'
import { until } from '../support.ts'

const SCANNER = { vendorId: 0x0c2e, productId: 0x0b61 }

function plug(bus: SimulatedHidBus, told: string[] = []) {
  return bus.plug({
    ...SCANNER,
    attached: () => told.push('attached'),
    report: (bytes) => told.push(Buffer.from(bytes).toString('hex')),
    detached: () => told.push('detached'),
  })
}

test('a device is listed while it is plugged in, by either list, under the next number each time', async () => {
  const bus = new SimulatedHidBus()
  expect(bus.library.devices()).toEqual([])
  const first = plug(bus)
  expect(first.path).toBe('/dev/hidraw0')
  first.unplug()
  expect(await bus.library.devicesAsync()).toEqual([])
  const second = plug(bus)
  expect(second.path).toBe('/dev/hidraw1')
  expect((await bus.library.devicesAsync(0x0c2e, 0x0b61)).map((device) => device.path)).toEqual([second.path])
  expect(await bus.library.devicesAsync(0x0c2e, 1)).toEqual([])
  second.unplug()
  expect(plug(bus).path).toBe('/dev/hidraw2')
})

test('a report is lost when nobody has the device open, kept when nobody reads, and no more than 64', async () => {
  const bus = new SimulatedHidBus()
  const plugged = plug(bus)
  plugged.send(Uint8Array.of(0xee))
  const handle = await bus.library.HIDAsync.open(plugged.path)
  for (let number = 0; number < 70; number += 1) plugged.send(Uint8Array.of(number))
  const heard: number[] = []
  handle.on('data', (report: Buffer) => heard.push(...report))
  await until('the kept ones are read', () => heard.length >= 64)
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(heard).toEqual(Array.from({ length: 64 }, (_, number) => number))
})

test('all that have a device open hear it, and it knows of the first and the last', async () => {
  const bus = new SimulatedHidBus()
  const told: string[] = []
  const plugged = plug(bus, told)
  const handles = [
    await bus.library.HIDAsync.open(plugged.path),
    await bus.library.HIDAsync.open(plugged.path),
  ]
  let heard = 0
  for (const handle of handles) {
    handle.on('data', () => {
      heard += 1
    })
  }
  plugged.send(Uint8Array.of(1))
  await until('both heard it', () => heard === 2)
  for (const handle of handles) await handle.close()
  expect(told).toEqual(['attached', 'detached'])
})

test('unplugging fails the reader with a string and the writer with an error, and closes nothing', async () => {
  const bus = new SimulatedHidBus()
  const told: string[] = []
  const plugged = plug(bus, told)
  const handle = await bus.library.HIDAsync.open(plugged.path)
  const errors: unknown[] = []
  let closes = 0
  handle.on('error', (error: unknown) => errors.push(error))
  handle.on('close', () => {
    closes += 1
  })
  handle.on('data', () => {})
  plugged.unplug()
  await until('reading has failed', () => errors.length === 1)
  expect(errors).toEqual([expect.stringContaining('could not read from HID device')])
  await expect(handle.write([0, 1])).rejects.toThrow('Cannot write to hid device')
  await handle.close()
  expect(closes).toBe(0)
  expect(told).toEqual(['attached', 'detached'])
})

test('a report longer than the kernel takes is refused, the longest is taken', async () => {
  const bus = new SimulatedHidBus()
  const told: string[] = []
  const plugged = plug(bus, told)
  const handle = await bus.library.HIDAsync.open(plugged.path)
  await expect(handle.write(Buffer.alloc(16_385))).rejects.toThrow('Invalid argument')
  expect(await handle.write(Buffer.alloc(16_384))).toBe(16_384)
  await handle.close()
  expect(told.map(({ length }) => length)).toEqual(['attached'.length, 2 * 16_384, 'detached'.length])
})

test('a device shows its report descriptor while it is plugged in', async () => {
  const bus = new SimulatedHidBus()
  const reportDescriptor = Uint8Array.of(0x05, 0x8c)
  const { path, unplug } = bus.plug({ ...SCANNER, reportDescriptor, report: () => {} })
  expect(await bus.reportDescriptor(path)).toEqual(reportDescriptor)
  unplug()
  expect(await bus.reportDescriptor(path)).toBeUndefined()
})

test('a stalled write waits, its closing behind it, and goes out when the stall is over', async () => {
  const bus = new SimulatedHidBus()
  const told: string[] = []
  const plugged = plug(bus, told)
  const handle = await bus.library.HIDAsync.open(plugged.path)
  plugged.stallWrites(true)
  const settled: string[] = []
  const writing = handle.write([0, 1]).then(() => settled.push('written'))
  const closing = handle.close().then(() => settled.push('closed'))
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(settled).toEqual([])
  plugged.stallWrites(false)
  await Promise.all([writing, closing])
  expect(settled).toEqual(['written', 'closed'])
  expect(told).toEqual(['attached', '0001', 'detached'])
})

test('a write that is stalled while the device is pulled fails', async () => {
  const bus = new SimulatedHidBus()
  const plugged = plug(bus)
  const handle = await bus.library.HIDAsync.open(plugged.path)
  plugged.stallWrites(true)
  const writing = handle.write([0])
  plugged.unplug()
  await expect(writing).rejects.toThrow('No such device')
})
