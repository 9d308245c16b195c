/**
 * Nothing is answered for after a failed sync. Whoever writes through this connection meets the error itself; the
 * guard sees to it that nobody after them writes at all, for the kernel says of such a failure only once.
 */
import type { Db } from '../../sync/sqlite.ts'
import { checkpointer } from '../../sync/sqlite-checkpoint.ts'
import { storageProblem } from '../../sync/sqlite-faults.ts'

/** Checkpoints are made between captures (outbox-upkeep.ts); where that never comes about, here at 16 MiB. */
const CHECKPOINT_AT_LAST_PAGES = 4_000

/** A rating is some ten pages: asked so seldom, nobody who waits pays for the answer. */
const LOOKED_AFTER_COMMITS = 32

type Work = (...args: never[]) => unknown

/** @param onFailedSync called at once, within the call that met it, before anything else can be written */
export const guardSyncs = (db: Db, onFailedSync: (error: unknown) => void): void => {
  const checkpointAtLast = checkpointer(db, CHECKPOINT_AT_LAST_PAGES)
  let commits = 0
  const lookSometimes = (): void => {
    commits += 1
    if (commits % LOOKED_AFTER_COMMITS === 0) checkpointAtLast()
  }
  const watched =
    <F extends Work>(work: F) =>
    (...args: Parameters<F>): ReturnType<F> => {
      try {
        const result = work(...args) as ReturnType<F>
        if (!db.inTransaction) lookSometimes()
        return result
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
