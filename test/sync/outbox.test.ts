import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { FIRST_PREVHASH, formatSequence } from '../../sync/protocol/identifiers.ts'
import { textsOf } from './support/batch-texts.ts'
import { DEVICE, eventsOf, openTestDevice } from './support/device.ts'
import { STOP } from './support/facts.ts'
import { testFolder } from './support/folder.ts'

const DAY_MS = 24 * 60 * 60 * 1000

describe('appending', () => {
  it('makes one chain from the first event on, without gaps', () => {
    const device = openTestDevice(testFolder())
    device.append(3)
    const events = eventsOf(device)
    expect(events.map((event) => event.sequence)).toEqual([1, 2, 3].map(formatSequence))
    expect(events.map((event) => event.source)).toEqual(new Array(3).fill(`/devices/${DEVICE}`))
    expect(events[0]?.prevhash).toBe(FIRST_PREVHASH)
    expect(events[1]?.prevhash).toBe(events[0]?.hash)
    expect(events[2]?.prevhash).toBe(events[1]?.hash)
    expect(device.outbox.head()).toEqual({ epoch: 1, sequence: formatSequence(3), hash: events[2]?.hash })
  })

  it('outside a transaction is a defect and leaves nothing', () => {
    const device = openTestDevice(testFolder())
    expect(() => device.outbox.append('system', STOP, new Date())).toThrow(/inside a transaction/)
    expect(device.outbox.head()).toBeNull()
  })

  it('before enrolment is a defect and leaves nothing', () => {
    const device = openTestDevice(testFolder(), { enrolled: false })
    expect(() => device.append(1)).toThrow(/begins with enrolment/)
    expect(device.outbox.backlog()).toEqual({ count: 0, oldestAt: null })
  })

  it('of data that break their schema is a defect and leaves nothing', () => {
    const device = openTestDevice(testFolder())
    const wrong = { services: [], seconds: -1, endedBy: 'idle' as const }
    const append = device.db.transaction(() => device.outbox.append('session', wrong, new Date()))
    expect(() => append()).toThrow(/data\.seconds/)
    expect(device.outbox.head()).toBeNull()
  })

  it('in a transaction that is undone leaves nothing, and no gap', () => {
    const device = openTestDevice(testFolder())
    device.append(1)
    const undone = device.db.transaction(() => {
      device.outbox.append('system', STOP, new Date())
      throw new Error('no paper')
    })
    expect(() => undone()).toThrow('no paper')
    device.append(1)
    const events = eventsOf(device)
    expect(events.map((event) => event.sequence)).toEqual([1, 2].map(formatSequence))
    expect(events[1]?.prevhash).toBe(events[0]?.hash)
  })

  it('keeps the time it is given, however wrong the clock', () => {
    const device = openTestDevice(testFolder())
    const at = new Date('1970-01-01T00:00:07.001Z')
    device.db.transaction(() => device.outbox.append('system', STOP, at))()
    expect(new Date(eventsOf(device)[0]?.time ?? '')).toEqual(at)
    expect(new Date(device.outbox.backlog().oldestAt ?? '')).toEqual(at)
  })

  it('is told after the transaction, once', async () => {
    const device = openTestDevice(testFolder())
    const seen: number[] = []
    device.outbox.onAppended(() => seen.push(device.outbox.backlog().count))
    device.db.transaction(() => {
      device.outbox.append('system', STOP, new Date())
      device.outbox.append('system', STOP, new Date())
    })()
    expect(seen).toEqual([])
    await setImmediate()
    expect(seen).toEqual([2])
  })
})

describe('batches', () => {
  it('hold what is oldest, within limits of number and size', () => {
    const device = openTestDevice(testFolder())
    device.append(5)
    expect(device.outbox.nextBatch({ maxEvents: 2 })).toMatchObject({ epoch: 1, first: 1, last: 2 })
    const [one = ''] = textsOf(device.outbox.nextBatch({ maxEvents: 1 }))
    const room = { maxBytes: 3 * (one.length + 1) + 2 }
    expect(textsOf(device.outbox.nextBatch(room))).toHaveLength(3)
    expect(device.outbox.nextBatch()).toMatchObject({ first: 1, last: 5 })
  })

  it('let go of what the hall has, and of nothing else', () => {
    const device = openTestDevice(testFolder())
    device.append(5)
    device.outbox.release(1, 3)
    expect(device.outbox.nextBatch()).toMatchObject({ first: 4, last: 5 })
    expect(device.outbox.backlog().count).toBe(2)
    device.outbox.release(2, 99)
    expect(device.outbox.backlog().count).toBe(2)
    device.outbox.release(1, 5)
    expect(device.outbox.nextBatch()).toBeNull()
  })

  it('are the same after a restart', () => {
    const dir = testFolder()
    const before = openTestDevice(dir)
    before.append(4)
    before.outbox.release(1, 2)
    const batch = before.outbox.nextBatch()
    before.close()
    expect(openTestDevice(dir).outbox.nextBatch()).toEqual(batch)
  })

  it('send again what the hall misses, in one consecutive run at a time', () => {
    const device = openTestDevice(testFolder())
    device.append(9)
    device.outbox.release(1, 8)
    expect(device.outbox.sendAgain(1, [3, 4, 77])).toBe(2)
    expect(device.outbox.nextBatch()).toMatchObject({ first: 3, last: 4 })
    device.outbox.release(1, 4)
    expect(device.outbox.nextBatch()).toMatchObject({ first: 9, last: 9 })
  })

  it('go around what was set aside, and the chain tells of it', () => {
    const device = openTestDevice(testFolder())
    device.append(4)
    const [, aside] = eventsOf(device)
    device.outbox.setAside(1, 2, 'schema')
    expect(device.outbox.nextBatch()).toMatchObject({ first: 1, last: 1 })
    device.outbox.release(1, 1)
    const events = eventsOf(device)
    expect(events.map((event) => event.sequence)).toEqual([3, 4, 5].map(formatSequence))
    expect(events.at(-1)?.data).toEqual({
      fact: 'set-aside',
      epoch: 1,
      sequence: formatSequence(2),
      hash: aside?.hash,
      reason: 'schema',
    })
    expect(events[0]?.prevhash).toBe(aside?.hash)
    expect(device.outbox.sendAgain(1, [2])).toBe(0)
  })
})

describe('what the hall has', () => {
  it('stays 30 days to be asked for, and no longer', () => {
    let now = new Date('2026-11-21T12:00:00Z').getTime()
    const device = openTestDevice(testFolder(), { clock: () => new Date(now) })
    device.append(2)
    device.outbox.release(1, 1)
    now += 30 * DAY_MS
    device.outbox.release(1, 2)
    expect(device.outbox.sendAgain(1, [1])).toBe(1)
    device.outbox.release(1, 2)
    now += 30 * DAY_MS + 1
    device.append(1)
    device.outbox.release(1, 3)
    while (device.outbox.tidy());
    expect(device.outbox.sendAgain(1, [1, 2, 3])).toBe(1)
  })

  it('is not thrown away because the clock had lost its battery', () => {
    let now = 7_000
    const device = openTestDevice(testFolder(), { clock: () => new Date(now) })
    device.append(2)
    device.outbox.release(1, 1)
    now = Date.UTC(2026, 10, 21)
    device.outbox.release(1, 2)
    while (device.outbox.tidy());
    expect(device.outbox.sendAgain(1, [1, 2])).toBe(2)
  })
})
