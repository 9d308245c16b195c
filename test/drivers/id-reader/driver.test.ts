import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { type CardEvent, superviseIdReader } from '../../../drivers/id-reader/driver.ts'
import { encodeReply, encodeRequest } from '../../../drivers/id-reader/frame.ts'
import { READER_TIMINGS, type ReaderTimings } from '../../../drivers/id-reader/timings.ts'
import { type SimulatedCard, startIdReaderSimulator } from '../../../drivers/simulators/id-reader.ts'
import { closing, faulty, ready, startPeer, until } from '../support.ts'

const CARD: SimulatedCard = {
  name: '张小雨',
  sex: 'female',
  ethnicGroup: '汉',
  birth: '1949-12-31',
  address: '北京市朝阳区',
  number: '11010519491231002X',
  issuer: '北京市公安局朝阳分局',
  validFrom: '2020-01-01',
  validTo: '长期',
}

/** Deadlines of a tenth: the waits of a dead reader are not what these tests are about. */
const SHORT: ReaderTimings = {
  ...READER_TIMINGS,
  deadlineMs: { ...READER_TIMINGS.deadlineMs, 'sam-status': 100, 'find-card': 200, 'read-base': 500 },
  frameDeadlineMs: 100,
}

async function bench(timings: ReaderTimings = READER_TIMINGS) {
  const simulator = closing(await startIdReaderSimulator({ listen: 'tcp://127.0.0.1:0' }))
  const reader = closing(superviseIdReader({ driver: 'sdt', port: simulator.port }, timings))
  const events: CardEvent[] = []
  reader.onCard((event) => events.push(event))
  await ready(reader)
  return { simulator, reader, events, kinds: () => events.map((event) => event.kind) }
}

test('a card that is placed is read, and lifted when it leaves', async () => {
  const { simulator, reader, events, kinds } = await bench()
  simulator.placeCard(CARD)
  await until('the card is read', () => events.length === 1)
  const [placed] = events
  expect(placed?.kind === 'placed' && placed.card.reveal()).toMatchObject({ kind: 'citizen', ...CARD })
  expect(inspect(placed, { depth: 9 }) + JSON.stringify(placed)).not.toMatch(/张小雨|11010519491231002X/)
  simulator.liftCard()
  await until('it is lifted', () => events.length === 2)
  expect(kinds()).toEqual(['placed', 'lifted'])
  expect(simulator.errors).toEqual([])
  expect(reader.counters()).toMatchObject({ discardedBytes: 0, deadlineAborts: 0, reopens: 0 })
})

test('a card that stays is read once, and the next one again', async () => {
  const { simulator, events, kinds } = await bench()
  simulator.placeCard(CARD)
  await until('the card is read', () => events.length === 1)
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(kinds()).toEqual(['placed'])
  simulator.liftCard()
  await until('it is lifted', () => events.length === 2)
  simulator.placeCard({ ...CARD, name: '欧阳小雨' })
  await until('the next card is read', () => events.length === 3)
  expect(kinds()).toEqual(['placed', 'lifted', 'placed'])
  expect(simulator.errors).toEqual([])
})

test('a read that fails once is begun again after a reset and nobody notices', async () => {
  const { simulator, events, kinds } = await bench()
  simulator.failNextReads(1)
  simulator.placeCard(CARD)
  await until('the card is read', () => events.length === 1)
  expect(kinds()).toEqual(['placed'])
  expect(simulator.errors).toEqual([])
})

test('a damaged frame is read again at once instead of after the deadline', async () => {
  const { simulator, reader, events, kinds } = await bench()
  simulator.corruptNextFrame('base')
  const started = performance.now()
  simulator.placeCard(CARD)
  await until('the card is read', () => events.length === 1)
  // Two polls, two readings of 112 ms and the silence after the damage: far from the 5 s of a read.
  expect(performance.now() - started).toBeLessThan(2000)
  expect(kinds()).toEqual(['placed'])
  expect(reader.counters().discardedBytes).toBe(1295)
  expect(simulator.errors).toEqual([])
})

test('a card that fails again and again is told once, and read as soon as it can be', async () => {
  const { simulator, events, kinds } = await bench()
  simulator.failNextReads(4)
  simulator.placeCard(CARD)
  await until('it is read after all', () => kinds().includes('placed'))
  expect(kinds()).toEqual(['unreadable', 'placed'])
  expect(events[0]).toEqual({ kind: 'unreadable', reason: 'read: read failed (41)' })
  expect(simulator.errors).toEqual([])
})

test('a card with nonsense on it is unreadable by the name of the field, and the next card is read', async () => {
  const { simulator, events, kinds } = await bench()
  simulator.placeCard({ ...CARD, number: '110105194912310021' })
  await until('it is unreadable', () => events.length === 1)
  expect(events).toEqual([{ kind: 'unreadable', reason: 'read: number' }])
  simulator.liftCard()
  simulator.placeCard(CARD)
  await until('the good card is read', () => events.length === 2)
  expect(kinds()).toEqual(['unreadable', 'placed'])
})

test('a reader that is unplugged and plugged in again is found and reads the card that lies there', async () => {
  const { simulator, reader, events, kinds } = await bench()
  simulator.placeCard(CARD)
  await until('the card is read', () => events.length === 1)
  await simulator.unplug()
  await until('the card counts as lifted', () => events.length === 2)
  expect(reader.status().state).toBe('fault')
  await simulator.plug()
  await until('the card is read again', () => events.length === 3)
  expect(kinds()).toEqual(['placed', 'lifted', 'placed'])
  expect(reader.status().state).toBe('ready')
  expect(reader.counters().reopens).toBe(1)
  expect(simulator.errors).toEqual([])
})

test('a reader that says nothing is no-answer', async () => {
  const peer = await startPeer()
  const reader = closing(superviseIdReader({ driver: 'sdt', port: peer.port }, SHORT))
  await faulty(reader, 'no-answer')
  expect(reader.counters().deadlineAborts).toBeGreaterThanOrEqual(2)
})

test('a reader at the wrong speed is bad-frames, and its noise does not stay in memory', async () => {
  const peer = await startPeer((_, socket) => socket.write(Buffer.alloc(3000, 0xe6)))
  const reader = closing(superviseIdReader({ driver: 'sdt', port: peer.port }, SHORT))
  await faulty(reader, 'bad-frames')
  expect(reader.counters().discardedBytes).toBeGreaterThanOrEqual(3000)
})

test('a SAM that fails its self-test is told in words', async () => {
  const peer = await startPeer((_, socket) => socket.write(encodeReply(0x60)))
  const reader = closing(superviseIdReader({ driver: 'sdt', port: peer.port }, SHORT))
  await faulty(reader, 'offline')
  expect(reader.status()).toMatchObject({ detail: 'SAM: SAM self-test failed (60)' })
})

test.each([
  ['the frame', { ...SHORT, deadlineMs: READER_TIMINGS.deadlineMs }],
  ['the request', { ...SHORT, frameDeadlineMs: READER_TIMINGS.frameDeadlineMs }],
])('a length that lies costs one deadline of %s, not the reader', async (_, timings) => {
  const isFind = (chunk: Buffer): boolean => chunk.equals(encodeRequest('find-card'))
  let lied = false
  const peer = await startPeer((chunk, socket) => {
    if (!isFind(chunk)) return socket.write(encodeReply(0x90))
    if (!lied) socket.write(Buffer.from('AAAAAA96690900', 'hex'))
    lied = true
    return socket.write(encodeReply(0x80))
  })
  const reader = closing(superviseIdReader({ driver: 'sdt', port: peer.port }, timings))
  await ready(reader)
  const started = performance.now()
  await until('the false length is given up', () => reader.counters().deadlineAborts === 1)
  await until('the reader goes on', () => reader.counters().frames >= 3)
  expect(performance.now() - started).toBeLessThan(1500)
  expect(reader.status().state).toBe('ready')
  expect(reader.counters()).toMatchObject({ discardedBytes: 7, reopens: 0 })
})

test('closing in the middle of a reading leaves nothing behind', async () => {
  const { simulator, reader, events } = await bench()
  simulator.placeCard(CARD)
  await new Promise((resolve) => setTimeout(resolve, 20))
  const started = performance.now()
  await reader.close()
  expect(performance.now() - started).toBeLessThan(500)
  const before = events.length
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(events).toHaveLength(before)
})
