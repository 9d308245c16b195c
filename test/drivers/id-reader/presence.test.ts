/** Which card lies there, and whether it still does (DEVICES §1.4). */
import { expect, test } from 'vitest'
import { superviseIdReader } from '../../../drivers/id-reader/driver.ts'
import { encodeCard } from '../../../drivers/id-reader/encode-card.ts'
import { encodeReply } from '../../../drivers/id-reader/frame.ts'
import { closing, ready, until } from '../support.ts'
import { bench, CARD, emptyPlate, nameOn, OTHER_CARD, startScriptedReader } from './bench.ts'

test('a card that is exchanged for another between two polls is lifted, and the other one is read', async () => {
  const { simulator, events, kinds } = await bench()
  simulator.placeCard(CARD)
  await until('the first is read', () => events.length === 1)
  simulator.placeCard(OTHER_CARD)
  await until('the second is read', () => events.length === 3)
  expect(kinds()).toEqual(['placed', 'lifted', 'placed'])
  expect(nameOn(events[2])).toBe('欧阳小雨')
  expect(simulator.errors).toEqual([])
})

test('an exchanged card is noticed by its number where the reader gives it unread', async () => {
  const { simulator, reader, events, kinds } = await bench({
    simulator: { quirks: { numberWithoutReading: true } },
  })
  simulator.placeCard(CARD)
  await until('the first is read', () => events.length === 1)
  const frames = reader.counters().frames
  await until('it has been watched', () => reader.counters().frames > frames + 1)
  simulator.placeCard(OTHER_CARD)
  await until('the second is read', () => events.length === 3)
  expect(kinds()).toEqual(['placed', 'lifted', 'placed'])
  expect(nameOn(events[2])).toBe('欧阳小雨')
  expect(simulator.errors).toEqual([])
})

test('two cards in quick succession are two cards', async () => {
  const { simulator, events, kinds } = await bench()
  for (const [index, card] of [CARD, OTHER_CARD, CARD].entries()) {
    simulator.placeCard(card)
    await until('it is read', () => events.length === 2 * index + 1)
    expect(nameOn(events.at(-1))).toBe(card.name)
    simulator.liftCard()
    await until('it is lifted', () => events.length === 2 * index + 2)
  }
  expect(kinds()).toEqual(['placed', 'lifted', 'placed', 'lifted', 'placed', 'lifted'])
  expect(simulator.errors).toEqual([])
})

test('the same card, lifted and placed again, is read again', async () => {
  const { simulator, events, kinds } = await bench()
  simulator.placeCard(CARD)
  await until('it is read', () => events.length === 1)
  simulator.liftCard()
  simulator.placeCard(CARD)
  await until('it is read again', () => events.length === 3)
  expect(kinds()).toEqual(['placed', 'lifted', 'placed'])
})

test('a question that was damaged on its way to the reader does not lift the card', async () => {
  const { simulator, reader, events, kinds } = await bench()
  simulator.placeCard(CARD)
  await until('it is read', () => events.length === 1)
  simulator.failNext(0x10, 1, 'card-management-number')
  const frames = reader.counters().frames
  await until('it was asked some more', () => reader.counters().frames >= frames + 4)
  expect(kinds()).toEqual(['placed'])
  simulator.liftCard()
  await until('it is lifted in the end', () => events.length === 2)
})

test('a card without a management number lies there all the same', async () => {
  const { simulator, reader, events, kinds } = await bench()
  simulator.placeCard(CARD)
  simulator.failNext(0x91, 3, 'card-management-number')
  await until('it is read', () => events.length === 1)
  const frames = reader.counters().frames
  await until('it was watched', () => reader.counters().frames >= frames + 3)
  expect(kinds()).toEqual(['placed'])
})

test('where a reader never understands 30 05, a card counts as lifted rather than as lying there for ever', async () => {
  let cardLies = true
  const peer = await startScriptedReader((request) => {
    if (request === 'card-management-number') return encodeReply(0x21)
    return cardLies && request === 'find-card' ? encodeReply(0x9f, new Uint8Array(4)) : placed(request)
  })
  const placed = (request: Parameters<typeof emptyPlate>[0]): Uint8Array => {
    if (request === 'select-card') return encodeReply(0x90, new Uint8Array(8))
    if (request !== 'read-base') return emptyPlate(request)
    cardLies = false
    return encodeReply(
      0x90,
      Uint8Array.of(1, 0, 4, 0, ...encodeCard({ kind: 'citizen', ...CARD }), ...new Uint8Array(1024)),
    )
  }
  const reader = closing(superviseIdReader({ driver: 'sdt', port: peer.port }))
  const kinds: string[] = []
  reader.onCard(({ kind }) => kinds.push(kind))
  await ready(reader)
  await until('it counts as lifted', () => kinds.length === 2)
  expect(kinds).toEqual(['placed', 'lifted'])
})
