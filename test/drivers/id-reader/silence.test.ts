/** A line that says nothing (DEVICES §6 row 1), and one that is only slow: the status tells them apart. */
import { expect, test } from 'vitest'
import { until } from '../support.ts'
import { bench, CARD, faultsOf, nameOn } from './bench.ts'

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
