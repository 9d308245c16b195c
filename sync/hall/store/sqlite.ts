/** A hall's store in one SQLite file: WAL, FULL, STRICT. Several processes of one machine may have it open. */
import { migrate, openDatabase } from '../../sqlite.ts'
import { hallMigrations } from './schema.ts'
import { chainPart } from './sqlite-chain.ts'
import { devicePart } from './sqlite-devices.ts'
import { oncePart } from './sqlite-once.ts'
import type { Store } from './store.ts'

/** @throws Error when the file cannot be opened, is no database, or was made by a newer version. */
export function openSqliteStore(path: string): Store {
  const db = openDatabase(path)
  try {
    migrate(db, hallMigrations)
    return {
      ...devicePart(db),
      ...chainPart(db),
      ...oncePart(db),
      async close() {
        db.close()
      },
    }
  } catch (error) {
    db.close()
    throw error
  }
}
