/** A line that says nothing (DEVICES §6 row 1), and one that is only slow: the status tells them apart. */
import { expect, test } from 'vitest'
import { superviseIdReader } from '../../../drivers/id-reader/driver.ts'
import { encodeCard } from '../../../drivers/id-reader/encode-card.ts'
import { encodeReply } from '../../../drivers/id-reader/frame.ts'
import { READER_TIMINGS } from '../../../drivers/id-reader/timings.ts'
import { closing, until } from '../support.ts'
import { bench, CARD, emptyPlate, faultsOf, nameOn, startScriptedReader } from './bench.ts'

/** The states in which a line can fall silent, and how to get there. */
const STATES: [string, (simulator: Awaited<ReturnType<typeof bench>>) => Promise<void>][] = [
  ['searching', async () => {}],
  [
    'watching',
    async ({ simulator, events }) => {
      simulator.placeCard(CARD)
      await until('the card is read', () => events.length === 1)
    },
  ],
  [
    'reading',
    async ({ simulator, reader }) => {
      simulator.placeCard(CARD)
      const { frames } = reader.counters()
      // Found and selected: the base data is on its way.
      await until('the card is selected', () => reader.counters().frames >= frames + 2)
    },
  ],
]

test('a line that goes half open in whatever state is told as no-answer, and works again', async () => {
  const goHalfOpen = async ([state, reach]: (typeof STATES)[number]): Promise<void> => {
    const all = await bench()
    const { simulator, reader, events } = all
    await reach(all)
    const end = simulator.faults.add({ kind: 'half-open' })
    await until(`the silence while ${state} is told`, () => reader.status().state === 'fault')
    expect(reader.status()).toMatchObject({ reason: 'no-answer' })
    end()
    await until(`it is ready again after ${state}`, () => reader.status().state === 'ready', 8000)
    const before = events.length
    simulator.liftCard()
    await until('nothing lies there', () => events.at(-1)?.kind !== 'placed', 8000)
    simulator.placeCard({ ...CARD, name: '周小满' })
    const isRead = (): boolean => events.length > before && nameOn(events.at(-1)) === '周小满'
    await until(`a card is read after ${state}`, isRead, 8000)
    expect(simulator.errors).toEqual([])
  }
  await Promise.all(STATES.map(goHalfOpen))
})

test('an answer that comes late makes the reader ready again on the same line', async () => {
  const { simulator, reader, statuses } = await bench()
  simulator.faults.add({ kind: 'stall' }, { forMs: 1600 })
  await until('the silence is told', () => reader.status().state === 'fault')
  await until('the late answer counts', () => reader.status().state === 'ready')
  expect(faultsOf(statuses)).toEqual(['no-answer'])
  expect(reader.counters().reopens).toBe(0)
  expect(simulator.errors).toEqual([])
})

test('a line of 9600 baud, whose bytes come for 1.4 s, is alive all the time', async () => {
  const { simulator, events, statuses } = await bench({ simulator: { baud: 9600 } })
  simulator.placeCard(CARD)
  await until('the card is read', () => events.length === 1)
  expect(nameOn(events[0])).toBe('张小雨')
  expect(faultsOf(statuses)).toEqual([])
  expect(simulator.errors).toEqual([])
})

test('a SAM that thinks long over each answer reads the card and is never called silent', async () => {
  const { simulator, events, statuses } = await bench()
  simulator.think(700)
  simulator.placeCard(CARD)
  await until('the card is read', () => events.length === 1, 8000)
  expect(faultsOf(statuses)).toEqual([])
  expect(simulator.errors).toEqual([])
})

test('a read whose answer never begins is given up long before the 5 s of one that has begun', async () => {
  const { simulator, reader, events } = await bench()
  simulator.placeCard(CARD)
  const { frames } = reader.counters()
  await until('the card is selected', () => reader.counters().frames >= frames + 2)
  const back = simulator.faults.add({ kind: 'half-open' })
  await until('the silence is told', () => reader.status().state === 'fault')
  back()
  const since = performance.now()
  await until('it works again', () => reader.status().state === 'ready', 8000)
  // Told at 1.7 s, given up at 2.5 s; with the 5 s of the read it would be 3.3 s more.
  expect(performance.now() - since).toBeLessThan(3000)
  await until('the card is read', () => nameOn(events.at(-1)) === '张小雨', 8000)
  expect(simulator.errors).toEqual([])
})

test('an answer that has begun is waited for, however slowly it comes', async () => {
  const base = encodeReply(
    0x90,
    Uint8Array.of(1, 0, 4, 0, ...encodeCard({ kind: 'citizen', ...CARD }), ...new Uint8Array(1024)),
  )
  let cardLies = true
  const peer = await startScriptedReader((request, socket) => {
    if (request === 'find-card' && cardLies) return encodeReply(0x9f, new Uint8Array(4))
    if (request === 'select-card') return encodeReply(0x90, new Uint8Array(8))
    if (request === 'card-management-number') return encodeReply(0x90, new Uint8Array(28))
    if (request !== 'read-base') return emptyPlate(request)
    cardLies = false
    // Noise that looks like a frame for so long that only the frame's own first byte may start its deadline.
    const pieces = [Uint8Array.of(0xaa), base.subarray(0, 400), base.subarray(400, 800), base.subarray(800)]
    const atMs = [20, 700, 1200, 1700]
    for (const [index, piece] of pieces.entries()) setTimeout(() => socket.write(piece), atMs[index])
    return undefined
  })
  // From the noise on it would be over at 1520 ms, from the first byte of the frame on at 2200 ms.
  const timings = { ...READER_TIMINGS, frameDeadlineMs: 1500, frameSilenceMs: 1300, readBeginsMs: 1400 }
  const reader = closing(superviseIdReader({ driver: 'sdt', port: peer.port }, timings))
  const kinds: string[] = []
  reader.onCard(({ kind }) => kinds.push(kind))
  await until('the card is told of', () => kinds.length > 0)
  expect(kinds).toEqual(['placed'])
  expect(reader.counters()).toMatchObject({ deadlineAborts: 0, discardedBytes: 1 })
})
