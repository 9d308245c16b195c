/** What can be read of a damaged store, row by row, into a new one. */
import Database from 'better-sqlite3'
import type { Identity } from '../../sync/identity.ts'
import { type SalvagedChain, salvageOutbox } from '../../sync/outbox-salvage.ts'
import type { Db } from '../../sync/sqlite.ts'
import { isUnreadable } from '../../sync/sqlite-faults.ts'

/** The outbox carries its own over; the hall hands out its content again; the new store has migrated by itself. */
const NOT_COPIED = /^(outbox|downlink)_|^migrations$|^sqlite_/

export interface Salvaged extends SalvagedChain {
  /** Rows of the other rooms that were carried over. */
  rows: number
}

/**
 * Both are SQLite files; `damagedPath` is only read. Never throws for what is wrong with that.
 * @throws StoreError `store-foreign` when it is another device's
 */
export const salvage = (damagedPath: string, into: Db, identity: Identity): Salvaged => {
  const nothing = { rows: 0, carried: 0, lost: 0, isWhole: false, known: identity.chain }
  let from: Db
  try {
    from = new Database(damagedPath, { readonly: true, fileMustExist: true })
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return nothing
  }
  try {
    return into.transaction(() => {
      const tables = tablesOf(into).filter((table) => !NOT_COPIED.test(table))
      const copied = tables.map((table) => copyTable(from, into, table))
      const rows = copied.reduce((sum, table) => sum + table.rows, 0)
      const chain = salvageOutbox(from, into, identity)
      return { ...chain, rows, isWhole: chain.isWhole && copied.every(({ isWhole }) => isWhole) }
    })()
  } finally {
    from.close()
  }
}

const tablesOf = (db: Db): string[] =>
  db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid").pluck().all()

/** From the front up to the first unreadable page, then from the back: what is twice is the same row. */
const copyTable = (from: Db, into: Db, table: string): { rows: number; isWhole: boolean } => {
  const columns = columnsOf(into, table)
  const there = columnsOf(from, table)
  const shared = columns.filter((column) => there.includes(column)).map((column) => `"${column}"`)
  if (shared.length === 0) return { rows: 0, isWhole: false }
  const insert = into.prepare<unknown[]>(
    `INSERT OR IGNORE INTO "${table}" (${shared.join(', ')}) VALUES (${shared.map(() => '?').join(', ')})`,
  )
  let copied = 0
  let read = 0
  const copy = (order: string): boolean => {
    try {
      const rows = from.prepare<[], unknown[]>(`SELECT ${shared.join(', ')} FROM "${table}"${order}`).raw()
      for (const row of rows.iterate()) {
        read += 1
        copied += insertIfSound(insert, row)
      }
      return true
    } catch (error) {
      if (!isUnreadable(error)) throw error
      return false
    }
  }
  if (copy('')) return { rows: copied, isWhole: copied === read }
  if (!copy(' ORDER BY rowid DESC')) copy(` ORDER BY 1 DESC`)
  return { rows: copied, isWhole: false }
}

/** A row that breaks a rule of its table was damaged into it. */
const insertIfSound = (insert: Database.Statement<unknown[]>, row: unknown[]): number => {
  try {
    return insert.run(...row).changes
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CONSTRAINT'))
      return 0
    throw error
  }
}

const columnsOf = (db: Db, table: string): string[] => {
  try {
    return db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table)
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return []
  }
}
