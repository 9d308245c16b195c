/** A backlog is read and packed piece by piece: whoever rates meanwhile waits for a piece. */
import { expect, it } from 'vitest'
import { batchBytes, MAX_BATCH_BYTES, splitBatch, unpackBatch } from '../../sync/protocol/batch.ts'
import type { EventData } from '../../sync/protocol/events.ts'
import { createPacker, type ReadyBatch } from '../../sync/uplink-ready.ts'
import { demoRating, seeded } from '../bench/delivery/ratings.ts'
import { textsOf } from './support/batch-texts.ts'
import { openTestDevice } from './support/device.ts'
import { testFolder } from './support/folder.ts'

const textsIn = ({ encoded }: ReadyBatch): string[] => {
  const unpacked = unpackBatch(encoded.body, encoded.contentEncoding ?? undefined)
  const split = unpacked.ok ? splitBatch(unpacked.bytes) : unpacked
  if (!split.ok) throw new Error(split.detail)
  return split.texts
}

const random = seeded(3)
const rating = (at: Date): EventData<'rating'> => demoRating(random, at)
const sealed = (length: number): string => `eyJ..x.${'x'.repeat(length)}.x`
/** Each as long as the others. */
const one = rating(new Date())
const long = (comment: number, user: number) => (): EventData<'rating'> => ({
  ...one,
  anonymous: false,
  reasonPending: false,
  comment: sealed(comment),
  user: sealed(user),
})
const lengthWith = (comment: number, user: number): number =>
  Buffer.byteLength(textsOf(deviceWith(1, long(comment, user)).outbox.nextBatch())[0] ?? '')
const USER = 3_000
/** A hundred of them, two pieces, fill a batch but for less than one more. */
const HUNDRED_FILL_BYTES = Math.floor(MAX_BATCH_BYTES / 100) - 40

const deviceWith = (count: number, make: (at: Date) => EventData<'rating'>) => {
  const device = openTestDevice(testFolder())
  const { db, outbox } = device
  db.transaction(() => {
    for (let one = 0; one < count; one += 1) outbox.append('rating', make(new Date()), new Date())
  }).immediate()
  return device
}

it('a full batch, and the one behind it, are what the outbox gives as one', async () => {
  const { outbox } = deviceWith(1_203, rating)
  const whole = textsOf(outbox.nextBatch())
  const packer = createPacker(outbox)
  const ready = await packer.next()
  if (ready === null) throw new Error('nothing is ready')
  expect(ready).toMatchObject({ batch: { epoch: 1, first: 1, last: 500 }, isFull: true })
  expect(textsIn(ready)).toEqual(whole)
  const following = await packer.following(ready)
  expect(following?.batch).toEqual({ epoch: 1, first: 501, last: 1_000 })
  // What is left fills none: it waits for its turn, and for what happens until then.
  expect(following && (await packer.following(following))).toBeNull()
  outbox.release(1, 1_000)
  const rest = await packer.next()
  expect(rest).toMatchObject({ batch: { first: 1_001, last: 1_203 }, isFull: false })
  expect(rest && textsIn(rest)).toHaveLength(203)
})

it.each([
  ['in the middle of a piece', () => 7_000],
  ['between two pieces', () => HUNDRED_FILL_BYTES - lengthWith(0, USER)],
])('long events fill a batch up to its limit and never beyond: %s', async (_, comment) => {
  const { outbox } = deviceWith(120, long(comment(), USER))
  const whole = textsOf(outbox.nextBatch())
  const packer = createPacker(outbox)
  const ready = await packer.next()
  expect(ready?.isFull).toBe(true)
  expect(ready && textsIn(ready)).toEqual(whole)
  expect(batchBytes(whole)).toBeLessThanOrEqual(MAX_BATCH_BYTES)
})

it('others have their turn between any two pieces', async () => {
  const { outbox } = deviceWith(500, rating)
  let turns = 0
  let longest = 0
  let read = 0
  const { nextBatch } = outbox
  outbox.nextBatch = (limits) => {
    const batch = nextBatch(limits)
    read += textsOf(batch).length
    return batch
  }
  const ready = createPacker(outbox).next()
  let isReady = false
  void ready.then(() => {
    isReady = true
  })
  while (!isReady) {
    longest = Math.max(longest, read)
    read = 0
    turns += 1
    await new Promise((next) => setImmediate(next))
  }
  expect(longest).toBeLessThanOrEqual(50)
  expect(turns).toBeGreaterThanOrEqual(10)
  expect((await ready)?.batch.last).toBe(500)
})
