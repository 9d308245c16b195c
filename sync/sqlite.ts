/** SQLite as this house uses it: every commit is on the disk before it is answered for. */
import Database from 'better-sqlite3'

export type Db = Database.Database

/** How long a writer waits for another process on the same file (`window24 hall enrol` beside the server). */
const BUSY_TIMEOUT_MS = 5_000

/** A WAL that a long reader has made grow goes back to this once that reader has gone. */
const WAL_KEPT_BYTES = 4 * 1024 * 1024

/** A device reads what waits once, in order, and looks up little else: four times as much, as is usual, serves nobody. */
const DEVICE_CACHE_KIB = 4 * 1024

/** `PRAGMA synchronous` as a number: 2 = FULL. */
const SYNCHRONOUS_FULL = 2

export type StoreFaultCode =
  | 'store-unreachable' // the file or its folder cannot be opened or written
  | 'store-damaged' // the file is no sound SQLite database
  | 'store-newer' // a newer version of this software has written it
  | 'store-foreign' // it belongs to another device
  | 'store-in-use' // another process has it
  | 'event-damaged' // one event in it is no longer what was written
  | 'store-absent' // a server has no database of that name
  | 'store-login' // its user, password or rights are refused
  | 'store-unsafe' // its settings would lose what was answered for
  | 'store-old' // its version is too old
  | 'store-read-only' // a standby
  | 'store-full' // no room: what is there stays, nothing new is taken
  | 'store-busy' // too much at once: the same again later

/** A store that cannot be used as asked, in words for whoever stands there. */
export class StoreError extends Error {
  readonly code: StoreFaultCode

  constructor(code: StoreFaultCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
  }
}

/**
 * Opens or creates a store. WAL with synchronous=FULL: better-sqlite3 is built so that WAL alone means NORMAL,
 * which loses what was committed last when the power goes, so it is set and read back.
 * @param options `shrinks`: pages that are no longer needed can be given back to the disk, a few at a time
 * @throws StoreError `store-unreachable` or `store-damaged`
 */
export function openDatabase(path: string, { shrinks = false } = {}): Db {
  let db: Db | undefined
  try {
    db = new Database(path)
    db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`)
    // Only a file that has no page yet can begin so; a device's store of an earlier version is written anew once.
    if (shrinks && db.pragma('page_count', { simple: true }) === 0) db.pragma('auto_vacuum = INCREMENTAL')
    db.pragma('journal_mode = WAL')
    if (shrinks) {
      db.pragma(`journal_size_limit = ${WAL_KEPT_BYTES}`)
      db.pragma(`cache_size = -${DEVICE_CACHE_KIB}`)
    }
    // SQLite says nothing of a sync that fails within its own checkpoint: whoever opens a store makes them.
    db.pragma('wal_autocheckpoint = 0')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    const synchronous = db.pragma('synchronous', { simple: true })
    const journal = db.pragma('journal_mode', { simple: true })
    if (synchronous !== SYNCHRONOUS_FULL || journal !== 'wal')
      throw new StoreError(
        'store-unreachable',
        `${path}: this disk cannot keep a WAL with full synchronisation (${journal}, ${synchronous}); use a local disk`,
      )
    return db
  } catch (error) {
    db?.close()
    throw asStoreError(path, error)
  }
}

export function asStoreError(path: string, error: unknown): unknown {
  if (error instanceof StoreError) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT'))
    return new StoreError('store-damaged', `${path} is damaged: move it away or restore it from a backup`, {
      cause: error,
    })
  const unreachable = ['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_PERM', 'SQLITE_IOERR', 'SQLITE_FULL']
  // better-sqlite3 itself refuses a missing folder, with a TypeError and before SQLite is asked.
  if (error instanceof TypeError || unreachable.some((prefix) => code.startsWith(prefix)))
    return new StoreError(
      'store-unreachable',
      `${path} cannot be opened: check that its folder is there, can be written and has room`,
      { cause: error },
    )
  return error
}

/** One step of a store's schema. Its name is for ever; a step that was ever released is never edited. */
export interface Migration {
  readonly name: string
  readonly sql: string
}

/** Before the first of them. */
export const MIGRATIONS_TABLE =
  'CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at TEXT NOT NULL) STRICT'

/**
 * Brings a store to these migrations: those not yet applied, in the order given, each in a transaction of its
 * own. Every table is STRICT.
 * @throws StoreError `store-newer` when the store has had a migration that is not among these
 */
export function migrate(db: Db, migrations: readonly Migration[]): void {
  const names = migrations.map((migration) => migration.name)
  if (new Set(names).size !== names.length) throw new Error('two migrations have one name')
  db.exec(MIGRATIONS_TABLE)
  const applied = new Set(db.prepare<[], string>('SELECT name FROM migrations').pluck().all())
  const unknown = [...applied].filter((name) => !names.includes(name))
  if (unknown.length > 0)
    throw new StoreError(
      'store-newer',
      `${db.name} was written by a newer version (${unknown.join(', ')}): update this software`,
    )
  const note = db.prepare<[string, string]>('INSERT INTO migrations (name, applied_at) VALUES (?, ?)')
  const isApplied = db.prepare<[string]>('SELECT 1 FROM migrations WHERE name = ?')
  for (const migration of migrations.filter((candidate) => !applied.has(candidate.name)))
    db.transaction(() => {
      // Another process that has started at the same moment may have been first.
      if (isApplied.get(migration.name) !== undefined) return
      db.exec(migration.sql)
      refuseLooseTables(db, migration.name)
      note.run(migration.name, new Date().toISOString())
    }).immediate()
}

function refuseLooseTables(db: Db, migration: string): void {
  const loose = db
    .prepare<[], string>(
      "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .pluck()
    .all()
  if (loose.length > 0) throw new Error(`migration ${migration}: not STRICT: ${loose.join(', ')}`)
}
