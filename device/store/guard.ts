/**
 * Nothing is answered for after a failed sync. Whoever writes through this connection meets the error itself; the
 * guard sees to it that nobody after them writes at all, for the kernel says of such a failure only once.
 */
import Database from 'better-sqlite3'
import type { Db } from '../../sync/sqlite.ts'
import { storageProblem } from '../../sync/sqlite-faults.ts'

type Work = (...args: never[]) => unknown

/** @param onFailedSync called at once, within the call that met it, before anything else can be written */
export const guardSyncs = (db: Db, onFailedSync: (error: unknown) => void): void => {
  const watched =
    <F extends Work>(work: F) =>
    (...args: Parameters<F>): ReturnType<F> => {
      try {
        return work(...args) as ReturnType<F>
      } catch (error) {
        if (storageProblem(error) === 'sync-failed') onFailedSync(error)
        throw error
      }
    }
  const prepare = db.prepare.bind(db)
  const transaction = db.transaction.bind(db)
  const guarded = {
    prepare(source: string) {
      const statement = prepare(source)
      return Object.assign(statement, { run: watched(statement.run.bind(statement)) })
    },
    transaction<F extends Work>(work: F) {
      const {
        deferred,
        immediate,
        exclusive,
        default: plain,
      } = transaction(work as never) as unknown as Record<string, F>
      const variants = { deferred, immediate, exclusive, default: plain }
      const all = Object.fromEntries(
        Object.entries(variants).map(([name, variant]) => [name, watched(variant as F)]),
      )
      return Object.assign(watched(plain as F), all)
    },
    exec: watched(db.exec.bind(db) as Work),
    pragma: watched(db.pragma.bind(db) as Work),
  }
  Object.assign(db, guarded)
}

/**
 * Closes without the checkpoint that SQLite makes of the last close: it would copy what may not be on the disk and
 * remove the WAL that is. Another connection that may only read holds the file meanwhile, and never makes one.
 */
export const closeWithoutCheckpoint = (db: Db): void => {
  const { name } = db
  let holder: Database.Database | undefined
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
