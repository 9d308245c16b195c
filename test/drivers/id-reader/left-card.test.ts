/** A card that the reader takes for read although nobody here has it (DEVICES §1.4). */
import { expect, test } from 'vitest'
import { superviseIdReader } from '../../../drivers/id-reader/driver.ts'
import { encodeCard } from '../../../drivers/id-reader/encode-card.ts'
import { encodeReply } from '../../../drivers/id-reader/frame.ts'
import type { RequestName } from '../../../drivers/id-reader/requests.ts'
import { READER_TIMINGS } from '../../../drivers/id-reader/timings.ts'
import { closing, until } from '../support.ts'
import { bench, CARD, emptyPlate, nameOn, OTHER_CARD, SHORT, startScriptedReader, watched } from './bench.ts'

const TEXT = encodeCard({ kind: 'citizen', ...CARD })

test('the card that lay there before a restart is read anew for the citizen who still stands there', async () => {
  const { simulator, reader, events } = await bench()
  simulator.placeCard(CARD)
  await until('the card is read', () => events.length === 1)
  await reader.close()
  const again = watched(simulator)
  await until('the restarted driver reads it too', () => again.events.length === 1)
  expect(nameOn(again.events[0])).toBe('张小雨')
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(again.kinds()).toEqual(['placed'])
  simulator.liftCard()
  await until('it is lifted', () => again.events.length === 2)
  expect(simulator.errors).toEqual([])
})

test('a line that was lost for a moment reads the card that stayed, though the reader thinks it was read', async () => {
  const { simulator, reader, events, kinds } = await bench(
    {},
    { ...SHORT, frameDeadlineMs: READER_TIMINGS.frameDeadlineMs },
  )
  simulator.placeCard(CARD)
  await until('the card is read', () => events.length === 1)
  const end = simulator.faults.add({ kind: 'half-open' })
  await until('the driver gives the line up', () => reader.counters().reopens > 0)
  end()
  await until('the card is read again', () => kinds().at(-1) === 'placed' && events.length > 1)
  expect(kinds()).toEqual(['placed', 'lifted', 'placed'])
  expect(simulator.errors).toEqual([])
})

test('a card whose answer was lost with the reset after it is read once the same line works again', async () => {
  const asked: RequestName[] = []
  let isRead = false
  const peer = await startScriptedReader((request) => {
    asked.push(request)
    const resets = asked.filter((one) => one === 'reset-sam').length
    const finds = asked.filter((one) => one === 'find-card').length
    switch (request) {
      case 'find-card':
        // Placed when the plate was seen to be empty.
        return isRead || finds <= 2 ? encodeReply(0x80) : encodeReply(0x9f, new Uint8Array(4))
      case 'select-card':
        return encodeReply(0x90, new Uint8Array(8))
      case 'read-base':
        isRead = true
        if (resets < 2) return encodeReply(0x90, new Uint8Array(0))
        return encodeReply(0x90, Uint8Array.of(1, 0, 4, 0, ...TEXT, ...new Uint8Array(1024)))
      case 'card-management-number':
        return isRead ? encodeReply(0x90, new Uint8Array(28)) : encodeReply(0x41)
      case 'reset-sam':
        if (resets === 1) return undefined
        isRead = false
        return encodeReply(0x90)
      default:
        return emptyPlate(request)
    }
  })
  const reader = closing(superviseIdReader({ driver: 'sdt', port: peer.port }, SHORT))
  const kinds: string[] = []
  reader.onCard(({ kind }) => kinds.push(kind))
  await until('the card is read', () => kinds.length > 0, 8000)
  expect(kinds).toEqual(['placed'])
  expect(reader.counters().reopens).toBe(0)
})

test('a card whose answer is lost both times is told as unreadable once, and the next card is read', async () => {
  const { simulator, reader, events, kinds } = await bench()
  simulator.corruptNextFrame('base')
  simulator.placeCard(CARD)
  await until('the first answer is lost', () => reader.counters().discardedBytes === 1295)
  simulator.corruptNextFrame('base')
  await until('the second one too', () => events.length === 1)
  expect(events[0]).toEqual({ kind: 'unreadable', reason: 'read: no whole answer (garbled)' })
  // The reader takes it for read now, and finds nothing until it is lifted.
  const frames = reader.counters().frames
  await until('it was looked for again', () => reader.counters().frames >= frames + 2)
  simulator.liftCard()
  simulator.placeCard(OTHER_CARD)
  await until('the next card is read', () => nameOn(events.at(-1)) === '欧阳小雨')
  expect(kinds()).toEqual(['unreadable', 'placed'])
  expect(simulator.errors).toEqual([])
})

test('a card whose answer was lost, on a reader that will not be reset, is told as unreadable', async () => {
  const { simulator, events } = await bench()
  simulator.corruptNextFrame('base')
  simulator.failNext(0x24, 1, 'reset-sam')
  simulator.placeCard(CARD)
  await until('it is told', () => events.length === 1)
  expect(events).toEqual([{ kind: 'unreadable', reason: 'read: no whole answer (garbled)' }])
  expect(simulator.errors).toEqual([])
})
