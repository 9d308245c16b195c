import { rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { openHallStore, STORE_FILE } from '../../../sync/hall/store/open.ts'
import { openSqliteSql } from '../../../sync/hall/store/sqlite-sql.ts'
import { openDatabase } from '../../../sync/sqlite.ts'
import { newFolder } from './helpers.ts'
import { sqlConformance } from './sql-conformance.ts'
import { clockConformance } from './store-clock-conformance.ts'
import { type StoreUnderTest, storeConformance } from './store-conformance.ts'
import { errandsConformance } from './store-errands-conformance.ts'
import { evaluationsConformance } from './store-evaluations-conformance.ts'
import { instancesConformance } from './store-instances-conformance.ts'
import { keepingConformance } from './store-keeping-conformance.ts'

async function make(): Promise<StoreUnderTest> {
  const folder = newFolder()
  const options = { dataDir: folder, database: null }
  const store = await openHallStore(options)
  return {
    store,
    options,
    reopen: async () => await openHallStore(options),
    async rows(text) {
      const db = new Database(join(folder, STORE_FILE), { readonly: true })
      const rows = db.prepare<[], object>(text).all()
      db.close()
      return rows
    },
    async remove() {
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

storeConformance('SQLite', make)
keepingConformance('SQLite', make)
instancesConformance('SQLite', make)
errandsConformance('SQLite', make)
evaluationsConformance('SQLite', make)
clockConformance('SQLite', make)

sqlConformance('SQLite', async () => {
  const folder = newFolder()
  const open = () => openDatabase(join(folder, 'any.sqlite'))
  const [one, other] = [open(), open()]
  return {
    sql: openSqliteSql(one).sql,
    other: openSqliteSql(other).sql,
    async remove() {
      for (const db of [one, other]) db.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
})
