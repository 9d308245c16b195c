import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { type CardEvent, superviseIdReader } from '../../../drivers/id-reader/driver.ts'
import { encodeReply } from '../../../drivers/id-reader/frame.ts'
import { READER_TIMINGS } from '../../../drivers/id-reader/timings.ts'
import { closing, faulty, ready, startPeer, until } from '../support.ts'
import { bench, CARD, emptyPlate, nameOn, OTHER_CARD, SHORT, startScriptedReader } from './bench.ts'

test('a card that is placed is read, and lifted when it leaves', async () => {
  const { simulator, reader, events, kinds } = await bench()
  simulator.placeCard(CARD)
  await until('the card is read', () => events.length === 1)
  const [placed] = events
  expect(placed?.kind === 'placed' && placed.card.reveal()).toMatchObject({ kind: 'citizen', ...CARD })
  expect(inspect(placed, { depth: 9 }) + JSON.stringify(placed)).not.toMatch(/张小雨|330099198803120028/)
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
  simulator.placeCard(OTHER_CARD)
  await until('the next card is read', () => events.length === 3)
  expect(kinds()).toEqual(['placed', 'lifted', 'placed'])
  expect(nameOn(events[2])).toBe('欧阳小雨')
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
  expect(performance.now() - started).toBeLessThan(2500)
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

test('a card with nonsense on it is unreadable by the kind of fault, and the next card is read', async () => {
  const { simulator, events, kinds } = await bench()
  simulator.placeCard({ ...CARD, number: '330099198803120029' })
  await until('it is unreadable', () => events.length === 1)
  expect(events).toEqual([{ kind: 'unreadable', reason: 'read: number-check-digit' }])
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
  await until('the fault is told', () => reader.status().state === 'fault')
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

const NEVER_MS = 60_000
const PATIENT_MS = { ...READER_TIMINGS.deadlineMs, 'find-card': NEVER_MS }

test.each([
  ['the frame', { ...SHORT, deadlineMs: PATIENT_MS, frameSilenceMs: NEVER_MS }],
  ['the pause', { ...SHORT, deadlineMs: PATIENT_MS, frameDeadlineMs: NEVER_MS, frameSilenceMs: 100 }],
  ['the request', { ...SHORT, frameDeadlineMs: NEVER_MS, frameSilenceMs: NEVER_MS }],
])('a length that lies costs one deadline of %s, not the reader', async (_, timings) => {
  let lied = false
  const peer = await startScriptedReader((request) => {
    if (request !== 'find-card' || lied) return emptyPlate(request)
    lied = true
    return Buffer.concat([Buffer.from('AAAAAA96690900', 'hex'), emptyPlate(request)])
  })
  const reader = closing(superviseIdReader({ driver: 'sdt', port: peer.port }, timings))
  await ready(reader)
  await until('the false length is given up', () => reader.counters().deadlineAborts === 1)
  await until('the reader goes on', () => reader.counters().frames >= 4)
  expect(reader.status().state).toBe('ready')
  expect(reader.counters()).toMatchObject({ deadlineAborts: 1, discardedBytes: 7, reopens: 0 })
})

test('a listener that throws stops nobody else from hearing of the card', async () => {
  const { simulator, reader, events } = await bench()
  const warnings: Error[] = []
  const hear = (warning: Error): void => void warnings.push(warning)
  process.on('warning', hear)
  reader.onCard((event: CardEvent) => {
    throw new Error(`no room for ${nameOn(event)}`)
  })
  const heard: CardEvent[] = []
  reader.onCard((event) => heard.push(event))
  simulator.placeCard(CARD)
  await until('both others hear of it', () => events.length === 1 && heard.length === 1)
  await until('the defect is told', () => warnings.length > 0)
  process.off('warning', hear)
  expect(String(warnings[0]?.message)).not.toContain('张小雨')
  expect(reader.status().state).toBe('ready')
})
