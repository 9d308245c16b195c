import { expect, test } from 'vitest'
import { encodeReply } from '../../../drivers/id-reader/frame.ts'
import { encodeWrappedRequest } from '../../../drivers/id-reader/hid-wrapped.ts'
import { FrameParser } from '../../../drivers/id-reader/parser.ts'
import { encodeRequest } from '../../../drivers/id-reader/requests.ts'
import { WrappedParser } from '../../../drivers/id-reader/wrapped-parser.ts'
import { SimulatedHidBus } from '../../../drivers/simulators/hid-bus.ts'
import { startHidIdReaderSimulator } from '../../../drivers/simulators/id-reader-hid.ts'
import { closing, until } from '../support.ts'

const SHAPE = { reportBytes: 64, lengthCounts: 3 }

async function bench(profile: 'hid-raw' | 'hid-wrapped') {
  const bus = new SimulatedHidBus()
  const simulator = closing(startHidIdReaderSimulator({ bus, profile }))
  const [listed] = await bus.library.devicesAsync()
  const handle = await bus.library.HIDAsync.open(listed?.path ?? '')
  const reports: Uint8Array[] = []
  handle.on('data', (report: Buffer) => reports.push(Uint8Array.from(report)))
  // The device is pulled at the end of the test, before anybody has closed it.
  handle.on('error', () => {})
  const say = async (...bytes: number[]): Promise<void> => {
    await handle.write(bytes)
  }
  const filled = (bytes: Uint8Array): number[] => [...bytes, ...new Uint8Array(65 - bytes.length)]
  return { simulator, listed, reports, say, filled }
}

test('a raw reader answers in 64-byte reports, filled up with zeros', async () => {
  const { simulator, listed, reports, say, filled } = await bench('hid-raw')
  expect(listed).toMatchObject({ vendorId: 0x2b8b, productId: 0x2721 })
  await say(...filled(Uint8Array.of(0, ...encodeRequest('sam-status'))))
  await until('it answers', () => reports.length === 1)
  expect(reports[0]).toHaveLength(64)
  const parser = new FrameParser({ padded: true })
  expect(parser.push(reports[0] ?? new Uint8Array(0))).toEqual([encodeReply(0x90)])
  expect(simulator.errors).toEqual([])
})

test('a wrapped reader answers under the serial number of the request', async () => {
  const { simulator, listed, reports, say } = await bench('hid-wrapped')
  expect(listed).toMatchObject({ vendorId: 0x10c4, productId: 0x0007 })
  await say(0, ...encodeWrappedRequest(0x1234, encodeRequest('sam-status'), SHAPE))
  await until('it answers', () => reports.length === 1)
  const parser = new WrappedParser(SHAPE)
  parser.expect(0x1234)
  expect(parser.push(reports[0] ?? new Uint8Array(0))).toEqual([encodeReply(0x90)])
  expect(simulator.errors).toEqual([])
})

test('reports that no such reader would understand are recorded', async () => {
  const raw = await bench('hid-raw')
  await raw.say(...encodeRequest('sam-status'))
  await raw.say(...raw.filled(encodeRequest('sam-status')))
  await raw.say(...raw.filled(Uint8Array.of(0, 1, 2, 3)))
  expect(raw.simulator.errors).toEqual([
    'a report of 10 bytes',
    'a report without a leading 00',
    'bytes that are no frame',
  ])
  const wrapped = await bench('hid-wrapped')
  const request = [0, ...encodeWrappedRequest(1, encodeRequest('sam-status'), SHAPE)]
  await wrapped.say(...wrapped.filled(Uint8Array.of(0, ...encodeRequest('sam-status'))))
  await wrapped.say(...request)
  await wrapped.say(...request)
  expect(wrapped.simulator.errors).toEqual(['a report that is no request', 'a serial number used twice'])
})

test('a profile without reports is for no HID reader', () => {
  const options = { bus: new SimulatedHidBus(), profile: 'hid-raw' as const }
  expect(() => startHidIdReaderSimulator({ ...options, profile: 'serial' as 'hid-raw' })).toThrow(
    'no HID reader',
  )
})
