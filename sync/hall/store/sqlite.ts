/** A hall's store in one SQLite file: WAL, FULL, STRICT. Several processes of one machine may have it open. */
import { type Db, migrate, openDatabase } from '../../sqlite.ts'
import { closeWithoutCheckpoint } from '../../sqlite-checkpoint.ts'
import { storageProblem } from '../../sqlite-faults.ts'
import { noteDoubt } from '../../wal.ts'
import { hallMigrations, storeOver } from './parts.ts'
import { sqliteFault } from './sqlite-faults.ts'
import { holdFiles } from './sqlite-lock.ts'
import { openSqliteSql } from './sqlite-sql.ts'
import type { Store } from './store.ts'

/** @throws StoreError when the file cannot be opened, is no database, or was made by a newer version. */
export function openSqliteStore(path: string): Store {
  const letGo = holdFiles(path)
  let db: Db | undefined
  try {
    db = openDatabase(path)
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
