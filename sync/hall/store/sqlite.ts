/** A hall's store in one SQLite file: WAL, FULL, STRICT. Several processes of one machine may have it open. */
import { migrate, openDatabase } from '../../sqlite.ts'
import { hallMigrations, storeOver } from './parts.ts'
import { sqliteFault } from './sqlite-faults.ts'
import { sqliteSql } from './sqlite-sql.ts'
import type { Store } from './store.ts'

/** @throws StoreError when the file cannot be opened, is no database, or was made by a newer version. */
export function openSqliteStore(path: string): Store {
  const db = openDatabase(path)
  try {
    migrate(db, hallMigrations)
    return storeOver(sqliteSql(db), async () => {
      db.close()
    })
  } catch (error) {
    db.close()
    throw sqliteFault(error, path)
  }
}
