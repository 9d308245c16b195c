import { describe, expect, it } from 'vitest'
import { loadIdentity } from '../../sync/identity.ts'
import { type Outbox, openOutbox } from '../../sync/outbox.ts'
import { checkEvent } from '../../sync/protocol/chain.ts'
import type { EventData } from '../../sync/protocol/events.ts'
import { publicSealingKey } from '../../sync/protocol/keys.ts'
import { type Db, StoreError } from '../../sync/sqlite.ts'
import { rating } from '../device/store/support.ts'
import { textsOf } from './support/batch-texts.ts'
import { DEVICE, hallKeys, openStore } from './support/device.ts'
import { testFolder } from './support/folder.ts'

const SESSION: EventData<'session'> = { services: ['guides'], seconds: 40, endedBy: 'citizen' }
const DAY_MS = 24 * 60 * 60 * 1000

interface Room {
  db: Db
  outbox: Outbox
  rate(count: number): number
  session(): boolean
}

function openRoom(dir: string, quotaBytes: number, clock = () => new Date()): Room {
  const identity = loadIdentity(dir)
  identity.enrol(DEVICE, publicSealingKey(hallKeys))
  const db = openStore(dir)
  const outbox = openOutbox({ db, identity, quotaBytes, clock })
  return {
    db,
    outbox,
    rate(count) {
      let done = 0
      for (; done < count; done += 1)
        db.transaction(() => outbox.append('rating', rating(done), clock())).immediate()
      return done
    },
    session: () => db.transaction(() => outbox.append('session', SESSION, clock())).immediate() !== null,
  }
}

/** Opened anew, so that the quota looks at once. */
const reopened = (room: Room, dir: string, quotaBytes: number, clock?: () => Date): Room => {
  room.outbox.close()
  room.db.close()
  return openRoom(dir, quotaBytes, clock)
}

describe('the quota', () => {
  it('promise 1: above four fifths of it counts what nobody waits for, and takes every rating', () => {
    const dir = testFolder()
    let now = Date.UTC(2026, 10, 21, 12)
    const clock = () => new Date(now)
    let room = openRoom(dir, 1_000_000_000, clock)
    expect(room.session()).toBe(true)
    room.db.transaction(() => {
      for (let one = 0; one < 4_000; one += 1) room.outbox.append('rating', rating(one), clock())
    })()
    const pages = Number(room.db.pragma('page_count', { simple: true }))
    const quota = Math.round((pages * 4096) / 0.83)
    room = reopened(room, dir, quota, clock)
    expect([room.session(), room.session()]).toEqual([false, false])
    expect(room.rate(20)).toBe(20)
    expect(room.outbox.backlog().count).toBe(4_021)

    // Delivered and 30 days old: there is room, and one fact tells what was not kept.
    room.outbox.release(1, 4_021)
    now += 31 * DAY_MS
    while (room.outbox.tidy());
    room = reopened(room, dir, quota, clock)
    const [text = ''] = textsOf(room.outbox.nextBatch())
    const told = checkEvent(text)
    expect(told.ok && told.event.data).toMatchObject({ fact: 'quota', dropped: { session: 2 } })
    expect(room.session()).toBe(true)
    expect(room.outbox.backlog().count).toBe(2)
    room = reopened(room, dir, quota, clock)
    expect(room.outbox.backlog().count).toBe(2)
  })

  it('promise 1: used up refuses a rating before thanks and loses none that was thanked for', () => {
    const dir = testFolder()
    let room = openRoom(dir, 10_000_000)
    room.rate(200)
    room = reopened(room, dir, 150_000)
    expect(() => room.rate(1)).toThrow(StoreError)
    expect(() => room.rate(1)).toThrow(/quota is used up.*raise storage\.quotaMiB/)
    expect(room.session()).toBe(false)
    expect(room.outbox.refusing()).toBe('quota-full')
    expect(room.outbox.backlog().count).toBe(200)
    expect(textsOf(room.outbox.nextBatch()).length).toBeGreaterThan(100)
    room = reopened(room, dir, 10_000_000)
    expect(room.rate(1)).toBe(1)
  })

  it('promise 1: refuses nobody for what the hall has: the oldest of that goes early instead', () => {
    const dir = testFolder()
    let room = openRoom(dir, 1_000_000_000)
    for (let round = 0; round < 30; round += 1) {
      room.rate(50)
      for (let batch = room.outbox.nextBatch(); batch !== null; batch = room.outbox.nextBatch())
        room.outbox.release(batch.epoch, batch.last)
    }
    room = reopened(room, dir, 1_000_000)
    expect(room.rate(1)).toBe(1)
    expect(room.outbox.refusing()).toBeNull()
    room = reopened(room, dir, 1_000_000)
    expect([room.session(), room.rate(1)]).toEqual([true, 1])
    expect(room.outbox.backlog().count).toBe(3)
    expect(room.db.prepare('SELECT count(*) FROM outbox_events').pluck().get()).toBeLessThan(1_000)
  })

  it('promise 1: a release that is done stays done when what is told after it cannot be written', () => {
    const dir = testFolder()
    const room = openRoom(dir, 10_000_000)
    room.rate(2)
    room.db.exec(`
      INSERT INTO outbox_dropped VALUES ('session', 2, 1);
      CREATE TRIGGER no_room BEFORE INSERT ON outbox_events BEGIN SELECT raise(FAIL, 'no'); END`)
    const told = reopened(room, dir, 10_000_000)
    told.outbox.release(1, 2)
    expect(told.outbox.backlog().count).toBe(0)
  })
})
