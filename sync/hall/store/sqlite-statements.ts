/**
 * The statements of one SQLite connection, and its end. After a failed sync nobody knows what is on the disk, and the
 * kernel says so only once: nothing is read, written or answered for from then on, until the files were opened anew.
 */
import type { Statement } from 'better-sqlite3'
import { type Db, StoreError } from '../../sqlite.ts'
import { checkpointer, closeWhole, closeWithoutCheckpoint } from '../../sqlite-checkpoint.ts'
import { storageProblem } from '../../sqlite-faults.ts'
import { noteDoubt } from '../../wal.ts'
import type { SqlValue } from './sql.ts'
import { sqliteFault } from './sqlite-faults.ts'

type Prepared = Statement<unknown[], unknown>

/** 4 MiB of WAL, as SQLite itself would have it. */
const CHECKPOINT_PAGES = 1_000

/** Prepared once each: the store's statements are few and come again with every batch. */
export class Statements {
  readonly db: Db
  readonly failed: Promise<StoreError>
  readonly #tellFailed: (fault: StoreError) => void
  readonly #prepared = new Map<string, Prepared>()
  readonly #checkpoint: () => void
  #fault: StoreError | null = null

  constructor(db: Db) {
    this.db = db
    this.#checkpoint = checkpointer(db, CHECKPOINT_PAGES)
    const { promise, resolve } = Promise.withResolvers<StoreError>()
    this.failed = promise
    this.#tellFailed = resolve
  }

  all<R>(text: string, values: readonly SqlValue[]): R[] {
    return this.#inWords(() => this.#preparedOf(text).all(...values) as R[])
  }

  get<R>(text: string, values: readonly SqlValue[]): R | undefined {
    return this.#inWords(() => this.#preparedOf(text).get(...values) as R | undefined)
  }

  run(text: string, values: readonly SqlValue[]): number {
    return this.#inWords(() => {
      const statement = this.#preparedOf(text)
      // RETURNING makes a statement a reader as well, and better-sqlite3 then wants its rows to be taken.
      if (statement.reader) return statement.all(...values).length
      return statement.run(...values).changes
    })
  }

  /** To be said after each commit, and before anybody is answered. */
  committed(): void {
    this.#inWords(this.#checkpoint)
  }

  /** @throws StoreError the fault that has ended it */
  refuseFailed(): void {
    if (this.#fault !== null) throw this.#fault
  }

  close(): void {
    if (this.db.open) this.#inWords(() => closeWhole(this.db))
  }

  #preparedOf(text: string): Prepared {
    let statement = this.#prepared.get(text)
    if (statement === undefined) {
      statement = this.db.prepare<unknown[], unknown>(text)
      this.#prepared.set(text, statement)
    }
    return statement
  }

  #inWords<T>(act: () => T): T {
    this.refuseFailed()
    try {
      return act()
    } catch (error) {
      if (storageProblem(error) === 'sync-failed') throw this.#fail(error)
      throw sqliteFault(error, this.db.name)
    }
  }

  #fail(cause: unknown): StoreError {
    const fault = new StoreError(
      'store-unreachable',
      `${this.db.name} did not get through to its disk: the hall ends; start it again, and look after this disk`,
      { cause },
    )
    this.#fault = fault
    noteDoubt(this.db.name)
    if (this.db.open) closeWithoutCheckpoint(this.db)
    this.#tellFailed(fault)
    return fault
  }
}
