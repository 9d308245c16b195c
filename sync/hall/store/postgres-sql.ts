/** PostgreSQL under the shared parts: a pool of connections, and locks that hold for all instances of a hall. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import type { Pool, PoolClient, QueryConfig } from 'pg'
import { StoreError } from '../../sqlite.ts'
import { isConnectionLost, postgresFault } from './postgres-faults.ts'
import type { EngineSql, RowShape, SqlValue, Row as Values } from './sql.ts'
import { createTurns, type Turns } from './turns.ts'

/** As long as the server itself lets a lock be waited for (postgres.ts). */
const TURN_PATIENCE_MS = 10_000

/** Some seconds for millions of rows. */
const TIDYING_TIMEOUT_MS = 120_000

/** @param place of the database in words for an error, without its password */
export function postgresSql(pool: Pool, place: string): EngineSql {
  return new PostgresSql(pool, place)
}

type Run = (query: QueryConfig<unknown[]>) => Promise<{ rows: unknown[]; rowCount: number | null }>

/** What a connection does alike within a transaction and outside. */
abstract class PostgresStatements {
  protected abstract query: Run

  async all<Row>(text: string, ...values: SqlValue[]): Promise<Row[]> {
    return (await this.query(prepared(text, values))).rows as Row[]
  }

  async get<Row>(text: string, ...values: SqlValue[]): Promise<Row | undefined> {
    return (await this.all<Row>(text, ...values))[0]
  }

  async run(text: string, ...values: SqlValue[]): Promise<number> {
    return (await this.query(prepared(text, values))).rowCount ?? 0
  }

  /** One statement for all rows, whatever their number: a column travels as one value. */
  async insertAll({ table, columns }: RowShape, rows: readonly Values[]): Promise<void> {
    const names = Object.keys(columns)
    const travelling = Object.values(columns).map((type, index) =>
      columnOf(
        type,
        rows.map((row) => row[index] ?? null),
      ),
    )
    const arrays = travelling.map(({ array }) => array).join(', ')
    const text = `INSERT INTO ${table} (${names.join(', ')}) SELECT * FROM unnest(${arrays})`
    await this.query(
      prepared(
        text,
        travelling.map(({ value }) => value),
      ),
    )
  }
}

/**
 * A column as lines: half of what an array costs, whose every element is quoted and escaped. Canonical text has no
 * line feed as it is (RFC 8785 writes it `\n`); what has one, or no value, goes as an array.
 */
function columnOf(
  type: 'integer' | 'text',
  values: (string | number | null)[],
): { array: string; value: unknown } {
  const cast = type === 'integer' ? 'bigint[]' : 'text[]'
  const lines = values.join('\n')
  const isLines = lines !== '' && values.every((value) => value !== null && !String(value).includes('\n'))
  return isLines
    ? { array: `string_to_array(?, E'\\n')::${cast}`, value: lines }
    : { array: `?::${cast}`, value: values }
}

class PostgresSql extends PostgresStatements implements EngineSql {
  readonly #pool: Pool
  readonly #place: string
  readonly #within = new AsyncLocalStorage<true>()
  readonly #turns: Turns

  constructor(pool: Pool, place: string) {
    super()
    this.#pool = pool
    this.#place = place
    this.#turns = createTurns(TURN_PATIENCE_MS, () => {
      return new StoreError(
        'store-busy',
        `PostgreSQL at ${place} has others before it: it is to be sent again`,
      )
    })
  }

  protected override query: Run = async (query) => {
    this.#refuseWithin()
    try {
      return await this.#pool.query<Record<string, unknown>, unknown[]>(query)
    } catch (error) {
      throw postgresFault(error, this.#place)
    }
  }

  async transaction<T>(lock: string, work: (sql: EngineSql) => Promise<T>): Promise<T> {
    this.#refuseWithin()
    const leave = await this.#turns.take(lock)
    try {
      return await this.#within.run(true, async () => await this.#transact(lock, work))
    } finally {
      leave()
    }
  }

  async #transact<T>(lock: string, work: (sql: EngineSql) => Promise<T>): Promise<T> {
    const client = await this.#connect()
    const within = new WithinTransaction(client, this.#place)
    let isUsable = false
    try {
      // The lock has a statement of its own: what the next one sees is what its last holder has committed.
      await client.query(`BEGIN ISOLATION LEVEL READ COMMITTED; ${takeLock(lock)}`)
      const result = await work(within)
      const { command } = await client.query('COMMIT')
      // PostgreSQL answers COMMIT with ROLLBACK, and without an error, when a statement had failed before it.
      if (command !== 'COMMIT')
        throw new Error('a statement of this transaction had failed, nothing was kept')
      isUsable = true
      return result
    } catch (error) {
      isUsable = !isConnectionLost(error) && (await rolledBack(client))
      throw postgresFault(error, this.#place)
    } finally {
      within.end()
      client.release(!isUsable)
    }
  }

  /** As autovacuum would within minutes. A server that is busy with it already, or forbids it, is left to itself. */
  async tidy(table: string): Promise<void> {
    this.#refuseWithin()
    let client: PoolClient | null = null
    try {
      client = await this.#connect()
      await client.query('SET statement_timeout = 0')
      const text = `VACUUM (SKIP_LOCKED, INDEX_CLEANUP ON) ${table}`
      const query: QueryConfig & { query_timeout: number } = { text, query_timeout: TIDYING_TIMEOUT_MS }
      await client.query(query)
    } catch {
      // What it would have sped up only goes on as slowly.
    } finally {
      // This one has other time-outs than the pool's.
      client?.release(true)
    }
  }

  async #connect(): Promise<PoolClient> {
    try {
      return await this.#pool.connect()
    } catch (error) {
      throw postgresFault(error, this.#place)
    }
  }

  #refuseWithin(): void {
    if (this.#within.getStore() === true)
      throw new Error('within a transaction only the sql that it was given may be used')
  }
}

class WithinTransaction extends PostgresStatements implements EngineSql {
  readonly #client: PoolClient
  readonly #place: string
  #ended = false

  constructor(client: PoolClient, place: string) {
    super()
    this.#client = client
    this.#place = place
  }

  protected override query: Run = async (query) => {
    if (this.#ended) throw new Error('this transaction has ended')
    try {
      return await this.#client.query<Record<string, unknown>, unknown[]>(query)
    } catch (error) {
      throw postgresFault(error, this.#place)
    }
  }

  async transaction<T>(): Promise<T> {
    throw new Error('a transaction within a transaction is not made')
  }

  async tidy(): Promise<void> {
    throw new Error('nothing is tidied within a transaction')
  }

  end(): void {
    this.#ended = true
  }
}

async function rolledBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK')
    return true
  } catch {
    return false
  }
}

/** An advisory lock is a number of 64 bits; it ends with its transaction, however that ends. */
export function takeLock(lock: string): string {
  const key = createHash('sha256').update(lock).digest().readBigInt64BE(0)
  return `SELECT pg_advisory_xact_lock(${key})`
}

/** More texts than the house has statements: beyond that somebody builds them, and those are not kept. */
const MOST_PREPARED = 500

const known = new Map<string, { name: string; text: string }>()

/** `?` becomes `$1`, `$2`…; a statement is planned once for each connection and then called by its name. */
function prepared(text: string, values: unknown[]): QueryConfig<unknown[]> {
  const already = known.get(text)
  if (already !== undefined) return { ...already, values }
  let number = 0
  const numbered = text.replaceAll('?', () => {
    number += 1
    return `$${number}`
  })
  if (known.size >= MOST_PREPARED) return { text: numbered, values }
  // By what it says: a connection that a pooler hands on may have another instance's statements on it.
  const name = `w24_${createHash('sha256').update(numbered).digest('hex').slice(0, 32)}`
  const statement = { name, text: numbered }
  known.set(text, statement)
  return { ...statement, values }
}
