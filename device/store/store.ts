/** A device's one SQLite file: every room's tables, each room its own. */
import { join } from 'node:path'
import { downlinkMigrations } from '../../sync/downlink.ts'
import { outboxMigrations } from '../../sync/outbox.ts'
import { type Db, type Migration, migrate, openDatabase } from '../../sync/sqlite.ts'
import { PRINTING_TABLES } from '../printing/schema.ts'
import { KEYPAD_COLUMN, RATING_TABLES } from '../rating/schema.ts'

export const STORE_FILE = 'store.sqlite'

const migrations: readonly Migration[] = [
  ...outboxMigrations,
  ...downlinkMigrations,
  { name: 'rating-1', sql: RATING_TABLES },
  { name: 'printing-1', sql: PRINTING_TABLES },
  { name: 'rating-2', sql: KEYPAD_COLUMN },
]

/** @throws StoreError when the file cannot be opened, is damaged or was written by a newer version */
export const openStore = (dataDir: string): Db => {
  const db = openDatabase(join(dataDir, STORE_FILE))
  try {
    migrate(db, migrations)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}
