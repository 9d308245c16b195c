import { zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BATCH_MEDIA_TYPE, BatchAnswer, ForkDetails } from '../../../sync/protocol/batch.ts'
import { canonicalText, sha256Base64url } from '../../../sync/protocol/canonical.ts'
import { formatSequence } from '../../../sync/protocol/identifiers.ts'
import {
  type Ask,
  enrolledDevice,
  type Made,
  type Reply,
  ratingData,
  startTestHall,
  TestChain,
  type TestDevice,
  type TestHall,
  texts,
} from './helpers.ts'

let hall: TestHall
let device: TestDevice
let chain: TestChain
beforeEach(async () => {
  hall = await startTestHall()
  device = await enrolledDevice(hall)
  chain = new TestChain(device.deviceId)
})
afterEach(async () => await hall.close())

const events = async (): Promise<number> => (await hall.hall.counts()).events
const taken = (answer: Reply): BatchAnswer => {
  expect(answer.status).toBe(200)
  return BatchAnswer.parse(answer.json)
}
const sendBytes = (body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Reply> => {
  const ask: Ask = {
    method: 'POST',
    path: '/v1/batches',
    body,
    headers: { 'content-type': BATCH_MEDIA_TYPE, ...headers },
  }
  return device.ask(ask)
}
/** An event with another `data` and a hash that is right for it: the device itself has made it so. */
function remade({ event }: Made, data: object): string {
  const { hash: _, ...rest } = { ...event, data }
  return canonicalText({ ...rest, hash: sha256Base64url(canonicalText(rest)) })
}

test('one padded rating is stored and answered for', async () => {
  const answer = taken(await device.sendBatch(texts(chain.ratings(1))))
  expect(answer).toMatchObject({ epoch: 1, stored: 1, duplicate: 0, rejected: [], missing: [] })
  expect(answer.through).toBe(formatSequence(1))
  expect(await hall.hall.counts()).toEqual({ rating: 1, events: 1 })
})

test('500 packed events are stored, and the next batch goes on from there', async () => {
  expect(taken(await device.sendBatch(texts(chain.ratings(500))))).toMatchObject({ stored: 500 })
  expect(taken(await device.sendBatch(texts(chain.ratings(9))))).toMatchObject({
    stored: 9,
    through: formatSequence(509),
  })
})

test('zstd is taken as well as gzip and none', async () => {
  const packed = zstdCompressSync(Buffer.from(`[${texts(chain.ratings(3)).join(',')}]`))
  expect(taken(await sendBytes(packed, { 'content-encoding': 'zstd' }))).toMatchObject({ stored: 3 })
})

test('a batch sent twice is stored once', async () => {
  const batch = texts(chain.ratings(4))
  expect(taken(await device.sendBatch(batch))).toMatchObject({ stored: 4, duplicate: 0 })
  const again = taken(await device.sendBatch(batch))
  expect(again).toMatchObject({ stored: 0, duplicate: 4, rejected: [], through: formatSequence(4) })
  expect(await events()).toBe(4)
})

test('the same batch in two requests at once is stored once, and both are answered for', async () => {
  const batch = texts(chain.ratings(40))
  const answers = (await Promise.all([device.sendBatch(batch), device.sendBatch(batch)])).map(taken)
  expect(answers.map(({ stored }) => stored).sort()).toEqual([0, 40])
  expect(answers.map(({ through }) => through)).toEqual([formatSequence(40), formatSequence(40)])
  expect(await events()).toBe(40)
})

test('the bytes of a request sent again by somebody on the line change nothing', async () => {
  const batch = texts(chain.ratings(2))
  const skewMs = -60_000
  await device.sendBatch(batch, { skewMs })
  expect(taken(await device.sendBatch(batch, { skewMs }))).toMatchObject({ stored: 0, duplicate: 2 })
})

describe('a rejected event', () => {
  test('in the middle is named, and all others of its batch are stored', async () => {
    const before = chain.ratings(1)
    const faulty = remade(chain.branch().next('rating', ratingData()), { ...ratingData(), level: 9 })
    chain.sequence += 1
    chain.hash = JSON.parse(faulty).hash
    const after = chain.ratings(2)
    const answer = taken(await device.sendBatch([...texts(before), faulty, ...texts(after)]))
    expect(answer).toMatchObject({ stored: 3, duplicate: 0, missing: [], through: formatSequence(4) })
    expect(answer.rejected).toEqual([
      { sequence: formatSequence(2), code: 'schema', detail: expect.stringContaining('data.level') },
    ])
    expect(answer.rejected[0]?.detail).not.toContain('9')
    expect(await events()).toBe(3)
  })

  test('may be mended by nobody but the device: a wrong hash is rejected as such', async () => {
    const [first, second] = texts(chain.ratings(2))
    const altered = String(second).replace('"level":5', '"level":4')
    const answer = taken(await device.sendBatch([String(first), altered]))
    expect(answer.rejected).toMatchObject([{ sequence: formatSequence(2), code: 'hash' }])
    expect(answer.stored).toBe(1)
  })

  test('alone with a wrong hash has no place that anybody could name: the whole batch is refused', async () => {
    const [first] = texts(chain.ratings(1))
    for (const [said, damaged] of [
      ['"level":5', '"level":4'],
      ['000000001"', '000000007"'],
      ['"epoch":1', '"epoch":3'],
    ] as const) {
      const answer = await device.sendBatch([String(first).replace(said, damaged)])
      expect(answer).toMatchObject({ status: 400, json: { code: 'batch-malformed' } })
    }
    expect(await events()).toBe(0)
  })

  test('has its own link to the one before it checked, inside a batch', async () => {
    const [first] = chain.ratings(1)
    chain.hash = 'B'.repeat(43)
    const astray = chain.next('rating', ratingData())
    const after = chain.next('rating', ratingData())
    const answer = taken(await device.sendBatch([String(first?.text), astray.text, after.text]))
    expect(answer.rejected).toMatchObject([{ sequence: formatSequence(2), code: 'prevhash' }])
    expect(answer.stored).toBe(2)
  })

  test('alone is rejected too, and can be sent again when the hall has learnt its type', async () => {
    const made = chain.next('rating', ratingData())
    const { hash: _, ...rest } = { ...made.event, type: 'cn.window24.weather.v1' }
    const unknown = canonicalText({ ...rest, hash: sha256Base64url(canonicalText(rest)) })
    const answer = taken(await device.sendBatch([unknown]))
    expect(answer).toMatchObject({
      stored: 0,
      rejected: [{ code: 'unknown-type' }],
      through: formatSequence(1),
    })
  })

  test('that was set aside and told of is not asked for again', async () => {
    const [first] = chain.ratings(1)
    const [lost] = chain.ratings(1)
    const told = chain.next('system', {
      fact: 'set-aside',
      epoch: 1,
      sequence: formatSequence(2),
      hash: String(lost?.event.hash),
      reason: 'schema',
    })
    await device.sendBatch([String(first?.text)])
    expect(taken(await device.sendBatch([told.text]))).toMatchObject({ stored: 1, missing: [] })
  })
})

describe('a fork', () => {
  test('at a stored sequence is 409 with what is stored, and nothing of the batch is kept', async () => {
    const common = chain.ratings(2)
    const clone = chain.branch()
    const mine = chain.ratings(1)
    await device.sendBatch(texts([...common, ...mine]))
    const answer = await device.sendBatch(texts([...common, ...clone.ratings(3)]))
    expect(answer.status).toBe(409)
    expect(answer.json).toMatchObject({ code: 'chain-fork' })
    expect(ForkDetails.parse(answer.json)).toEqual({
      epoch: 1,
      sequence: formatSequence(3),
      hash: mine[0]?.event.hash,
    })
    expect(await events()).toBe(3)
  })

  test('shows even when the clone sends only what comes after it', async () => {
    const clone = chain.branch()
    await device.sendBatch(texts(chain.ratings(3)))
    clone.ratings(3)
    const answer = await device.sendBatch(texts(clone.ratings(1)))
    expect(answer.status).toBe(409)
    expect(answer.json).toMatchObject({ code: 'chain-fork', sequence: formatSequence(3) })
  })
})

test('what is missing is named and taken when it comes', async () => {
  const all = chain.ratings(6)
  await device.sendBatch(texts(all.slice(0, 1)))
  const answer = taken(await device.sendBatch(texts(all.slice(4))))
  expect(answer).toMatchObject({ stored: 2, through: formatSequence(6) })
  expect(answer.missing).toEqual([2, 3, 4].map(formatSequence))
  expect(taken(await device.sendBatch(texts(all.slice(1, 4))))).toMatchObject({ stored: 3, missing: [] })
  expect(await events()).toBe(6)
})

test('a new epoch is a chain of its own beside the old one', async () => {
  await device.sendBatch(texts(chain.ratings(2)))
  chain.epoch = 2
  chain.sequence = 0
  expect(taken(await device.sendBatch(texts(chain.ratings(2))))).toMatchObject({
    epoch: 2,
    stored: 2,
    missing: [],
  })
})

describe('a batch is refused whole', () => {
  afterEach(async () => expect(await events()).toBe(0))

  const refused = async (answer: Promise<Reply>, status: number, code: string): Promise<void> => {
    const { status: seen, json } = await answer
    expect([seen, json.code]).toEqual([status, code])
  }

  test('when its events are not consecutive', async () => {
    const [first, , third] = texts(chain.ratings(3))
    await refused(device.sendBatch([String(first), String(third)]), 400, 'batch-not-consecutive')
  })

  test('when its events are of two epochs', async () => {
    const [first] = texts(chain.ratings(1))
    chain.epoch = 2
    await refused(device.sendBatch([String(first), ...texts(chain.ratings(1))]), 400, 'batch-not-consecutive')
  })

  test('when they are another device’s facts', async () => {
    const other = new TestChain('T-0007-AAAA')
    await refused(device.sendBatch(texts(other.ratings(1))), 400, 'batch-not-consecutive')
  })

  test('when nothing in it says where it belongs', async () => {
    await refused(sendBytes('[{"a":1},2]'), 400, 'batch-malformed')
    await refused(sendBytes('[]'), 400, 'batch-malformed')
    await refused(sendBytes('not JSON'), 400, 'batch-malformed')
  })

  test('when it is not what it says it is packed as', async () => {
    const plain = Buffer.from(`[${texts(chain.ratings(1))}]`)
    await refused(sendBytes(plain, { 'content-encoding': 'gzip' }), 400, 'batch-malformed')
    await refused(sendBytes(plain, { 'content-encoding': 'br' }), 415, 'encoding-unknown')
    await refused(sendBytes(plain, { 'content-type': 'application/json' }), 415, 'media-type')
  })

  test('when it unpacks to more than 1 MiB', async () => {
    const bomb = zstdCompressSync(Buffer.alloc(64 * 1024 * 1024, ' '))
    await refused(sendBytes(bomb, { 'content-encoding': 'zstd' }), 413, 'batch-too-large')
  })

  test('when it holds more than 500 events', async () => {
    const many = `[${texts(chain.ratings(501)).join(',')}]`
    await refused(
      sendBytes(zstdCompressSync(Buffer.from(many)), { 'content-encoding': 'zstd' }),
      413,
      'batch-too-large',
    )
  })
})
