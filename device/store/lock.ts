/**
 * One process for one store. Two would make two chains under one key, and the hall would have to call it a fork. The
 * lock is SQLite's own on a small file of its own: it ends with its process, however that ends.
 */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { StoreError } from '../../sync/sqlite.ts'

const LOCK_FILE = 'store.lock'

export interface StoreLock {
  release(): void
}

/** @throws StoreError `store-in-use` while another process, or another device of this one, has the folder */
export const lockStore = (dataDir: string): StoreLock => {
  const path = join(dataDir, LOCK_FILE)
  let lock: Database.Database | undefined
  try {
    lock = new Database(path, { timeout: 0 })
    lock.pragma('journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
    const held = lock
    return { release: () => void held.close() }
  } catch (error) {
    lock?.close()
    throw lockFault(dataDir, error)
  }
}

const lockFault = (dataDir: string, error: unknown): unknown => {
  if (!(error instanceof Error) || !('code' in error)) return error
  return String(error.code).startsWith('SQLITE_BUSY')
    ? new StoreError(
        'store-in-use',
        `${dataDir} is in use by another device that runs here: stop that one, or give this one a folder of its own`,
        { cause: error },
      )
    : new StoreError(
        'store-unreachable',
        `${dataDir} cannot be written: check that it has room, that its disk is not mounted read-only, and whose it is`,
        { cause: error },
      )
}
