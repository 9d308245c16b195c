/**
 * One SQL database under the parts of the store that are written once: plain SQL that SQLite and PostgreSQL both
 * understand. `?` parameters, ON CONFLICT, RETURNING; instants are integer milliseconds, flags 0 and 1, JSON is text.
 * Not every SQL is: scalar max(), AUTOINCREMENT, JSON functions and INSERT OR … are one engine's own.
 */
export type SqlValue = string | number | null | Uint8Array

export interface Sql {
  all<Row>(text: string, ...values: SqlValue[]): Promise<Row[]>
  get<Row>(text: string, ...values: SqlValue[]): Promise<Row | undefined>
  /** Rows changed. */
  run(text: string, ...values: SqlValue[]): Promise<number>
  /**
   * Everything within or nothing; two with the same `lock` never run at once, in any process or instance. Within,
   * only the `sql` that is handed in may be used: the outer one would wait for the transaction's own end.
   */
  transaction<T>(lock: string, work: (sql: Sql) => Promise<T>): Promise<T>
  /**
   * After most rows of a table were changed at once: what an engine leaves behind of them, and walks past at every
   * search until it gets round to it, is cleared away now. Changes nothing that can be read; never throws.
   */
  tidy(table: string): Promise<void>
}

/** Where many rows go at once. `integer` columns hold whole numbers, `text` columns strings; both may be null. */
export interface RowShape {
  readonly table: string
  readonly columns: Readonly<Record<string, 'integer' | 'text'>>
}

/** One value for each column of a shape, in its order. */
export type Row = readonly (string | number | null)[]

/** What an engine does in its own quickest way; only the store's inside asks for it. */
export interface EngineSql extends Sql {
  /** A row whose key is there already is an error. */
  insertAll(shape: RowShape, rows: readonly Row[]): Promise<void>
  transaction<T>(lock: string, work: (sql: EngineSql) => Promise<T>): Promise<T>
}
