/**
 * What keeps a store small: old events go, empty pages go back to the disk, the WAL goes into the store. Each step is
 * short and leaves the device time for whoever stands before it.
 */
import { epochOf, placeOf } from './outbox-place.ts'
import type { Db } from './sqlite.ts'

/** The contract's: so long can a hall that lost its own store ask again. */
const RELEASED_KEPT_MS = 30 * 24 * 60 * 60 * 1000

/** Before this no device of this version ran: a clock that says less has lost its battery, not gone back. */
const CLOCK_BELIEVED_FROM_MS = Date.UTC(2026, 0, 1)

/** Some 40 pages of events: a step of a few milliseconds. */
const PRUNE_ROWS = 160
const VACUUM_PAGES = 32

/** Free pages beside so many live ones are kept for what comes next; a file is at most half as large again. */
const LIVE_PAGES_FOR_A_FREE_ONE = 2

/** 1.6 MiB of WAL: a checkpoint of some milliseconds, after a capture and never within one. */
const CHECKPOINT_PAGES = 400
/** Of a transaction, for the sum of that many: a rating touches eight. */
const PAGES_OF_A_TRANSACTION = 8

/** A step takes at most a quarter of the time. */
const PAUSE_FOR_STEP = 3
const PAUSE_AT_LEAST_MS = 20

/** Somebody reads the store for long, or its disk is in trouble: later. */
const AGAIN_AFTER_TROUBLE_MS = 5_000

export interface Upkeep {
  /** A transaction was committed. */
  noteTransaction(): void
  /** Something was released. */
  wake(): void
  /** One step now; false when there is nothing left to do. */
  step(): boolean
  close(): void
}

/**
 * @param remembered the hash that identity.json holds: its event stays, or a restart could not tell where it stands
 * @param withRoom does work that must succeed on a full disk
 */
export function startUpkeep(options: {
  db: Db
  clock: () => Date | null
  remembered: () => string
  withRoom: <T>(work: () => T) => T
  onTrouble: (error: unknown) => void
}): Upkeep {
  const { db, clock, remembered, withRoom, onTrouble } = options
  const sql = statements(db)
  const shrinks = db.pragma('auto_vacuum', { simple: true }) === 2
  let walPages = 0
  let timer: NodeJS.Timeout | undefined

  const vacuum = (): boolean => {
    if (!shrinks) return false
    const free = Number(db.pragma('freelist_count', { simple: true }))
    const live = Number(db.pragma('page_count', { simple: true })) - free
    if (free * LIVE_PAGES_FOR_A_FREE_ONE <= live) return false
    db.pragma(`incremental_vacuum(${VACUUM_PAGES})`)
    walPages += VACUUM_PAGES
    return true
  }

  /** Passive: it waits for no reader and hinders no writer. */
  const checkpoint = (): boolean => {
    if (walPages < CHECKPOINT_PAGES) return false
    walPages = 0
    db.pragma('wal_checkpoint(PASSIVE)')
    return true
  }

  const prune = (): boolean => {
    const now = clock()?.getTime() ?? 0
    if (now < CLOCK_BELIEVED_FROM_MS || !sql.oldest.get()) return false
    return db
      .transaction(() => {
        sql.believe.run(now, CLOCK_BELIEVED_FROM_MS, now)
        const oldest = sql.oldest.get()
        if (oldest === undefined || oldest.at >= now - RELEASED_KEPT_MS) return false
        const from = placeOf(epochOf(oldest.place), 0)
        const { changes } = sql.prune.run(from, oldest.place, remembered(), PRUNE_ROWS)
        if (changes < PRUNE_ROWS) sql.forget.run(oldest.place)
        walPages += changes
        return true
      })
      .immediate()
  }

  const step = (): boolean => withRoom(() => checkpoint() || prune() || vacuum())

  const run = (): void => {
    timer = undefined
    if (!db.open) return
    if (db.inTransaction) {
      schedule(PAUSE_AT_LEAST_MS)
      return
    }
    const startedMs = performance.now()
    try {
      if (step()) schedule(Math.max(PAUSE_AT_LEAST_MS, PAUSE_FOR_STEP * (performance.now() - startedMs)))
    } catch (error) {
      onTrouble(error)
      schedule(AGAIN_AFTER_TROUBLE_MS)
    }
  }
  const schedule = (waitMs: number): void => {
    timer ??= setTimeout(run, waitMs)
    timer.unref()
  }

  return {
    noteTransaction() {
      walPages += PAGES_OF_A_TRANSACTION
      if (walPages >= CHECKPOINT_PAGES) schedule(PAUSE_AT_LEAST_MS)
    },
    wake: () => schedule(PAUSE_AT_LEAST_MS),
    step,
    close: () => clearTimeout(timer),
  }
}

function statements(db: Db) {
  return {
    oldest: db.prepare<[], { place: number; at: number }>(
      'SELECT place, at FROM outbox_releases ORDER BY place LIMIT 1',
    ),
    believe: db.prepare<[number, number, number]>('UPDATE outbox_releases SET at = ? WHERE at < ? OR at > ?'),
    prune: db.prepare<[number, number, string, number]>(
      `DELETE FROM outbox_events WHERE place IN (
         SELECT place FROM outbox_events WHERE place BETWEEN ? AND ? AND hash <> ?
           AND place NOT IN (SELECT place FROM outbox_again) AND place NOT IN (SELECT place FROM outbox_aside)
         ORDER BY place LIMIT ?)`,
    ),
    forget: db.prepare<[number]>('DELETE FROM outbox_releases WHERE place = ?'),
  }
}
