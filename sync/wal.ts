/**
 * Store and WAL before SQLite reads them. After a failed sync Linux may show pages that never reached the disk
 * (https://wiki.postgresql.org/wiki/Fsync_Errors), and ext4 takes blocks whose first write failed for written: SQLite
 * would build on them, and a cut of power would take both away. Writing the same pages again does not help, a new
 * file does. So each start copies the WAL into one, and the store too when it is small or a sync has failed; what
 * the disk has got wrong in the WAL is set right on the way.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { syncFolderOf } from './durable-file.ts'
import { storageProblem } from './sqlite-faults.ts'
import { mendWal, type WalState } from './wal-mend.ts'

/** Some four times what a WAL grows to without a long reader; a longer one is copied unread. */
const MENDED_BYTES_AT_MOST = 64 * 1024 * 1024
/** Copied in some ten milliseconds: who was killed before a note could be left is safe as well. */
const SMALL_STORE_BYTES = 8 * 1024 * 1024
const CHUNK_BYTES = 1024 * 1024
/** Of the index: its header, twice. */
const INDEX_BYTES = 96

/** `store.doubtful` beside `store.sqlite`. */
const doubtFileOf = (storePath: string): string => `${storePath.replace(/\.sqlite$/, '')}.doubtful`

/** A sync has failed: the next start trusts no block of the store. What cannot be noted is on no disk either. */
export const noteDoubt = (storePath: string): void => {
  try {
    closeSync(openSync(doubtFileOf(storePath), 'w'))
  } catch {
    // A disk that takes no file any more has not taken the rest: a cut of power then leaves what was synced before.
  }
}

export type Mend = (wal: Buffer, index: Buffer | null) => WalState

/** When a sync failed of which nothing is in the store yet; null when none has. */
export const doubtedSince = (storePath: string): Date | null =>
  statSync(doubtFileOf(storePath), { throwIfNoEntry: false })?.mtime ?? null

/** Once the store tells of it: a stop between the two makes the next start renew its files once more, and no harm. */
export const forgetDoubt = (storePath: string): void => {
  const doubt = doubtFileOf(storePath)
  rmSync(doubt, { force: true })
  syncFolderOf(doubt)
}

/**
 * Nobody else may have the store open: its files are others afterwards.
 * @param doubtful a sync has failed since they were opened last
 * @param mend sets the WAL's bytes right, by the index beside it too, or throws to leave the file as it is
 * @throws the system's error when it cannot be written or synced: the store must not be used then
 */
export const readyFiles = (
  storePath: string,
  mend: Mend = mendWal,
  doubtful: boolean = doubtedSince(storePath) !== null,
): WalState => {
  const shm = `${storePath}-shm`
  const index = existsSync(shm) ? readAll(shm, INDEX_BYTES) : null
  const state = renew(`${storePath}-wal`, doubtful, (wal) => mend(wal, index))
  const size = statSync(storePath, { throwIfNoEntry: false })?.size ?? 0
  if (doubtful || size <= SMALL_STORE_BYTES) renew(storePath, doubtful, () => 'whole')
  return state
}

/** Without doubt a full disk is no reason not to start: the file is what was synced. */
const renew = (path: string, doubtful: boolean, mend: (bytes: Buffer) => WalState): WalState => {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size === 0) return 'whole'
  const beside = `${path}.new`
  let state: WalState = 'whole'
  try {
    const to = openSync(beside, 'w', 0o600)
    try {
      if (size <= MENDED_BYTES_AT_MOST) {
        const bytes = readAll(path, size)
        state = mend(bytes)
        writeAll(to, bytes)
      } else copyInChunks(path, to)
      fsyncSync(to)
    } finally {
      closeSync(to)
    }
  } catch (error) {
    rmSync(beside, { force: true })
    if (!doubtful && state === 'whole' && storageProblem(error) === 'disk-full') return state
    throw error
  }
  renameSync(beside, path)
  syncFolderOf(path)
  return state
}

const readAll = (path: string, size: number): Buffer => {
  const bytes = Buffer.alloc(size)
  const file = openSync(path, 'r')
  try {
    let read = 0
    while (read < size) {
      const more = readSync(file, bytes, read, size - read, read)
      if (more === 0) break
      read += more
    }
    return bytes.subarray(0, read)
  } finally {
    closeSync(file)
  }
}

const writeAll = (file: number, bytes: Buffer): void => {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done)
}

const copyInChunks = (path: string, to: number): void => {
  const from = openSync(path, 'r')
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES)
    for (;;) {
      const read = readSync(from, chunk)
      if (read === 0) return
      writeAll(to, chunk.subarray(0, read))
    }
  } finally {
    closeSync(from)
  }
}
