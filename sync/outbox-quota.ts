/**
 * How much of a disk a device's store may take. Above four fifths of it what nobody waits for is counted instead of
 * kept, so that the last fifth is for ratings; at all of it a rating is refused before thanks, as on a full disk.
 */
import { statSync } from 'node:fs'
import type { EventData, EventType } from './protocol/events.ts'
import { formatInstant } from './protocol/identifiers.ts'
import type { Db } from './sqlite.ts'

const SPARING_FROM = 0.8
/** Below the other by more than one drained batch, or it would begin and end with each of them. */
const SPARING_UNTIL = 0.75

/**
 * What upkeep lets a WAL grow to is written over again and again: it is the price of having one, and counts for
 * nothing here, or a small quota would be used up by what the hall has long had. What a long reader adds, counts.
 */
const WAL_FREE_BYTES = 4 * 1024 * 1024

/** Of what the hall has, let go early within one call: some ten milliseconds each. */
const STEPS_AT_MOST = 8

/** A store grows by kilobytes a minute; two pragmas and a stat are not for every event. */
const LOOK_EVERY_MS = 1_000

/**
 * What is kept while there is any room: what somebody said or was handed, and what explains a hole in the chain. The
 * rest tells how the machine was used; a number of them is enough. Declined questions are silence, not ratings.
 */
const KEPT: Record<EventType, boolean> = {
  rating: true,
  'rating-declined': false,
  print: true,
  report: true,
  complaint: true,
  request: true,
  pickup: true,
  ticket: true,
  session: false,
  peripheral: false,
  technician: true,
  system: false,
}

export type Admission =
  | 'append' //
  | 'count' // one more that the quota did not let in
  | 'refuse' // no room for anything

export interface Quota {
  admit<T extends EventType>(type: T, data: EventData<T>): Admission
  /** Counts a fact that was not let in, in the caller's transaction. */
  count(type: EventType, at: Date): void
  /** The fact that tells of them, once there is room for what comes; null while there is none, or none to tell of. */
  toTell(): Extract<EventData<'system'>, { fact: 'quota' }> | null
  /** After it was told, in the same transaction. */
  told(): void
  usedBytes(): number
  isUsedUp(): boolean
}

interface DroppedRow {
  type: string
  count: number
  since: number
}

/**
 * Room is made of what the hall has, however lately, before anything is counted instead of kept: only what it has not
 * got is worth a refusal.
 * @param makeRoom one short step, within a transaction or without; false when there is nothing left to let go
 */
export function openQuota(db: Db, quotaBytes: number, makeRoom: () => boolean): Quota {
  const sql = {
    add: db.prepare<[string, number]>(
      `INSERT INTO outbox_dropped (type, count, since) VALUES (?, 1, ?)
       ON CONFLICT DO UPDATE SET count = count + 1`,
    ),
    dropped: db.prepare<[], DroppedRow>('SELECT type, count, since FROM outbox_dropped ORDER BY type'),
    forget: db.prepare('DELETE FROM outbox_dropped'),
  }
  let lookedAtMs = Number.NEGATIVE_INFINITY
  let used = 0
  let live = 0
  let sparing = sql.dropped.get() !== undefined

  const look = (): void => {
    ;({ live, used } = measureStore(db))
    lookedAtMs = performance.now()
    sparing = used > quotaBytes * (sparing ? SPARING_UNTIL : SPARING_FROM)
  }
  const lookSometimes = (): void => {
    if (performance.now() - lookedAtMs >= LOOK_EVERY_MS) look()
  }

  const relieve = (isEnough: () => boolean, stepsAtMost = STEPS_AT_MOST): void => {
    for (let step = 0; step < stepsAtMost && !isEnough() && makeRoom(); step += 1) look()
  }
  /** Where it is the WAL that is too large, letting go would only make it larger. */
  const isSpared = (): boolean => !sparing || live <= quotaBytes * SPARING_UNTIL
  const isFull = (): boolean => {
    if (live < quotaBytes) return false
    look()
    // A refusal would undo what a few steps have won.
    relieve(() => live < quotaBytes, Number.POSITIVE_INFINITY)
    return live >= quotaBytes
  }

  return {
    admit(type, data) {
      lookSometimes()
      // A hole is told however little room there is: without its fact a whole chain would look forged.
      if (type === 'system' && 'fact' in data && data.fact === 'set-aside') return 'append'
      if (isFull()) return KEPT[type] ? 'refuse' : 'count'
      if (!KEPT[type]) relieve(isSpared)
      const explains =
        type === 'system' && 'fact' in data && (data.fact === 'quota' || data.fact === 'storage')
      return sparing && !KEPT[type] && !explains ? 'count' : 'append'
    },
    count(type, at) {
      sql.add.run(type, at.getTime())
    },
    toTell() {
      if (!sparing && sql.dropped.get() === undefined) return null
      look()
      relieve(isSpared)
      const rows = sql.dropped.all()
      if (sparing || rows.length === 0) return null
      return {
        fact: 'quota',
        since: formatInstant(new Date(Math.min(...rows.map((row) => row.since)))),
        dropped: Object.fromEntries(rows.map((row) => [row.type, row.count])),
      }
    },
    told: () => void sql.forget.run(),
    usedBytes() {
      look()
      return used
    },
    isUsedUp() {
      lookSometimes()
      return isFull()
    },
  }
}

/**
 * Bytes of a store by which its quota is judged: live pages, and those with the WAL. What SQLite holds free it gives to
 * the next event, not to the quota.
 */
export function measureStore(db: Db): { live: number; used: number } {
  const pageSize = Number(db.pragma('page_size', { simple: true }))
  const pages = Number(db.pragma('page_count', { simple: true }))
  const free = Number(db.pragma('freelist_count', { simple: true }))
  const wal = statSync(`${db.name}-wal`, { throwIfNoEntry: false })?.size ?? 0
  const live = (pages - free) * pageSize
  return { live, used: live + Math.max(0, wal - WAL_FREE_BYTES) }
}
