/**
 * Checkpoints, made by whoever opens a store: of a sync that fails within SQLite's own, at a commit or a close, it says
 * nothing, and the close removes the WAL, by then the only good copy.
 */
import Database from 'better-sqlite3'
import type { Db } from './sqlite.ts'
import { storageProblem } from './sqlite-faults.ts'
import { noteDoubt } from './wal.ts'

interface WalPages {
  log: number
  checkpointed: number
  /** 1: another connection was in the way. */
  busy: 0 | 1
}

/**
 * For after each commit: copies the WAL into the store once so many of its pages are not there yet. Passive: it waits
 * for no reader and hinders no writer. A few microseconds while there is nothing to do.
 * @throws SQLite's error of a sync that failed; after any other the WAL is whole, and the next commit tries again
 */
export function checkpointer(db: Db, pages: number): () => void {
  const look = db.prepare<[], WalPages>('PRAGMA wal_checkpoint(NOOP)')
  const copy = db.prepare<[], WalPages>('PRAGMA wal_checkpoint(PASSIVE)')
  return () => {
    try {
      const wal = look.get()
      if (wal !== undefined && wal.log - wal.checkpointed >= pages) copy.get()
    } catch (error) {
      if (storageProblem(error) === 'sync-failed') throw error
    }
  }
}

/**
 * Copies the WAL into the store and closes. Where somebody reads, or the disk does not take it, the WAL stays for the
 * next one to open.
 * @throws SQLite's error of a sync that failed: noted for the next opening, and everything closed
 */
export function closeWhole(db: Db): void {
  let isWhole = false
  try {
    db.pragma('busy_timeout = 0')
    const [wal] = db.pragma('wal_checkpoint(TRUNCATE)') as WalPages[]
    isWhole = wal?.busy === 0
  } catch (error) {
    if (storageProblem(error) !== 'sync-failed') return
    noteDoubt(db.name)
    throw error
  } finally {
    if (isWhole) db.close()
    else closeWithoutCheckpoint(db)
  }
}

/**
 * Closes without the checkpoint that SQLite makes of the last close: it would copy what may not be on the disk and
 * remove the WAL that is. Another connection that may only read holds the file meanwhile, and never makes one.
 */
export function closeWithoutCheckpoint(db: Db): void {
  const { name } = db
  let holder: Db | undefined
  try {
    holder = new Database(name, { readonly: true, fileMustExist: true })
    holder.exec('BEGIN')
    holder.prepare('SELECT count(*) FROM sqlite_schema').get()
  } catch {
    // Then SQLite finds the same trouble and leaves its WAL alone.
  }
  db.close()
  holder?.close()
}
