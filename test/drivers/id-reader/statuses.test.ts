/** Every status that a reader can answer with (DEVICES §1.3). */
import { expect, test } from 'vitest'
import { superviseIdReader } from '../../../drivers/id-reader/driver.ts'
import { encodeReply } from '../../../drivers/id-reader/frame.ts'
import { describeSw3, KNOWN_SW3 } from '../../../drivers/id-reader/sw3.ts'
import { startIdReaderSimulator } from '../../../drivers/simulators/id-reader.ts'
import { closing, faulty, ready, until } from '../support.ts'
import { bench, CARD, emptyPlate, faultsOf, PATIENT, startScriptedReader, watched } from './bench.ts'

/** A status that fits no shape of an answer is no answer; a SAM that is out of order is a matter of its own. */
const OTHERS = Array.from({ length: 256 }, (_, sw3) => sw3).filter(
  (sw3) => ![0x90, 0x9f, 0x60, 0x66].includes(sw3),
)
const NO_PRINTS = [0x21, 0x37, 0x91]
/** `30 03` says that there is no later address, instead of failing to say. */
const NO_ADDRESS = [0x21, 0x91]
const BUSY_MS = 25_000

test('whatever status each request is answered with once, both cards are read, and a fault is told of none', async () => {
  const failOnce = async (sw3: number): Promise<void> => {
    const simulator = closing(await startIdReaderSimulator({ listen: 'tcp://127.0.0.1:0' }))
    for (const at of ['sam-id', 'find-card', 'select-card', 'reset-sam', 'read-extra-address'] as const) {
      simulator.failNext(sw3, 1, at)
    }
    const { events, kinds, statuses } = watched(
      simulator,
      { fingerprints: true, extraAddress: true },
      PATIENT,
    )
    simulator.placeCard(CARD, { prints: 512, extraAddress: '新河路24号' })
    await until(`the card is read after ${sw3}`, () => events.length > 0, BUSY_MS)
    simulator.liftCard()
    await until(`it is lifted after ${sw3}`, () => events.length > 1, BUSY_MS)
    simulator.failNext(sw3, 1, 'read-base-and-prints')
    simulator.placeCard(CARD, { prints: 512, extraAddress: '新河路24号' })
    await until(`the next is read after ${sw3}`, () => events.length > 2, BUSY_MS)

    expect(kinds(), String(sw3)).toEqual(['placed', 'lifted', 'placed'])
    const [first, , second] = events.map((event) =>
      event.kind === 'placed' ? event.card.reveal() : undefined,
    )
    expect(first?.warnings, String(sw3)).toEqual(
      NO_ADDRESS.includes(sw3) ? undefined : ['later-address-unread'],
    )
    expect(second).toMatchObject({ ...CARD, extraAddress: '新河路24号' })
    expect(second?.fingerprints === undefined, String(sw3)).toBe(NO_PRINTS.includes(sw3))
    expect(faultsOf(statuses), String(sw3)).toEqual([])
  }
  await Promise.all(OTHERS.map(failOnce))
}, 60_000)

test('a status that the reader gives of itself is told unless it only did not understand', async () => {
  const say = async (sw3: number): Promise<void> => {
    const peer = await startScriptedReader((request) =>
      request === 'sam-status' ? encodeReply(sw3) : emptyPlate(request),
    )
    const reader = closing(superviseIdReader({ driver: 'sdt', port: peer.port }, PATIENT))
    await until(`it is told after ${sw3}`, () => reader.status().state !== 'connecting', BUSY_MS)
    const isUnclear = [0x10, 0x11, 0x21, 0x24, 0x3f, 0x90].includes(sw3)
    expect(reader.status()).toMatchObject(
      isUnclear
        ? { state: 'ready' }
        : { state: 'fault', reason: 'offline', detail: `SAM: ${describeSw3(sw3)}` },
    )
    await reader.close()
  }
  await Promise.all([...OTHERS, 0x60, 0x66, 0x90].map(say))
}, 60_000)

test('a card that fails with the same status twice is told as unreadable by that status', async () => {
  const failTwice = async (sw3: number): Promise<void> => {
    const { simulator, events } = await bench({}, PATIENT)
    simulator.failNext(sw3, 2, 'read-base')
    simulator.placeCard(CARD)
    await until(`it is told after ${sw3}`, () => events.length > 0, BUSY_MS)
    expect(events[0]).toEqual({ kind: 'unreadable', reason: `read: ${describeSw3(sw3)}` })
    await until('it is read as soon as it can be', () => events[1]?.kind === 'placed', BUSY_MS)
  }
  await Promise.all(KNOWN_SW3.filter((sw3) => OTHERS.includes(sw3)).map(failTwice))
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
