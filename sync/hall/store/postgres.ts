/**
 * A hall's store in PostgreSQL, for any number of instances at once. They share tables and locks and need not know
 * of each other.
 */
import { Client, type ClientBase, Pool, types } from 'pg'
import { StoreError } from '../../sqlite.ts'
import { HallError } from '../fault.ts'
import { hallMigrations, storeOver } from './parts.ts'
import { POOLED, postgresFault } from './postgres-faults.ts'
import { inPostgres } from './postgres-schema.ts'
import { postgresSql, takeLock } from './postgres-sql.ts'
import type { HallMigration } from './schema.ts'
import type { EngineSql } from './sql.ts'
import type { Store } from './store.ts'

/** Twice what two cores of a database server keep busy; ten instances still fit its usual limit of 100. */
const CONNECTIONS = 8

/** A device waits longer for its answer than this; so that it is told, rather than left. */
const CONNECT_TIMEOUT_MS = 5_000

/** The longest statement is a page of a chain; what takes this long hangs. */
const STATEMENT_TIMEOUT_MS = 30_000

/** A lock is held for one batch; whoever waits this long stands behind an instance that hangs. */
const LOCK_TIMEOUT_MS = 10_000

/** An instance that stands still within a transaction would keep its device's lock. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000

/** The server ends a statement first; this is for a line that is cut without a word. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000

/** The oldest whose makers still mended it when this was written. */
const OLDEST_VERSION = 14

const MIGRATIONS_LOCK = 'migrations'

/** OIDs of bigint and of numeric, which a sum of bigints is (pg_type.dat). */
const WHOLE_NUMBERS: ReadonlySet<number> = new Set([20, 1700])

/**
 * @param url postgres://USER:PASSWORD@HOST:PORT/DATABASE; what is not in it comes from PGHOST, PGUSER, PGPASSWORD…
 * and ~/.pgpass as with psql. It is in no error and no log.
 * @param mayBeNew false: a database without a hall is refused and left as it is
 * @throws StoreError in words: not reached, not let in, no such database, not safe, too old, newer than this software
 */
export async function openPostgresStore(url: string, mayBeNew = true): Promise<Store> {
  const { sql, close } = await openPostgres(url, mayBeNew)
  return storeOver(sql, close)
}

/** The database with all tables in it. @throws as `openPostgresStore` */
export async function openPostgres(
  url: string,
  mayBeNew = true,
): Promise<{ sql: EngineSql; close: () => Promise<void> }> {
  const place = placeOf(url)
  const pool = new Pool({
    connectionString: url,
    application_name: 'window24 hall',
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
    types: { getTypeParser },
    onConnect: (client) => prepare(client, place),
  })
  // A connection that is lost while nobody uses it is replaced by the next one that is asked for.
  pool.on('error', () => {})
  const close = async (): Promise<void> => await pool.end()
  try {
    await requireOwnSessions(pool)
    if (!mayBeNew) await requireHall(pool, place)
    await migratePostgres(pool, place)
  } catch (error) {
    await close()
    throw postgresFault(error, place)
  }
  return { sql: postgresSql(pool, place), close }
}

/** Host, port and database: what may be told of an address. */
function placeOf(url: string): string {
  const refused = new StoreError(
    'store-unreachable',
    'this is no address of a PostgreSQL database: give --database postgres://USER@HOST:PORT/DATABASE',
  )
  if (!/^postgres(?:ql)?:\/\//.test(url)) throw refused
  try {
    const { host, port, database } = new Client({ connectionString: url })
    return `${host}:${port}/${database ?? ''}`
  } catch {
    throw refused
  }
}

/** Once for each new connection, whichever server it has reached this time. */
async function prepare(client: ClientBase, place: string): Promise<void> {
  // Lost within a transaction, its next statement fails; without a listener the event would end the process.
  client.on('error', () => {})
  // As a statement, not as options of the connection, which poolers in between refuse; what its owner has set stays.
  await client.query(
    `SELECT set_config(name, ms, false) FROM (VALUES
       ('statement_timeout', '${STATEMENT_TIMEOUT_MS}'),
       ('lock_timeout', '${LOCK_TIMEOUT_MS}'),
       ('idle_in_transaction_session_timeout', '${IDLE_IN_TRANSACTION_TIMEOUT_MS}')) AS wanted (name, ms)
     WHERE current_setting(name) = '0'`,
  )
  // What the next statement sees is what the last holder of a lock has committed, whatever the database's default.
  await client.query("SELECT set_config('default_transaction_isolation', 'read committed', false)")
  await markSession(client, place)
  const { rows } = await client.query<ServerFacts>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
       current_setting('synchronous_commit') AS commit, current_setting('fsync') AS fsync,
       current_setting('data_sync_retry') AS "syncRetry", current_setting('full_page_writes') AS "fullPages",
       set_config('synchronous_commit', current_setting('synchronous_commit'), false) AS pinned,
       current_setting('transaction_read_only') AS readonly`,
  )
  const refusal = rows[0] === undefined ? null : refusalOf(rows[0])
  if (refusal !== null) throw new StoreError(refusal.code, `PostgreSQL at ${place} ${refusal.words}`)
}

/** A setting of nobody's but this software's (PostgreSQL takes any name with a dot in it). */
const SESSION_MARK = 'window24.session'

/** A new connection has a new session; one that another connection has marked is handed around by a pooler. */
async function markSession(client: ClientBase, place: string): Promise<void> {
  const { rows } = await client.query<{ mark: string | null }>(
    `SELECT current_setting('${SESSION_MARK}', true) AS mark`,
  )
  if ((rows[0]?.mark ?? '') !== '') throw new StoreError('store-unsafe', `PostgreSQL at ${place} ${POOLED}`)
  await client.query(`SELECT set_config('${SESSION_MARK}', 'taken', false)`)
}

/** Two connections at once: behind a pooler that shares sessions the second is given that of the first. */
async function requireOwnSessions(pool: Pool): Promise<void> {
  const first = await pool.connect()
  try {
    const second = await pool.connect()
    second.release()
  } finally {
    first.release()
  }
}

export interface ServerFacts {
  /** As server_version_num: 150013 is 15.13. */
  version: number
  encoding: string
  commit: string
  fsync: string
  syncRetry: string
  fullPages: string
  readonly: string
}

/**
 * Why a hall cannot keep its promises on this server, or null. Every answer to a device says "stored", and it lets
 * go of what was: with either switch off a power cut takes back what was answered for, in tests as anywhere.
 */
export function refusalOf(facts: ServerFacts): { code: StoreError['code']; words: string } | null {
  const { version, encoding, commit, fsync } = facts
  if (version < OLDEST_VERSION * 10_000)
    return {
      code: 'store-old',
      words: `is version ${Math.trunc(version / 10_000)}: ${OLDEST_VERSION} or newer is needed`,
    }
  if (encoding !== 'UTF8')
    return {
      code: 'store-unsafe',
      words: `keeps texts as ${encoding}: create the database with --encoding=UTF8`,
    }
  if (commit === 'off')
    return {
      code: 'store-unsafe',
      words: 'answers before a commit is on its disk: set synchronous_commit = on for this user',
    }
  if (fsync !== 'on')
    return { code: 'store-unsafe', words: 'does not write through to its disk: set fsync = on' }
  if (facts.syncRetry === 'on')
    return {
      code: 'store-unsafe',
      words: 'goes on after a failed sync, which loses what it said yes to: set data_sync_retry = off',
    }
  if (facts.fullPages !== 'on')
    return {
      code: 'store-unsafe',
      words: 'cannot mend a page that a cut of power tore: set full_page_writes = on',
    }
  if (facts.readonly === 'on')
    return {
      code: 'store-read-only',
      words: 'is read-only, as a standby is: give the address of the primary',
    }
  return null
}

/** @throws HallError `no-hall-here` where none of its tables are: nothing was made then */
async function requireHall(pool: Pool, place: string): Promise<void> {
  const { rows } = await pool.query<{ here: boolean }>(
    `SELECT to_regclass('enrolment_codes') IS NOT NULL AND to_regclass('heads') IS NOT NULL AS here`,
  )
  if (rows[0]?.here === true) return
  throw new HallError(
    'no-hall-here',
    `the database at ${place} holds no hall: give the one that the server was started with`,
  )
}

/** All that is missing, in one transaction; instances that start at once take turns. */
async function migratePostgres(pool: Pool, place: string): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query(
      `BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; ${takeLock(MIGRATIONS_LOCK)}`,
    )
    await client.query(
      'CREATE TABLE IF NOT EXISTS migrations (name TEXT COLLATE "C" PRIMARY KEY, applied_at TEXT NOT NULL)',
    )
    for (const migration of await notYetApplied(client, place)) {
      await client.query(migration.postgres ?? inPostgres(migration.sql))
      await client.query('INSERT INTO migrations (name, applied_at) VALUES ($1, $2)', [
        migration.name,
        new Date().toISOString(),
      ])
    }
    await client.query('COMMIT')
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
}

async function notYetApplied(client: ClientBase, place: string): Promise<HallMigration[]> {
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations')
  const applied = new Set(rows.map(({ name }) => name))
  const unknown = [...applied].filter((name) => !hallMigrations.some((migration) => migration.name === name))
  if (unknown.length > 0)
    throw new StoreError(
      'store-newer',
      `the database at ${place} was written by a newer version (${unknown.join(', ')}): update this software`,
    )
  return hallMigrations.filter(({ name }) => !applied.has(name))
}

/** Whole numbers as numbers: none here is beyond 2^53, and one that were would be an error, not another number. */
const getTypeParser: typeof types.getTypeParser = (oid: number, format?: 'text' | 'binary') => {
  if (WHOLE_NUMBERS.has(oid) && format !== 'binary') return wholeNumber
  return types.getTypeParser(oid, format)
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new Error('a number in the database is beyond 2^53 or not whole')
  return number
}
