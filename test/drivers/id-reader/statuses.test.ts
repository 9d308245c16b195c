/** Every status that a reader can answer with (DEVICES §1.3). */
import { expect, test } from 'vitest'
import type { RequestName } from '../../../drivers/id-reader/requests.ts'
import { KNOWN_SW3 } from '../../../drivers/id-reader/sw3.ts'
import { faulty, ready, until } from '../support.ts'
import { bench, CARD, faultsOf } from './bench.ts'

const SAM_FAULTS = [0x60, 0x66]
const CARD_FAULTS = KNOWN_SW3.filter((sw3) => sw3 < 0x90 && !SAM_FAULTS.includes(sw3))

test.each<RequestName>(['find-card', 'select-card', 'read-base'])(
  'whatever status %s fails with, once, the card is read and nothing else is told',
  async (request) => {
    const failOnce = async (sw3: number): Promise<void> => {
      const { simulator, events, kinds, statuses } = await bench()
      simulator.failNext(sw3, 1, request)
      simulator.placeCard(CARD)
      await until(`the card is read after ${sw3}`, () => events.length === 1, 10_000)
      expect(kinds()).toEqual(['placed'])
      expect(faultsOf(statuses)).toEqual([])
      expect(simulator.errors).toEqual([])
    }
    await Promise.all(CARD_FAULTS.map(failOnce))
  },
)

test('a card that fails with the same status twice is told as unreadable by that status', async () => {
  const failTwice = async (sw3: number): Promise<void> => {
    const { simulator, events } = await bench()
    simulator.failNext(sw3, 2, 'read-base')
    simulator.placeCard(CARD)
    await until(`it is told after ${sw3}`, () => events.length > 0, 10_000)
    const digits = sw3.toString(16).toUpperCase()
    expect(events[0]).toEqual({
      kind: 'unreadable',
      reason: expect.stringMatching(`^read: .+ \\(${digits}\\)$`),
    })
    await until('it is read as soon as it can be', () => events[1]?.kind === 'placed', 10_000)
  }
  await Promise.all(CARD_FAULTS.map(failTwice))
})

test.each([0x60, 0x66])(
  'a SAM that is out of order (%i) in the midst of its work is offline, and comes back',
  async (sw3) => {
    const { simulator, reader, events } = await bench()
    simulator.failNext(sw3, 1, 'find-card')
    await faulty(reader, 'offline')
    await until('it is back', () => reader.status().state === 'ready')
    simulator.placeCard(CARD)
    await until('the card is read', () => events.length === 1)
    expect(simulator.errors).toEqual([])
  },
)

test('a SAM that is not authorised is told in words until it is', async () => {
  const { simulator, reader } = await bench()
  simulator.authorise(false)
  await faulty(reader, 'offline')
  expect(reader.status()).toMatchObject({ detail: 'SAM: SAM not authorised (66)' })
  simulator.authorise(true)
  await ready(reader)
})

test('noise on the way to the reader is no card: nothing is told of one that is not there', async () => {
  const { simulator, reader, events } = await bench()
  for (const sw3 of [0x10, 0x24]) {
    const { frames } = reader.counters()
    simulator.failNext(sw3, 1, 'find-card')
    await until('it was asked some more', () => reader.counters().frames >= frames + 4)
  }
  expect(events).toEqual([])
  expect(reader.status().state).toBe('ready')
})
