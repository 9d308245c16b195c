import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { type ChainReport, verifyStore } from '../../../sync/hall/verify.ts'
import { inWords } from '../../../sync/hall/verify-words.ts'
import { canonicalText, sha256Base64url } from '../../../sync/protocol/canonical.ts'
import type { EventData } from '../../../sync/protocol/events.ts'
import { formatSequence, type Head } from '../../../sync/protocol/identifiers.ts'
import { openDatabase } from '../../../sync/sqlite.ts'
import {
  enrolledDevice,
  type Made,
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

async function verify(): Promise<ChainReport> {
  const store = openSqliteStore(join(hall.dataDir, 'hall.sqlite'))
  const [report] = await verifyStore(store)
  await store.close()
  if (report === undefined) throw new Error('no report')
  return report
}

/** What somebody with the file in hand does to it. */
function tamper(sql: string, ...values: (string | number)[]): void {
  const db = openDatabase(join(hall.dataDir, 'hall.sqlite'))
  db.prepare(sql).run(...values)
  db.close()
}

async function send(made: readonly Made[]): Promise<void> {
  expect((await device.sendBatch(texts(made))).status).toBe(200)
}

async function tell(head: Head): Promise<void> {
  const body = {
    role: 'pad',
    software: '0.1.0',
    uptimeSeconds: 1,
    bootId: '5f0c2d5e-8a56-4c07-9a39-64d4a80c8d6b',
    head,
    peripherals: {},
    paper: null,
    backlog: 0,
    oldestUnsentAt: null,
    clock: { synchronized: true, offsetMs: 0 },
    storage: { freeBytes: 1, totalBytes: 2 },
  }
  expect(
    (await device.ask({ method: 'PUT', path: `/v1/devices/${device.deviceId}/status`, body })).status,
  ).toBe(200)
}

const head = ({ event }: Made): Head => ({ epoch: event.epoch, sequence: event.sequence, hash: event.hash })

function last(made: readonly Made[]): Made {
  const one = made.at(-1)
  if (one === undefined) throw new Error('nothing was made')
  return one
}

function setAside(lost: Made, hash = lost.event.hash): EventData<'system'> {
  return { fact: 'set-aside', epoch: lost.event.epoch, sequence: lost.event.sequence, hash, reason: 'schema' }
}

function newEpoch(): void {
  chain.epoch += 1
  chain.sequence = 0
}

test('a whole chain has no faults', async () => {
  await send(chain.ratings(5))
  expect(await verify()).toMatchObject({
    deviceId: device.deviceId,
    events: 5,
    faults: [],
    setAside: 0,
    awaited: 0,
  })
})

test('a device that never sent anything has no faults', async () => {
  expect(await verify()).toMatchObject({ events: 0, faults: [] })
})

describe('missing', () => {
  test('a row taken out of the middle', async () => {
    await send(chain.ratings(5))
    tamper('DELETE FROM events WHERE sequence IN (2, 3)')
    expect((await verify()).faults).toMatchObject([{ kind: 'missing', epoch: 1, first: 2, last: 3 }])
  })

  test('the first row', async () => {
    await send(chain.ratings(3))
    tamper('DELETE FROM events WHERE sequence = 1')
    expect((await verify()).faults).toMatchObject([{ kind: 'missing', epoch: 1, first: 1, last: 1 }])
  })

  test('the last rows, which the hall has answered for', async () => {
    await send(chain.ratings(5))
    tamper('DELETE FROM events WHERE sequence > 3')
    expect((await verify()).faults).toMatchObject([{ kind: 'missing', epoch: 1, first: 4, last: 5 }])
  })

  test('all rows', async () => {
    await send(chain.ratings(2))
    tamper('DELETE FROM events')
    expect((await verify()).faults).toMatchObject([{ kind: 'missing', epoch: 1, first: 1, last: 2 }])
  })

  test('the end of an epoch that a new one goes on from', async () => {
    await send(chain.ratings(2))
    chain.ratings(1)
    newEpoch()
    await send(chain.ratings(2))
    expect((await verify()).faults).toMatchObject([{ kind: 'missing', epoch: 1, first: 3, last: null }])
  })
})

describe('no fault', () => {
  test('a new epoch that goes on from the last event', async () => {
    await send(chain.ratings(2))
    newEpoch()
    await send(chain.ratings(2))
    expect(await verify()).toMatchObject({ events: 4, faults: [] })
  })

  test('events that the device has told of and not sent yet', async () => {
    await send(chain.ratings(2))
    await tell(head(last(chain.ratings(3))))
    expect(await verify()).toMatchObject({ faults: [], awaited: 3 })
  })

  test('a hole that the device owned up to, with the hash that the chain goes on from', async () => {
    await send(chain.ratings(1))
    const lost = last(chain.ratings(1))
    await send([...chain.ratings(1), chain.next('system', setAside(lost))])
    expect(await verify()).toMatchObject({ events: 3, faults: [], setAside: 1 })
  })

  test('an end of an epoch that the device owned up to in the next one', async () => {
    await send(chain.ratings(1))
    const lost = last(chain.ratings(1))
    newEpoch()
    await send([chain.next('system', setAside(lost))])
    expect(await verify()).toMatchObject({ faults: [], setAside: 1 })
  })
})

test('a hole that was owned up to with another hash is missing', async () => {
  await send(chain.ratings(1))
  const lost = last(chain.ratings(1))
  await send([...chain.ratings(1), chain.next('system', setAside(lost, 'C'.repeat(43)))])
  expect((await verify()).faults).toMatchObject([{ kind: 'missing', first: 2, last: 2 }])
})

test('one of two holes owned up to leaves the other missing', async () => {
  await send(chain.ratings(1))
  const lost = last(chain.ratings(2))
  await send([...chain.ratings(1), chain.next('system', setAside(lost))])
  expect((await verify()).faults).toMatchObject([{ kind: 'missing', first: 2, last: 3 }])
})

describe('altered', () => {
  test('a text with another level in it', async () => {
    await send(chain.ratings(3))
    tamper(`UPDATE events SET text = replace(text, '"level":5', '"level":3') WHERE sequence = 2`)
    expect((await verify()).faults).toMatchObject([{ kind: 'altered', epoch: 1, first: 2, last: 2 }])
  })

  test('a row that was moved to another place', async () => {
    await send(chain.ratings(3))
    tamper('UPDATE events SET sequence = 9 WHERE sequence = 3')
    const kinds = (await verify()).faults.map(({ kind }) => kind)
    expect(kinds).toContain('altered')
    expect(kinds).toContain('missing')
  })

  test('a text that means the same and is not the same', async () => {
    await send(chain.ratings(2))
    tamper(`UPDATE events SET text = replace(text, '"level":5', '"level": 5') WHERE sequence = 1`)
    expect((await verify()).faults).toMatchObject([{ kind: 'altered', first: 1 }])
  })

  test('a hash beside the text that is not the text’s', async () => {
    await send(chain.ratings(2))
    tamper('UPDATE events SET hash = ? WHERE sequence = 2', 'D'.repeat(43))
    expect((await verify()).faults).toMatchObject([{ kind: 'altered', first: 2 }])
  })

  test('a text that no canonical form can be made of', async () => {
    await send(chain.ratings(2))
    tamper(`UPDATE events SET text = replace(text, '"serviceNumber":1', '"serviceNumber":"\\ud800"')
      WHERE sequence = 1`)
    expect((await verify()).faults).toMatchObject([{ kind: 'altered', first: 1 }])
  })

  test('a text that is no event any more', async () => {
    await send(chain.ratings(2))
    tamper(`UPDATE events SET text = '{}' WHERE sequence = 1`)
    expect((await verify()).faults).toMatchObject([{ kind: 'altered', first: 1 }])
  })
})

describe('a fork', () => {
  /** A text altered by somebody who knows how hashes are made. */
  function forge({ event }: Made): void {
    const { hash: _, ...rest } = { ...event, data: { ...event.data, level: 1 } }
    const hash = sha256Base64url(canonicalText(rest))
    const text = canonicalText({ ...rest, hash })
    tamper('UPDATE events SET text = ?, hash = ? WHERE sequence = ?', text, hash, Number(event.sequence))
  }

  test('an event forged with a right hash: the next one does not link to it', async () => {
    const made = chain.ratings(3)
    await send(made)
    forge(last(made.slice(0, 2)))
    expect((await verify()).faults).toMatchObject([{ kind: 'fork', epoch: 1, first: 3, last: 3 }])
  })

  test('the last event forged: the device has told of another', async () => {
    const made = chain.ratings(3)
    await send(made)
    await tell(head(last(made)))
    forge(last(made))
    expect((await verify()).faults).toMatchObject([{ kind: 'fork', epoch: 1, first: 3, last: 3 }])
  })

  test('that the hall refused is remembered', async () => {
    const clone = chain.branch()
    await send(chain.ratings(2))
    expect((await device.sendBatch(texts(clone.ratings(2)))).status).toBe(409)
    expect((await verify()).faults).toMatchObject([{ kind: 'fork', epoch: 1, first: null }])
  })

  test('a clone that only tells its status', async () => {
    const clone = chain.branch()
    await send(chain.ratings(2))
    await tell(head(last(clone.ratings(2))))
    expect((await verify()).faults).toMatchObject([{ kind: 'fork', epoch: 1, first: 2, last: 2 }])
  })

  test('an epoch that goes on from the middle of the one before', async () => {
    const made = chain.ratings(4)
    await send(made)
    newEpoch()
    chain.hash = last(made.slice(0, 2)).event.hash
    await send(chain.ratings(1))
    expect((await verify()).faults).toMatchObject([{ kind: 'fork', epoch: 1, first: 3, last: null }])
  })
})

test('what is found is said in words, with the place', async () => {
  await send(chain.ratings(4))
  tamper('DELETE FROM events WHERE sequence = 2')
  expect(inWords([await verify()])).toBe(
    `${device.deviceId} (12号窗口): 3 events, 1 fault\n  missing: epoch 1 at 2: no fact of the device owns up to it\n`,
  )
  expect(formatSequence(2)).toHaveLength(20)
})
