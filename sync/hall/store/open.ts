/** Where a hall keeps its store: a file in its folder, or the database it was told of. */
import { join } from 'node:path'
import { openPostgresStore } from './postgres.ts'
import { openSqliteStore } from './sqlite.ts'
import type { Store } from './store.ts'

export const STORE_FILE = 'hall.sqlite'

export interface HallStoreOptions {
  dataDir: string
  /** postgres://…; null for the file in `dataDir`. */
  database: string | null
  /** False: a database without a hall is refused. */
  mayBeNew?: boolean
}

/** @throws StoreError with a code and words for whoever starts the hall; an address's password is in none of them */
export async function openHallStore({
  dataDir,
  database,
  mayBeNew = true,
}: HallStoreOptions): Promise<Store> {
  return database === null
    ? openSqliteStore(join(dataDir, STORE_FILE))
    : await openPostgresStore(database, mayBeNew)
}
