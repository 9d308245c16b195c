/** The same reader on USB HID, under the real transport: only node-hid itself is simulated. */
import { expect, test, vi } from 'vitest'
import { superviseIdReader } from '../../../drivers/id-reader/driver.ts'
import { encodeReply } from '../../../drivers/id-reader/frame.ts'
import { rawReports } from '../../../drivers/id-reader/hid-raw.ts'
import {
  decodeWrappedRequest,
  encodeWrappedPacket,
  wrappedPackets,
} from '../../../drivers/id-reader/hid-wrapped.ts'
import { ID_READER_HID_IDS } from '../../../drivers/id-reader/profile.ts'
import { READER_TIMINGS } from '../../../drivers/id-reader/timings.ts'
import { type PluggedHidDevice, SimulatedHidBus } from '../../../drivers/simulators/hid-bus.ts'
import { startHidIdReaderSimulator } from '../../../drivers/simulators/id-reader-hid.ts'
import { closing, faulty, ready, until } from '../support.ts'
import { type Bench, CARD, faultsOf, nameOn, OTHER_CARD, SHORT, watched } from './bench.ts'

const hid = vi.hoisted(() => ({ library: {} as Record<string, unknown> }))
vi.mock('node-hid', () => ({
  get default() {
    return hid.library
  },
  get HIDAsync() {
    return hid.library.HIDAsync
  },
  get devicesAsync() {
    return hid.library.devicesAsync
  },
  get devices() {
    return hid.library.devices
  },
}))

type Profile = 'hid-raw' | 'hid-wrapped'
const PROFILES: Profile[] = ['hid-raw', 'hid-wrapped']

function newBus(): SimulatedHidBus {
  const bus = new SimulatedHidBus()
  hid.library = { ...bus.library }
  return bus
}

async function benchOf(profile: Profile, bus = newBus()): Promise<Bench> {
  const simulator = closing(startHidIdReaderSimulator({ bus, profile }))
  const all = watched(simulator)
  await ready(all.reader)
  return all
}

test.each(PROFILES)('%s: a card is read, watched, lifted, and the next one too', async (profile) => {
  const { simulator, reader, events, kinds } = await benchOf(profile)
  simulator.placeCard(CARD)
  await until('the card is read', () => events.length === 1)
  expect(events[0]?.kind === 'placed' && events[0].card.reveal()).toMatchObject(CARD)
  simulator.placeCard(OTHER_CARD)
  await until('the next is read', () => events.length === 3)
  simulator.liftCard()
  await until('it is lifted', () => events.length === 4)
  expect(kinds()).toEqual(['placed', 'lifted', 'placed', 'lifted'])
  expect(nameOn(events[2])).toBe('欧阳小雨')
  expect(reader.samId()).not.toBeNull()
  expect(reader.counters()).toMatchObject({ discardedBytes: 0, deadlineAborts: 0, reopens: 0 })
  expect(simulator.errors).toEqual([])
})

test.each(ID_READER_HID_IDS.map(({ vendorId, productId }) => [vendorId, productId] as const))(
  'a reader of the numbers %i:%i is read without a configured profile',
  async (vendorId, productId) => {
    const four = (id: number): string => id.toString(16).toUpperCase().padStart(4, '0')
    const hidId = `${four(vendorId)}:${four(productId)}`
    const profile = hidId === '2B8B:2721' ? 'hid-raw' : 'hid-wrapped'
    const simulator = closing(startHidIdReaderSimulator({ bus: newBus(), profile, hidId }))
    expect(simulator.port).toBe(`hid:${hidId}`)
    const { reader, events } = watched(simulator)
    await ready(reader)
    simulator.placeCard(CARD)
    await until('the card is read', () => events.length === 1)
    expect(simulator.errors).toEqual([])
  },
)

test.each(PROFILES)(
  '%s: unplugged and back under another name, the card that lies there is read anew',
  async (profile) => {
    const { simulator, reader, events, kinds } = await benchOf(profile)
    simulator.placeCard(CARD)
    await until('the card is read', () => events.length === 1)
    await simulator.unplug()
    await until('the loss is told', () => reader.status().state === 'fault')
    expect(kinds()).toEqual(['placed', 'lifted'])
    await simulator.plug()
    await until('the card is read anew', () => events.length === 3, 8000)
    expect(reader.status().state).toBe('ready')
    expect(simulator.errors).toEqual([])
  },
)

test('a reader that hangs without an error is told as no-answer, and works again', async () => {
  const bus = newBus()
  const hang = async (profile: Profile): Promise<void> => {
    const { simulator, reader, events } = await benchOf(profile, bus)
    const end = simulator.faults.add({ kind: 'half-open' })
    await faulty(reader, 'no-answer')
    end()
    await ready(reader)
    simulator.placeCard(CARD)
    await until('the card is read', () => events.length === 1)
    expect(simulator.errors).toEqual([])
  }
  await Promise.all(PROFILES.map(hang))
})

/** A bare reader of a few lines. */
function plugRaw(bus: SimulatedHidBus, answer: (command: number, parameter: number) => Uint8Array) {
  const device: PluggedHidDevice = bus.plug({
    vendorId: 0x2b8b,
    productId: 0x2721,
    report: (bytes) => {
      const [report] = rawReports(answer(bytes[8] ?? 0, bytes[9] ?? 0), 64)
      if (report !== undefined) device.send(report)
    },
  })
  return device
}

test('a reader that takes no more reports is a lost line, not a hanging driver', async () => {
  const device = plugRaw(newBus(), answerOf)
  const { reader } = watchedAt('hid:2B8B:2721', { ...SHORT, writeDeadlineMs: 50 })
  await ready(reader)
  device.stallWrites(true)
  await faulty(reader, 'line-lost')
  expect(reader.counters().deadlineAborts).toBeGreaterThan(0)
  device.stallWrites(false)
  await ready(reader)
})

test('hid-raw: after a 30xx command the next request waits a tenth of a second', async () => {
  const asked: { at: number; command: number }[] = []
  plugRaw(newBus(), (command, parameter) => {
    asked.push({ at: performance.now(), command })
    if (command === 0x20 && parameter === 1) return encodeReply(0x9f, new Uint8Array(4))
    if (command === 0x20) return encodeReply(0x90, new Uint8Array(8))
    return answerOf(command)
  })
  const { reader } = watchedAt('hid:2B8B:2721')
  await ready(reader)
  // Find, select, a read that fails, and the reset that follows it.
  const read = (): number => asked.findIndex(({ command }) => command === 0x30)
  await until('the reset has come', () => read() >= 0 && asked.length > read() + 1)
  const waited = (asked[read() + 1]?.at ?? 0) - (asked[read()]?.at ?? 0)
  expect(waited).toBeGreaterThanOrEqual(98)
})

/** A wrapped reader of a few lines, whose answers a test can spoil. */
function plugWrapped(
  bus: SimulatedHidBus,
  spoil: (packets: Uint8Array[], asked: number) => Uint8Array[],
): void {
  const shape = { reportBytes: 64, lengthCounts: 3 }
  let asked = 0
  const device = bus.plug({
    vendorId: 0x10c4,
    productId: 0x0007,
    report: (bytes) => {
      const request = decodeWrappedRequest(bytes.subarray(1))
      if (request === undefined) throw new Error('no request')
      asked += 1
      const reply = answerOf(request.frame[7] ?? 0)
      for (const packet of spoil(wrappedPackets(request.serial, reply, shape), asked)) device.send(packet)
    },
  })
}

/** What a reader answers on whose plate nothing lies. */
function answerOf(command: number): Uint8Array {
  if (command === 0x20) return encodeReply(0x80)
  if (command === 0x30) return encodeReply(0x41)
  return encodeReply(0x90, new Uint8Array(command === 0x12 ? 16 : 0))
}

test('hid-wrapped: an answer that the reader reports as failed is asked again at once, and counted', async () => {
  const shape = { reportBytes: 64, lengthCounts: 3 }
  const bus = newBus()
  const failure = (packets: Uint8Array[]): Uint8Array[] => {
    const serial = ((packets[0]?.[1] ?? 0) << 8) | (packets[0]?.[2] ?? 0)
    return [encodeWrappedPacket({ serial, number: 0, ok: false, data: new Uint8Array(0) }, shape)]
  }
  plugWrapped(bus, (packets, asked) => (asked === 3 ? failure(packets) : packets))
  const { reader, statuses } = watchedAt('hid:10C4:0007')
  await ready(reader)
  await until('it goes on', () => reader.counters().frames >= 5)
  expect(reader.counters()).toMatchObject({ discardedBytes: 64, deadlineAborts: 0, reopens: 0 })
  expect(faultsOf(statuses)).toEqual([])
})

test('hid-wrapped: answers to other requests, repeated and in between, change nothing', async () => {
  const shape = { reportBytes: 64, lengthCounts: 3 }
  const bus = newBus()
  plugWrapped(bus, (packets) => {
    const foreign = wrappedPackets(0xfffe, encodeReply(0x60), shape)
    return [...foreign, ...packets, ...packets, ...foreign]
  })
  const { reader, statuses } = watchedAt('hid:10C4:0007')
  await ready(reader)
  await until('it goes on', () => reader.counters().frames >= 5)
  expect(faultsOf(statuses)).toEqual([])
  expect(reader.counters().reopens).toBe(0)
  expect(reader.counters().discardedBytes).toBeGreaterThanOrEqual(64 * 3 * 4)
})

function watchedAt(port: string, timings = READER_TIMINGS): Pick<Bench, 'reader' | 'statuses'> {
  const reader = closing(superviseIdReader({ driver: 'sdt', port }, timings))
  const statuses: Bench['statuses'] = []
  reader.onStatus((status) => statuses.push(status))
  return { reader, statuses }
}
