/** What the field does to the line (DEVICES §6): the driver survives it, and nothing is doubled. */
import { expect, test } from 'vitest'
import { superviseIdReader } from '../../../drivers/id-reader/driver.ts'
import { encodeCard } from '../../../drivers/id-reader/encode-card.ts'
import { encodeReply } from '../../../drivers/id-reader/frame.ts'
import type { WireFault } from '../../../drivers/simulators/wire-faults.ts'
import { closing, ready, until } from '../support.ts'
import { bench, CARD, emptyPlate, nameOn, SHORT, startScriptedReader } from './bench.ts'

const HARMLESS: WireFault[] = [
  { kind: 'split', bytes: 7, gapMs: 1 },
  { kind: 'merge', holdMs: 40 },
  { kind: 'duplicate' },
]

test('a line that splits, merges or repeats reads a card once and lifts it once', async () => {
  const readOnce = async (fault: WireFault): Promise<void> => {
    const { simulator, reader, events, kinds } = await bench()
    simulator.faults.add(fault)
    simulator.placeCard(CARD)
    await until(`the card is read through ${fault.kind}`, () => events.length > 0, 10_000)
    const { frames } = reader.counters()
    await until('it was watched', () => reader.counters().frames >= frames + 2)
    simulator.liftCard()
    await until('it is lifted', () => kinds().at(-1) === 'lifted', 10_000)
    expect(kinds()).toEqual(['placed', 'lifted'])
    expect(simulator.errors).toEqual([])
  }
  await Promise.all(HARMLESS.map(readOnce))
})

test('on a line with noise a card is read in the end by who lifts it and places it again', async () => {
  const { simulator, reader, events, kinds } = await bench()
  simulator.faults.add({ kind: 'noise', everyMs: 400, bytes: 5 })
  for (let tries = 0; tries < 10 && kinds().at(-1) !== 'placed'; tries += 1) {
    const before = events.length
    simulator.liftCard()
    simulator.placeCard(CARD)
    await until('something is told', () => events.length > before, 8000)
  }
  expect(nameOn(events.at(-1))).toBe('张小雨')
  await until('the noise was heard', () => reader.counters().discardedBytes > 0)
  expect(simulator.errors).toEqual([])
})

test.each<WireFault>([
  { kind: 'drop', every: 900 },
  { kind: 'flip', every: 900, mask: 0x10 },
])(
  'a line with $kind in every base answer says that the card cannot be read, and reads it afterwards',
  async (fault) => {
    const { simulator, reader, events, kinds } = await bench()
    const end = simulator.faults.add(fault)
    simulator.placeCard(CARD)
    await until('it is told', () => events.length === 1, 10_000)
    expect(kinds()).toEqual(['unreadable'])
    end()
    simulator.liftCard()
    simulator.placeCard(CARD)
    await until('it is read', () => events.length === 2, 10_000)
    expect(kinds()).toEqual(['unreadable', 'placed'])
    expect(reader.counters().discardedBytes).toBeGreaterThan(1000)
    expect(simulator.errors).toEqual([])
  },
)

test('noise without end and without a frame is told as bad-frames, not as silence', async () => {
  // However often it is asked again: the status does not wait for the line to be given up.
  const patient = { ...SHORT, missesBeforeReopen: 1000 }
  const peer = await startScriptedReader(emptyPlate)
  const reader = closing(superviseIdReader({ driver: 'sdt', port: peer.port }, patient))
  await ready(reader)
  const statuses: string[] = []
  reader.onStatus((status) => statuses.push(status.state === 'fault' ? status.reason : status.state))
  const noise = setInterval(() => {
    for (const socket of peer.sockets) socket.write(Buffer.alloc(40, 0xe6))
  }, 20)
  peer.mute()
  await until('it is told', () => statuses.length > 0)
  clearInterval(noise)
  expect(statuses[0]).toBe('bad-frames')
})

test('an answer whose first byte was damaged is asked for again at once instead of after the deadline', async () => {
  let reads = 0
  const base = encodeReply(
    0x90,
    Uint8Array.of(1, 0, 4, 0, ...encodeCard({ kind: 'citizen', ...CARD }), ...new Uint8Array(1024)),
  )
  const peer = await startScriptedReader((request) => {
    if (request === 'find-card' && reads < 2) return encodeReply(0x9f, new Uint8Array(4))
    if (request === 'select-card') return encodeReply(0x90, new Uint8Array(8))
    if (request !== 'read-base') return emptyPlate(request)
    reads += 1
    return reads === 1 ? Uint8Array.of(0xab, ...base.subarray(1)) : base
  })
  const reader = closing(superviseIdReader({ driver: 'sdt', port: peer.port }))
  const kinds: string[] = []
  reader.onCard(({ kind }) => kinds.push(kind))
  await until('the card is read', () => kinds.length > 0)
  expect(kinds[0]).toBe('placed')
})
