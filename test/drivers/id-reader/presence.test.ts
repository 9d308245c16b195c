/** Which card lies there, and whether it still does (DEVICES §1.4). */
import { expect, test } from 'vitest'
import { superviseIdReader } from '../../../drivers/id-reader/driver.ts'
import { encodeCard } from '../../../drivers/id-reader/encode-card.ts'
import { encodeReply } from '../../../drivers/id-reader/frame.ts'
import { closing, ready, until } from '../support.ts'
import { bench, CARD, emptyPlate, nameOn, OTHER_CARD, PATIENT, startScriptedReader } from './bench.ts'

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

test.each([115_200, 9600])(
  'a card that is exchanged the moment it was told of is noticed by its number, at %i baud',
  async (baud) => {
    const { simulator, events, kinds } = await bench({
      simulator: { baud, quirks: { numberWithoutReading: true } },
    })
    simulator.placeCard(CARD)
    await until('the first is read', () => events.length === 1)
    simulator.placeCard(OTHER_CARD)
    await until('the second is read', () => events.length === 3, 8000)
    expect(kinds()).toEqual(['placed', 'lifted', 'placed'])
    expect(nameOn(events[2])).toBe('欧阳小雨')
    expect(simulator.errors).toEqual([])
  },
)

test('one answer with another number is damage, not another card', async () => {
  let asked = 0
  const reader = await watchedCard(() => {
    asked += 1
    return encodeReply(0x90, new Uint8Array(28).fill(asked === 3 ? 0x42 : 0x41))
  })
  await until('it was watched', () => asked >= 6)
  expect(reader.kinds).toEqual(['placed'])
})

/** All but those that say at once that it has left or is there, that the SAM is out of order, or nothing here. */
const ODD = Array.from({ length: 256 }, (_, sw3) => sw3).filter(
  (sw3) => ![0x41, 0x80, 0x90, 0x91, 0x9f, 0x60, 0x66].includes(sw3),
)

test('whatever 30 05 is answered with once, the card stays; with the same twice it is lifted', async () => {
  const watch = async (sw3: number): Promise<void> => {
    let asked = 0
    let isOdd = (): boolean => asked === 3 || asked === 5
    const reader = await watchedCard(() => {
      asked += 1
      return isOdd() ? encodeReply(sw3) : encodeReply(0x90, new Uint8Array(28).fill(0x41))
    })
    await until('it was watched', () => asked >= 6, 25_000)
    expect(reader.kinds, `after ${sw3}`).toEqual(['placed'])
    isOdd = () => true
    await until(`it is lifted after ${sw3}`, () => reader.kinds.length === 2, 25_000)
  }
  await Promise.all(ODD.map(watch))
}, 60_000)

test.each([0x41, 0x80])('%i to 30 05 lifts the card at once', async (sw3) => {
  let asked = 0
  const reader = await watchedCard(() => {
    asked += 1
    return asked === 3 ? encodeReply(sw3) : encodeReply(0x90, new Uint8Array(28).fill(0x41))
  })
  await until('it is lifted', () => reader.kinds.length === 2)
  expect(asked).toBe(3)
})

/** A reader that finds one card, and answers `30 05` as it is told. */
async function watchedCard(number: () => Uint8Array): Promise<{ kinds: string[] }> {
  let cardLies = true
  const peer = await startScriptedReader((request) => {
    if (request === 'card-management-number') return number()
    if (request === 'find-card' && cardLies) return encodeReply(0x9f, new Uint8Array(4))
    if (request === 'select-card') return encodeReply(0x90, new Uint8Array(8))
    if (request !== 'read-base') return emptyPlate(request)
    cardLies = false
    const text = encodeCard({ kind: 'citizen', ...CARD })
    return encodeReply(0x90, Uint8Array.of(1, 0, 4, 0, ...text, ...new Uint8Array(1024)))
  })
  const reader = closing(superviseIdReader({ driver: 'sdt', port: peer.port }, PATIENT))
  const kinds: string[] = []
  reader.onCard(({ kind }) => kinds.push(kind))
  await until('the card is read', () => kinds.length === 1, 25_000)
  return { kinds }
}

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
