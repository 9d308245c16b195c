/** A card that the reader takes for read although nobody here has it (DEVICES §1.4). */
import { expect, test } from 'vitest'
import { READER_TIMINGS } from '../../../drivers/id-reader/timings.ts'
import { until } from '../support.ts'
import { bench, CARD, nameOn, OTHER_CARD, SHORT, watched } from './bench.ts'

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
