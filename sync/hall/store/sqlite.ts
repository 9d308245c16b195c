/** A hall's store in one SQLite file: WAL, FULL, STRICT. Several processes of one machine may have it open. */
import { schemaFault } from '../../schema-check.ts'
import { type Db, migrate, openDatabase, StoreError } from '../../sqlite.ts'
import { closeWithoutCheckpoint } from '../../sqlite-checkpoint.ts'
import { isUnreadable, storageProblem } from '../../sqlite-faults.ts'
import { noteDoubt } from '../../wal.ts'
import { hallMigrations, storeOver } from './parts.ts'
import { sqliteFault } from './sqlite-faults.ts'
import { holdFiles } from './sqlite-lock.ts'
import { openSqliteSql } from './sqlite-sql.ts'
import type { Store } from './store.ts'

/** @throws StoreError when the file cannot be opened, is damaged or no database, or was made by a newer version. */
export function openSqliteStore(path: string): Store {
  const letGo = holdFiles(path)
  let db: Db | undefined
  try {
    db = openDatabase(path)
    refuseDamaged(db)
    migrate(db, hallMigrations)
    const { sql, failed, close } = openSqliteSql(db)
    const closeAll = async (): Promise<void> => {
      try {
        close()
      } finally {
        letGo()
      }
    }
    return storeOver(sql, closeAll, failed)
  } catch (error) {
    if (storageProblem(error) === 'sync-failed') noteDoubt(path)
    if (db !== undefined) closeWithoutCheckpoint(db)
    letGo()
    throw sqliteFault(error, path)
  }
}

/** A wrong bit in what it says of its tables: SQLite takes the rest for sound, and some query would fail for ever. */
function refuseDamaged(db: Db): void {
  const fault = schemaFaultIn(db)
  if (fault === null) return
  const words = `${db.name} is damaged: ${fault}; move it away, restore it from a backup, and replace its disk`
  throw new StoreError('store-damaged', words)
}

/** In one reading: another process may be migrating it. */
function schemaFaultIn(db: Db): string | null {
  try {
    return db.transaction(() => schemaFault(db, hallMigrations))()
  } catch (error) {
    if (!isUnreadable(error) || !(error instanceof Error)) throw error
    return error.message
  }
}
