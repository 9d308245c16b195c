/**
 * SQLite under the shared parts: one connection, and an asynchronous transaction has it for itself. What comes
 * meanwhile waits in line; other processes on the same file wait at BEGIN IMMEDIATE.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { realpathSync } from 'node:fs'
import type { Statement } from 'better-sqlite3'
import type { Db } from '../../sqlite.ts'
import type { EngineSql, Row, RowShape, SqlValue } from './sql.ts'
import { sqliteFault } from './sqlite-faults.ts'

export function sqliteSql(db: Db): EngineSql {
  return new SqliteSql(db)
}

type Prepared = Statement<unknown[], unknown>

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

  constructor(db: Db) {
    this.#statements = new Statements(db)
    this.#file = realpathSync(db.name)
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
    return this.#statements.run(text, values)
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
    return result
  } catch (error) {
    // A full disk or an I/O error has rolled back by itself already.
    if (statements.db.inTransaction) statements.run('ROLLBACK', [])
    throw error
  } finally {
    within.end()
  }
}

class WithinTransaction implements EngineSql {
  readonly #statements: Statements
  #ended = false
  #depth = 0

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
    const places = names.map(() => '?').join(', ')
    this.#open().runEach(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${places})`, rows)
  }

  /** A part of the one that is under way: undone alone when it fails, kept only with the whole. */
  async transaction<T>(_lock: string, work: (sql: EngineSql) => Promise<T>): Promise<T> {
    const statements = this.#open()
    this.#depth += 1
    const name = `part_${this.#depth}`
    statements.run(`SAVEPOINT ${name}`, [])
    try {
      const result = await work(this)
      statements.run(`RELEASE ${name}`, [])
      return result
    } catch (error) {
      if (statements.db.inTransaction) {
        statements.run(`ROLLBACK TO ${name}`, [])
        statements.run(`RELEASE ${name}`, [])
      }
      throw error
    } finally {
      this.#depth -= 1
    }
  }

  end(): void {
    this.#ended = true
  }

  #open(): Statements {
    if (this.#ended) throw new Error('this transaction has ended')
    return this.#statements
  }
}

/** Prepared once each: the store's statements are few and come again with every batch. */
class Statements {
  readonly db: Db
  readonly #prepared = new Map<string, Prepared>()

  constructor(db: Db) {
    this.db = db
  }

  prepared(text: string): Prepared {
    let statement = this.#prepared.get(text)
    if (statement === undefined) {
      statement = this.db.prepare<unknown[], unknown>(text)
      this.#prepared.set(text, statement)
    }
    return statement
  }

  all<Row>(text: string, values: readonly SqlValue[]): Row[] {
    return this.#inWords(() => this.prepared(text).all(...values) as Row[])
  }

  get<Row>(text: string, values: readonly SqlValue[]): Row | undefined {
    return this.#inWords(() => this.prepared(text).get(...values) as Row | undefined)
  }

  run(text: string, values: readonly SqlValue[]): number {
    return this.#inWords(() => {
      const statement = this.prepared(text)
      // RETURNING makes a statement a reader as well, and better-sqlite3 then wants its rows to be taken.
      if (statement.reader) return statement.all(...values).length
      return statement.run(...values).changes
    })
  }

  runEach(text: string, rows: readonly Row[]): void {
    this.#inWords(() => {
      const statement = this.prepared(text)
      for (const row of rows) statement.run(...row)
    })
  }

  #inWords<T>(act: () => T): T {
    try {
      return act()
    } catch (error) {
      throw sqliteFault(error, this.db.name)
    }
  }
}
