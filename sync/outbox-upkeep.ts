/**
 * What keeps a store small: old events go, empty pages go back to the disk, the WAL goes into the store. Each step is
 * short and leaves the device time for whoever stands before it.
 */
import { epochOf, placeOf } from './outbox-place.ts'
import type { Reserve } from './reserve.ts'
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

/** A step takes at most a quarter of the time. */
const PAUSE_FOR_STEP = 3
const PAUSE_AT_LEAST_MS = 20

/** The reserve was given, and there is no room to take it back yet. */
const RESERVE_AGAIN_MS = 1_000

/** Somebody reads the store for long, or its disk is in trouble: later. */
const AGAIN_AFTER_TROUBLE_MS = 5_000

export interface Upkeep {
  /** A transaction was committed. */
  noteTransaction(): void
  /** Something was released. */
  wake(): void
  /** One step now; false when there is nothing left to do. */
  step(): boolean
  /** Lets go, in one short step, of the oldest that the hall has; false when it has nothing of it any more. */
  makeRoom(): boolean
  close(): void
}

/**
 * @param remembered the hash that identity.json holds: its event stays, and the last one, or a restart could not tell
 * where the chain stands
 * @param withRoom does work that must succeed on a full disk
 */
export function startUpkeep(options: {
  db: Db
  clock: () => Date | null
  remembered: () => string
  withRoom: <T>(work: () => T) => T
  onTrouble: (error: unknown) => void
  reserve: Reserve | undefined
}): Upkeep {
  const { db, clock, remembered, withRoom, onTrouble, reserve } = options
  const sql = statements(db)
  const shrinks = db.pragma('auto_vacuum', { simple: true }) === 2
  let heldBack = 0
  let timer: NodeJS.Timeout | undefined

  const vacuum = (): boolean => {
    if (!shrinks) return false
    const free = Number(db.pragma('freelist_count', { simple: true }))
    const live = Number(db.pragma('page_count', { simple: true })) - free
    if (free * LIVE_PAGES_FOR_A_FREE_ONE <= live) return false
    db.pragma(`incremental_vacuum(${VACUUM_PAGES})`)
    return true
  }

  /** Whoever wrote them. */
  const waitingPages = (): number => {
    const wal = sql.wal.get()
    return wal === undefined ? 0 : wal.log - wal.checkpointed
  }

  /** Passive: it waits for no reader and hinders no writer. What a reader holds back is tried again with the next ones. */
  const checkpoint = (): boolean => {
    const waiting = waitingPages()
    if (waiting < heldBack + CHECKPOINT_PAGES) {
      heldBack = Math.min(heldBack, waiting)
      return false
    }
    db.pragma('wal_checkpoint(PASSIVE)')
    heldBack = waitingPages()
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
        return letGo(oldest)
      })
      .immediate()
  }

  /** A step's worth of what was let go up to there, the oldest first. */
  const letGo = ({ place }: { place: number }): boolean => {
    const from = placeOf(epochOf(place), 0)
    const { changes } = sql.prune.run(from, place, remembered(), PRUNE_ROWS)
    if (changes < PRUNE_ROWS) {
      sql.forgetBefore.run(from, place)
      sql.isGone.run(place)
    }
    return true
  }

  const makeRoom = (): boolean =>
    db
      .transaction(() => {
        const oldest = sql.oldest.get()
        if (oldest === undefined) return false
        // All that the hall has of that epoch, not the few of one release.
        const newest = sql.newestOf.get(placeOf(epochOf(oldest.place) + 1, 0)) ?? oldest
        return letGo(newest)
      })
      .immediate()

  const step = (): boolean => withRoom(() => checkpoint() || prune() || vacuum())

  const run = (): void => {
    timer = undefined
    if (!db.open) return
    if (db.inTransaction) {
      schedule(PAUSE_AT_LEAST_MS)
      return
    }
    // Never within a capture: it is megabytes that are written.
    if (reserve?.take() === false) schedule(RESERVE_AGAIN_MS)
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
      if (waitingPages() >= heldBack + CHECKPOINT_PAGES) schedule(PAUSE_AT_LEAST_MS)
    },
    wake: () => schedule(PAUSE_AT_LEAST_MS),
    step,
    makeRoom,
    close: () => clearTimeout(timer),
  }
}

function statements(db: Db) {
  return {
    wal: db.prepare<[], { log: number; checkpointed: number }>('PRAGMA wal_checkpoint(NOOP)'),
    oldest: db.prepare<[], { place: number; at: number }>(
      'SELECT place, at FROM outbox_releases WHERE at > 0 ORDER BY place LIMIT 1',
    ),
    newestOf: db.prepare<[number], { place: number }>(
      'SELECT place FROM outbox_releases WHERE place < ? ORDER BY place DESC LIMIT 1',
    ),
    believe: db.prepare<[number, number, number]>(
      'UPDATE outbox_releases SET at = ? WHERE at > 0 AND (at < ? OR at > ?)',
    ),
    prune: db.prepare<[number, number, string, number]>(
      `DELETE FROM outbox_events WHERE place IN (
         SELECT place FROM outbox_events WHERE place BETWEEN ? AND ? AND hash <> ?
           AND place < (SELECT max(place) FROM outbox_events)
           AND place NOT IN (SELECT place FROM outbox_again) AND place NOT IN (SELECT place FROM outbox_aside)
         ORDER BY place LIMIT ?)`,
    ),
    /** The newest of an epoch stays: it says a second time what was sent. */
    forgetBefore: db.prepare<[number, number]>('DELETE FROM outbox_releases WHERE place >= ? AND place < ?'),
    isGone: db.prepare<[number]>('UPDATE outbox_releases SET at = 0 WHERE place = ?'),
  }
}
