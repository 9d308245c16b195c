/**
 * Who has a hall's file open. Before the first one reads it, its files are copied to where no failed write has been
 * (sync/wal.ts); while anybody has it open they stay what they are. SQLite's own lock on a small file beside it: it
 * ends with its process, however that ends.
 */
import Database from 'better-sqlite3'
import { asStoreError, type Db, StoreError } from '../../sqlite.ts'
import { storageProblem } from '../../sqlite-faults.ts'
import { forgetDoubt, readyFiles } from '../../wal.ts'
import { mendWal, type WalState } from '../../wal-mend.ts'

/** Whoever has it open has it for as long as it runs: there is nothing to wait for but a pause of this process. */
const ALONE_TIMEOUT_MS = 20

/** A store is copied in some milliseconds, after a failed sync of a large one in some seconds. */
const SHARED_TIMEOUT_MS = 60_000

/** Files that this process has open need no second look: they are not alone. */
const openHere = new Map<string, number>()

/**
 * Makes the files fit to be read, unless somebody has them open. Gives how to let go of them, after the store's close.
 * @throws StoreError `store-unreachable`, `store-full` or `store-damaged`: it must not be opened then
 */
export function holdFiles(path: string): () => void {
  const itsTurn = takeTurn(path)
  try {
    return hold(path)
  } finally {
    itsTurn.close()
  }
}

/**
 * Those that open it do so one after the other: two that looked at the same moment whether they are alone could each
 * take the other for a hall that runs, and neither would see to the files.
 */
function takeTurn(path: string): Db {
  let turn: Db | undefined
  try {
    turn = new Database(`${baseOf(path)}.opening`, { timeout: SHARED_TIMEOUT_MS })
    turn.pragma('journal_mode = MEMORY')
    turn.exec('BEGIN EXCLUSIVE')
    return turn
  } catch (error) {
    turn?.close()
    throw notReady(path, error)
  }
}

const baseOf = (path: string): string => path.replace(/\.sqlite$/, '')

function hold(path: string): () => void {
  let lock: Db | undefined
  try {
    lock = new Database(`${baseOf(path)}.lock`, { timeout: ALONE_TIMEOUT_MS })
    lock.pragma('journal_mode = MEMORY')
    if (!openHere.has(path) && isAlone(lock)) {
      try {
        readyFiles(path, (wal) => mended(path, wal))
        forgetDoubt(path)
      } finally {
        lock.exec('ROLLBACK')
      }
    }
    lock.pragma(`busy_timeout = ${SHARED_TIMEOUT_MS}`)
    lock.exec('BEGIN')
    lock.prepare('SELECT count(*) FROM sqlite_schema').get()
  } catch (error) {
    lock?.close()
    throw notReady(path, error)
  }
  openHere.set(path, (openHere.get(path) ?? 0) + 1)
  const held = lock
  return () => {
    if (!held.open) return
    held.close()
    const left = (openHere.get(path) ?? 1) - 1
    if (left > 0) openHere.set(path, left)
    else openHere.delete(path)
  }
}

function isAlone(lock: Db): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return false
    throw error
  }
}

/** What was answered for lies behind bits that nobody can set right: the file stays as it is, for a backup to mend. */
function mended(path: string, wal: Buffer): WalState {
  const state = mendWal(wal)
  if (state === 'damaged')
    throw new StoreError(
      'store-damaged',
      `${path}-wal is damaged: move it and ${path} away together, or restore them from a backup`,
    )
  return state
}

function notReady(path: string, error: unknown): unknown {
  const told = asStoreError(path, error)
  const problem = storageProblem(error)
  if (told instanceof StoreError || problem === null) return told
  return problem === 'disk-full'
    ? new StoreError('store-full', `${path} cannot be opened: there is no room left on its disk`, {
        cause: error,
      })
    : new StoreError('store-unreachable', `${path} cannot be opened: its disk reports an error`, {
        cause: error,
      })
}
