/**
 * SQLite under the shared parts: one connection, and an asynchronous transaction has it for itself. What comes
 * meanwhile waits in line; other processes on the same file wait at BEGIN IMMEDIATE.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { realpathSync } from 'node:fs'
import type { Db, StoreError } from '../../sqlite.ts'
import type { EngineSql, Row, RowShape, SqlValue } from './sql.ts'
import { Statements } from './sqlite-statements.ts'

/** One statement for so many rows takes a quarter less than one for each; more at once gain nothing. */
const ROWS_AT_ONCE = 50

export interface OpenSql {
  sql: EngineSql
  /** Comes when nothing can be answered for any more; the database is closed by then. */
  failed: Promise<StoreError>
  /** @throws StoreError when the last of it did not get through to the disk: the next opening sees to it */
  close: () => void
}

export function openSqliteSql(db: Db): OpenSql {
  const statements = new Statements(db)
  return { sql: new SqliteSql(statements), failed: statements.failed, close: () => statements.close() }
}

/**
 * The transaction that is under way on each file, by this process. Two stores of one process on one file take turns
 * here: at SQLite's own lock the second would hold up the loop that the first needs to end. Who has waited looks
 * again: another one that waited as well may have been first.
 */
const underWay = new Map<string, Promise<void>>()

class SqliteSql implements EngineSql {
  readonly #statements: Statements
  readonly #file: string
  readonly #within = new AsyncLocalStorage<true>()

  constructor(statements: Statements) {
    this.#statements = statements
    this.#file = realpathSync(statements.db.name)
  }

  async all<Row>(text: string, ...values: SqlValue[]): Promise<Row[]> {
    this.#refuseWithin()
    while (underWay.has(this.#file)) await underWay.get(this.#file)
    return this.#statements.all(text, values)
  }

  async get<Row>(text: string, ...values: SqlValue[]): Promise<Row | undefined> {
    this.#refuseWithin()
    while (underWay.has(this.#file)) await underWay.get(this.#file)
    return this.#statements.get(text, values)
  }

  async run(text: string, ...values: SqlValue[]): Promise<number> {
    this.#refuseWithin()
    while (underWay.has(this.#file)) await underWay.get(this.#file)
    const changed = this.#statements.run(text, values)
    this.#statements.committed()
    return changed
  }

  async insertAll(shape: RowShape, rows: readonly Row[]): Promise<void> {
    await this.transaction('rows', async (sql) => await sql.insertAll(shape, rows))
  }

  /** The lock is the file's one write lock, whatever it is called. */
  async transaction<T>(_lock: string, work: (sql: EngineSql) => Promise<T>): Promise<T> {
    this.#refuseWithin()
    while (underWay.has(this.#file)) await underWay.get(this.#file)
    const { promise, resolve } = Promise.withResolvers<void>()
    underWay.set(this.#file, promise)
    try {
      return await this.#within.run(true, async () => await transact(this.#statements, work))
    } finally {
      underWay.delete(this.#file)
      resolve()
    }
  }

  /** SQLite leaves nothing behind: a row that no longer belongs into an index is taken out of it at once. */
  async tidy(): Promise<void> {}

  #refuseWithin(): void {
    if (this.#within.getStore() === true)
      throw new Error('within a transaction only the sql that it was given may be used')
  }
}

async function transact<T>(statements: Statements, work: (sql: EngineSql) => Promise<T>): Promise<T> {
  statements.run('BEGIN IMMEDIATE', [])
  const within = new WithinTransaction(statements)
  try {
    const result = await work(within)
    statements.run('COMMIT', [])
    statements.committed()
    return result
  } catch (error) {
    // A full disk or an I/O error has rolled back by itself already, and a failed sync has closed the database.
    if (statements.db.open && statements.db.inTransaction) statements.run('ROLLBACK', [])
    throw error
  } finally {
    within.end()
  }
}

class WithinTransaction implements EngineSql {
  readonly #statements: Statements
  #ended = false

  constructor(statements: Statements) {
    this.#statements = statements
  }

  async all<Row>(text: string, ...values: SqlValue[]): Promise<Row[]> {
    return this.#open().all(text, values)
  }

  async get<Row>(text: string, ...values: SqlValue[]): Promise<Row | undefined> {
    return this.#open().get(text, values)
  }

  async run(text: string, ...values: SqlValue[]): Promise<number> {
    return this.#open().run(text, values)
  }

  async insertAll({ table, columns }: RowShape, rows: readonly Row[]): Promise<void> {
    const names = Object.keys(columns)
    const row = `(${names.map(() => '?').join(', ')})`
    const into = `INSERT INTO ${table} (${names.join(', ')}) VALUES `
    const statements = this.#open()
    const whole = rows.length - (rows.length % ROWS_AT_ONCE)
    const many = into + new Array(ROWS_AT_ONCE).fill(row).join(', ')
    for (let from = 0; from < whole; from += ROWS_AT_ONCE)
      statements.run(many, rows.slice(from, from + ROWS_AT_ONCE).flat())
    for (const one of rows.slice(whole)) statements.run(into + row, one)
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

  #open(): Statements {
    if (this.#ended) throw new Error('this transaction has ended')
    this.#statements.refuseFailed()
    // What came next would be kept at once and by itself, whatever becomes of the rest.
    if (!this.#statements.db.inTransaction)
      throw new Error('SQLite has rolled this transaction back: a statement of it failed')
    return this.#statements
  }
}
