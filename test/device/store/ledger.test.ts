import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { Envelope } from '../../../sync/protocol/events.ts'
import { testFolder } from '../../sync/support/folder.ts'
import { copyFolder, drain, openTestRecords, rate } from './support.ts'

const HALL_HAS = 4
const CAPTURED = 12

/** Twelve ratings of which the hall has four, as they lie after a proper stop. */
const stoppedDevice = (): string => {
  const dir = testFolder()
  const records = openTestRecords(dir)
  rate(records, 10)
  records.outbox.nextBatch()
  records.outbox.release(1, HALL_HAS)
  rate(records, 2)
  records.close()
  return dir
}

const placesOf = (events: Envelope[], epoch: number): number[] =>
  events.filter((event) => event.epoch === epoch).map(({ sequence }) => Number(sequence))

const from = (first: number): number[] =>
  Array.from({ length: CAPTURED + 1 - first }, (_, index) => first + index)

/** Each as one flipped bit of a page leaves it; SQLite's own check finds none of them. */
const DAMAGE = [
  'UPDATE outbox_epochs SET through = 68',
  'UPDATE outbox_epochs SET through = 12',
  'UPDATE outbox_epochs SET through = 5',
  'UPDATE outbox_epochs SET through = 0',
  'UPDATE outbox_epochs SET epoch = 3',
  'UPDATE outbox_releases SET place = place + 1',
  'UPDATE outbox_releases SET place = place - 4',
  'UPDATE outbox_releases SET place = place + (1 << 41)',
  'UPDATE outbox_head SET sequence = 8',
  'UPDATE outbox_head SET sequence = 28',
  'UPDATE outbox_head SET sequence = 12 + (1 << 39)',
  'UPDATE outbox_head SET epoch = 0',
  'UPDATE outbox_head SET epoch = 9',
  `UPDATE outbox_head SET hash = CASE substr(hash, 1, 1) WHEN 'A' THEN 'C' ELSE 'A' END || substr(hash, 2)`,
  `UPDATE outbox_head SET device_id = 'Q-0571-0001'`,
]

describe('a number of the store that is no longer what was written', () => {
  it.each(DAMAGE)('promise 1: loses, forges and stops nothing: %s', (damage) => {
    const dir = stoppedDevice()
    const db = new Database(join(dir, 'store.sqlite'))
    db.exec(damage)
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    db.close()

    const after = openTestRecords(dir)
    expect(after.setAsideIn).not.toBeNull()
    rate(after, 2)
    const events = drain(after)
    // What the hall may have is sent once more; nothing less, and nothing that never was.
    const first = placesOf(events, 1)[0] ?? 0
    expect(first).toBeLessThanOrEqual(HALL_HAS + 1)
    expect(placesOf(events, 1)).toEqual(from(first))
    expect(events.filter(({ epoch }) => epoch === 2).map(({ data }) => data.fact ?? 'rating')).toEqual([
      'storage',
      'rating',
      'rating',
    ])
    expect(events.at(-3)?.prevhash).toBe(events.at(-4)?.hash)
    expect(after.outbox.backlog().count).toBe(0)
    after.close()
    const again = openTestRecords(dir)
    expect([again.setAsideIn, again.troubles]).toEqual([null, []])
  })

  it.each([1, 4, 1 << 20])(
    'promise 1: what was set aside never takes another out of the way: %i further on',
    (by) => {
      const dir = stoppedDevice()
      const before = openTestRecords(dir)
      before.outbox.setAside(1, 6, 'schema')
      before.close()
      const db = new Database(join(dir, 'store.sqlite'))
      db.pragma('ignore_check_constraints = ON')
      db.exec(`UPDATE outbox_aside SET place = place + ${by}`)
      db.close()

      const after = openTestRecords(dir)
      expect(after.setAsideIn).not.toBeNull()
      // The one that the hall would not take is sent once more, and is refused once more.
      const events = placesOf(drain(after), 1)
      expect(events).toEqual(from(events[0] ?? 0).concat(CAPTURED + 1))
      expect(events[0]).toBeLessThanOrEqual(HALL_HAS + 1)
      after.close()
      expect(openTestRecords(dir).setAsideIn).toBeNull()
    },
  )

  it('promise 2: an end of an old epoch that was never reached is no loss', () => {
    const dir = stoppedDevice()
    const whole = testFolder()
    copyFolder(dir, whole)
    const later = openTestRecords(dir)
    rate(later, 1)
    later.close()
    // The copy is older than what identity.json remembers: its epoch ends where it stands.
    copyFolder(join(whole, 'store.sqlite'), join(dir, 'store.sqlite'))
    const restored = openTestRecords(dir)
    rate(restored, 1)
    restored.close()
    const db = new Database(join(dir, 'store.sqlite'))
    db.exec('UPDATE outbox_epochs SET last = last + 16 WHERE epoch = 1')
    db.close()
    const after = openTestRecords(dir)
    const events = drain(after)
    expect(placesOf(events, 1)).toEqual(from(HALL_HAS + 1))
    expect(events.slice(-2).map(({ data }) => data.fact ?? 'rating')).toEqual(['rating', 'storage'])
  })

  it('is none where all that was sent is long gone', () => {
    const dir = stoppedDevice()
    let now = Date.now()
    const clock = { clock: () => new Date(now) }
    const records = openTestRecords(dir, clock)
    drain(records)
    now += 31 * 24 * 60 * 60 * 1000
    while (records.outbox.tidy());
    records.close()
    const after = openTestRecords(dir, clock)
    expect([after.setAsideIn, after.outbox.backlog().count]).toEqual([null, 0])
    rate(after, 1)
    expect(placesOf(drain(after), 1)).toEqual([CAPTURED + 1])
  })
})
