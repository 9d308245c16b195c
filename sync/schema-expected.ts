/** What a store's schema must be, to the last letter: the migrations make it, in the order in which it had them. */
import Database from 'better-sqlite3'
import { type Db, MIGRATIONS_TABLE, type Migration } from './sqlite.ts'

/** Strings of one byte a letter. */
export interface SchemaRow {
  type: string
  name: string
  /** Its own name, or of an index the table's. */
  table: string
  /** Null for the index of a key. */
  sql: string | null
}

export interface Expected {
  rows: SchemaRow[]
  /** In memory and empty; to be closed. */
  db: Db
}

/** What a row of a table or an entry of an index holds. */
export interface Columns {
  /** A table without rowids is one, too. */
  isIndex: boolean
  count: number
}

/** By the names of tables and indexes. */
export const columnsIn = (db: Db): Map<string, Columns> =>
  new Map(
    db
      .prepare<[], [name: string, isIndex: number, count: number]>(
        `SELECT name, wr, (SELECT count(*) FROM pragma_table_xinfo(listed.name) WHERE hidden <> 2)
          FROM pragma_table_list AS listed WHERE type = 'table'
        UNION ALL
        SELECT name, 1, (SELECT count(*) FROM pragma_index_xinfo(made.name))
          FROM sqlite_schema AS made WHERE type = 'index'`,
      )
      .raw()
      .all()
      .map(([name, isIndex, count]) => [name, { isIndex: isIndex === 1, count }]),
  )

/** Null when these migrations cannot have come one after the other. */
export function expectedSchema(names: readonly string[], migrations: readonly Migration[]): Expected | null {
  const byName = new Map(migrations.map((migration) => [migration.name, migration]))
  const db = new Database(':memory:')
  try {
    db.exec(MIGRATIONS_TABLE)
    db.transaction(() => {
      for (const name of names) db.exec(byName.get(name)?.sql ?? '')
    })()
  } catch (error) {
    db.close()
    if (error instanceof Database.SqliteError) return null
    throw error
  }
  return { rows: schemaOf(db), db }
}

/** A byte a letter: what is damaged need not be text any more. @throws SQLite's error when it cannot be read */
export const schemaOf = (db: Db): SchemaRow[] =>
  db
    .prepare<[], (Buffer | null)[]>(
      `SELECT CAST(type AS BLOB), CAST(name AS BLOB), CAST(tbl_name AS BLOB), CAST(sql AS BLOB)
        FROM sqlite_schema ORDER BY rowid`,
    )
    .raw()
    .all()
    .map(([type, name, table, sql]) => ({
      type: lettersOf(type),
      name: lettersOf(name),
      table: lettersOf(table),
      sql: sql == null ? null : lettersOf(sql),
    }))

export const lettersOf = (bytes: Uint8Array | null | undefined): string =>
  bytes == null ? '' : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

/** The first release indented its tables otherwise: space is no matter, and SQLite knows these letters as such. */
export const keyOf = ({ type, name, table, sql }: SchemaRow): string =>
  [type, name, table, (sql ?? '').replaceAll(/[\t-\r ]+/g, ' ')].join('\0')
