import { beforeAll } from 'vitest'
import { openHallStore } from '../../../sync/hall/store/open.ts'
import { openPostgres } from '../../../sync/hall/store/postgres.ts'
import { sqlConformance } from './sql-conformance.ts'
import { clockConformance } from './store-clock-conformance.ts'
import { type StoreUnderTest, storeConformance } from './store-conformance.ts'
import { errandsConformance } from './store-errands-conformance.ts'
import { evaluationsConformance } from './store-evaluations-conformance.ts'
import { instancesConformance } from './store-instances-conformance.ts'
import { keepingConformance } from './store-keeping-conformance.ts'
import { postgresOfThisFile } from './support/postgres-of-file.ts'

/** A new database costs many syncs; one that is emptied after each test costs one. */
const EMPTY = `
  SET session_replication_role = replica;
  DROP TABLE IF EXISTS things;
  DO $$ DECLARE name TEXT; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations' LOOP
      EXECUTE format('DELETE FROM %I', name);
    END LOOP;
  END $$`

const server = postgresOfThisFile()
let database = ''
beforeAll(async () => {
  database = await server().newDatabase()
})

const empty = async (): Promise<void> => void (await server().ask(EMPTY, database))

async function make(): Promise<StoreUnderTest> {
  const options = { dataDir: '/nowhere', database }
  const store = await openHallStore(options)
  return {
    store,
    options,
    reopen: async () => await openHallStore(options),
    rows: async (text) => await server().ask(text, database),
    async remove() {
      await store.close()
      await empty()
    },
  }
}

storeConformance('PostgreSQL', make)
keepingConformance('PostgreSQL', make)
instancesConformance('PostgreSQL', make)
errandsConformance('PostgreSQL', make)
evaluationsConformance('PostgreSQL', make)
clockConformance('PostgreSQL', make)

sqlConformance('PostgreSQL', async () => {
  const [one, other] = [await openPostgres(database), await openPostgres(database)]
  return {
    sql: one.sql,
    other: other.sql,
    async remove() {
      for (const { close } of [one, other]) await close()
      await empty()
    },
  }
})
