/** What an error of the disk or of SQLite means for whoever wants to keep something. */
import { StoreError } from './sqlite.ts'

export type StorageProblem =
  | 'disk-full' // no room, or the quota is used up: what is there stays, what is new is refused
  | 'cannot-write' // mounted read-only, or writing fails: as above, until it can be written again
  | 'sync-failed' // nobody knows what reached the disk: the store is closed, read anew and written through
  | 'damaged' // what is read is no sound database: the store is checked, and set aside when it has to be

/** https://www.sqlite.org/rescode.html; a prefix stands for its extended codes. */
const BY_CODE: readonly (readonly [prefix: string, problem: StorageProblem])[] = [
  ['SQLITE_FULL', 'disk-full'],
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['SQLITE_IOERR_FSYNC', 'sync-failed'],
  ['SQLITE_IOERR_DIR_FSYNC', 'sync-failed'],
  ['SQLITE_IOERR_READ', 'damaged'],
  ['SQLITE_IOERR_SHORT_READ', 'damaged'],
  // Locks, memory, a file that cannot be made longer: none of them says anything of what is there.
  ['SQLITE_IOERR', 'cannot-write'],
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_NOTADB', 'damaged'],
  ['SQLITE_READONLY', 'cannot-write'],
  ['SQLITE_CANTOPEN', 'cannot-write'],
  ['EROFS', 'cannot-write'],
  ['EIO', 'cannot-write'],
]

/** Null for an error that has nothing to do with the disk. */
export function storageProblem(error: unknown): StorageProblem | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  if (error instanceof StoreError) {
    if (error.code === 'store-full') return 'disk-full'
    return error.code === 'store-damaged' ? 'damaged' : storageProblem(error.cause)
  }
  const code = String(error.code)
  if (code === 'EIO' && 'syscall' in error && (error.syscall === 'fsync' || error.syscall === 'fdatasync'))
    return 'sync-failed'
  return BY_CODE.find(([prefix]) => code.startsWith(prefix))?.[1] ?? null
}

/**
 * Whether a part of a damaged store is to be passed over: its page cannot be read, or its table is not what this version
 * knows. Anything else (no room, no rights, no memory) is no reason to give up what is there.
 */
export function isUnreadable(error: unknown): boolean {
  if (storageProblem(error) === 'damaged') return true
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code === 'SQLITE_ERROR' || code.startsWith('SQLITE_CONSTRAINT')
}
