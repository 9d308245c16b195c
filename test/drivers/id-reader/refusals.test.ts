/** A reader that answers and does not do what it is asked: never ready, and told in its own words. */
import { expect, test } from 'vitest'
import { superviseIdReader } from '../../../drivers/id-reader/driver.ts'
import { encodeReply } from '../../../drivers/id-reader/frame.ts'
import type { RequestName } from '../../../drivers/id-reader/requests.ts'
import { describeSw3 } from '../../../drivers/id-reader/sw3.ts'
import type { ReaderTimings } from '../../../drivers/id-reader/timings.ts'
import { closing, faulty, ready, until } from '../support.ts'
import { type Bench, emptyPlate, PATIENT, SHORT, startScriptedReader } from './bench.ts'

function watchedAt(port: string, timings: ReaderTimings = SHORT, profile = 'serial') {
  const reader = closing(superviseIdReader({ driver: 'sdt', port, profile }, timings))
  const statuses: Bench['statuses'] = []
  const kinds: string[] = []
  reader.onStatus((status) => statuses.push(status))
  reader.onCard(({ kind }) => kinds.push(kind))
  return { reader, statuses, kinds }
}

/** All but found, none there, and out of order; 90 without a card in it is no answer to a find. */
const REFUSALS = Array.from({ length: 256 }, (_, sw3) => sw3).filter(
  (sw3) => ![0x9f, 0x80, 0x90, 0x60, 0x66].includes(sw3),
)

test('a find that fails on an empty plate is no card, whatever its status: the reader is offline by it', async () => {
  const refuse = async (sw3: number): Promise<void> => {
    const peer = await startScriptedReader((request) =>
      request === 'find-card' ? encodeReply(sw3) : emptyPlate(request),
    )
    const { reader, statuses, kinds } = watchedAt(peer.port, PATIENT)
    await until(`it is told after ${sw3}`, () => statuses.length > 0, 25_000)
    expect(statuses[0]).toMatchObject({
      state: 'fault',
      reason: 'offline',
      detail: `find-card: ${describeSw3(sw3)}`,
    })
    expect(kinds).toEqual([])
    await reader.close()
  }
  await Promise.all(REFUSALS.map(refuse))
}, 60_000)

test.each<[string, (request: RequestName) => Uint8Array | undefined, string]>([
  ['never to a find', (request) => (request === 'find-card' ? undefined : emptyPlate(request)), 'no-answer'],
  [
    'with a refusal to everything but its status',
    (request) => encodeReply(request === 'sam-status' ? 0x90 : 0x23),
    'offline',
  ],
  ['with a refusal to everything', () => encodeReply(0x21), 'offline'],
])('a reader that answers %s is never ready, and its fault does not flap', async (_, answer, reason) => {
  const peer = await startScriptedReader(answer)
  const { reader, statuses } = watchedAt(peer.port)
  await until('it was opened again and again', () => reader.counters().reopens >= 2, 10_000)
  expect(statuses).toEqual([expect.objectContaining({ state: 'fault', reason })])
})

test('a reader that knows no status but finds cards is ready', async () => {
  const peer = await startScriptedReader((request) =>
    request === 'sam-status' ? encodeReply(0x21) : emptyPlate(request),
  )
  const { reader } = watchedAt(peer.port)
  await ready(reader)
})

test('refusals and misses count only in a row', async () => {
  let finds = 0
  const peer = await startScriptedReader((request) => {
    if (request !== 'find-card') return emptyPlate(request)
    finds += 1
    if (finds % 3 === 0) return emptyPlate(request)
    // Two refusals, or one silence, between two answers.
    return finds < 9 ? encodeReply(0x23) : finds % 3 === 1 ? undefined : emptyPlate(request)
  })
  const { reader, statuses } = watchedAt(peer.port)
  await until('it was asked often', () => finds >= 18, 15_000)
  expect(statuses.map(({ state }) => state)).toEqual(['ready'])
  expect(reader.counters()).toMatchObject({ reopens: 0 })
})

test('a selection that is refused is a card only where one was found', async () => {
  const peer = await startScriptedReader((request) =>
    request === 'select-card' ? encodeReply(0x23) : emptyPlate(request),
  )
  const { reader, kinds } = watchedAt(peer.port, SHORT, 'serial-select-only')
  await faulty(reader, 'offline')
  expect(reader.status()).toMatchObject({ detail: 'select-card: not authorised (23)' })
  expect(kinds).toEqual([])
})

test('a card that lies badly is told of once however often it is lost for a moment, and again a second later', async () => {
  let finds = 0
  let lies = (): boolean => finds % 3 !== 0
  const peer = await startScriptedReader((request) => {
    if (request === 'find-card') finds += 1
    if (request === 'find-card' && lies()) return encodeReply(0x9f, new Uint8Array(4))
    return request === 'select-card' ? encodeReply(0x90, new Uint8Array(8)) : emptyPlate(request)
  })
  const { kinds } = watchedAt(peer.port)
  await until('it was lost three times', () => finds >= 12, 10_000)
  expect(kinds).toEqual(['unreadable'])
  lies = () => false
  const { length } = kinds
  const from = finds
  await until('it has been gone', () => finds >= from + 5)
  lies = () => true
  await until('it is told of anew', () => kinds.length > length)
  expect(kinds).toEqual(['unreadable', 'unreadable'])
})
