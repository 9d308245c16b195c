/** What a WAL holds behind a frame that cannot be set right: whether any of it was answered for, and how it is read. */
import {
  FORMAT,
  FRAME_HEADER_BYTES,
  HEADER_BYTES,
  HEADER_SUMMED_BYTES,
  hasSalts,
  headerSum,
  isCommit,
  MAGIC,
  readIndex,
  type Sum,
  summerOf,
  sumOfFrame,
} from './wal-format.ts'

const USUAL_PAGE_BYTES = 4096

/**
 * Whether this frame had been synced, and was answered for perhaps. A transaction is synced before the next is begun
 * and before the index counts it: so behind a frame that was only on its way stands its own commit at most, and
 * behind a commit none. The header alone tells a commit: it need not be sound to have been written.
 */
export const wasCommitted = (wal: Buffer, at: number, frameBytes: number, shm: Buffer | null): boolean => {
  if ((at - HEADER_BYTES) / frameBytes < committedFrames(wal, shm)) return true
  const mayBeBehind = hasSalts(wal, at) && isCommit(wal, at) ? 0 : 1
  return commitsFrom(wal, at + frameBytes, frameBytes).length > mayBeBehind
}

const committedFrames = (wal: Buffer, shm: Buffer | null): number => {
  const index = readIndex(shm)
  return index?.salts.equals(wal.subarray(16, 24)) ? index.frames : 0
}

/** Where the commits of this round of the WAL stand, from here on. */
const commitsFrom = (wal: Buffer, from: number, frameBytes: number): number[] => {
  const commits: number[] = []
  for (let at = from; at + frameBytes <= wal.length; at += frameBytes)
    if (hasSalts(wal, at) && isCommit(wal, at)) commits.push(at)
  return commits
}

/** Lets SQLite read on to the last commit: the sums are made to follow from the frame that is wrong. */
export const adopt = (wal: Buffer, from: number, seed: Sum, shm: Buffer | null): void => {
  const frameBytes = FRAME_HEADER_BYTES + wal.readUInt32BE(8)
  const summer = summerOf(wal)
  const whole = Math.floor((wal.length - HEADER_BYTES) / frameBytes)
  const committed = HEADER_BYTES + (Math.min(committedFrames(wal, shm), whole) - 1) * frameBytes
  const commits = commitsFrom(wal, from, frameBytes)
  const last = Math.max(from, commits.at(-1) ?? from, committed)
  const sizes = commitsFrom(wal, HEADER_BYTES, frameBytes).map((at) => wal.readUInt32BE(at + 4))
  const pages = Math.max(1, readIndex(shm)?.pages ?? 0, ...sizes)
  let sum = seed
  for (let at = from; at <= last; at += frameBytes) {
    const page = wal.readUInt32BE(at)
    if (!hasSalts(wal, at) || page === 0 || page > pages) {
      // Whose page it was is gone: another frame says its own twice, and spoils none.
      const other = at > HEADER_BYTES ? at - frameBytes : last
      wal.copy(wal, at, other, other + frameBytes)
      wal.writeUInt32BE(0, at + 4)
    }
    if (at === last && !isCommit(wal, at)) wal.writeUInt32BE(pages, at + 4)
    wal.copy(wal, at + 8, 16, 24)
    sum = sumOfFrame(at, frameBytes, sum, summer)
    wal.writeUInt32BE(sum[0], at + 16)
    wal.writeUInt32BE(sum[1], at + 20)
  }
}

/**
 * Of a WAL whose header is gone: false when nothing in it was ever answered for. A header that a cut of power has torn
 * stands before frames of an earlier round, all of which are in the store: reading those again changes nothing.
 */
export const adoptWithoutHeader = (wal: Buffer, shm: Buffer | null): boolean => {
  const index = readIndex(shm)
  const pageBytes = index?.pageBytes ?? USUAL_PAGE_BYTES
  const frameBytes = FRAME_HEADER_BYTES + pageBytes
  const salts = index?.salts ?? saltsOf(wal, frameBytes)
  if (salts === null) return false
  wal.writeUInt32BE(MAGIC, 0)
  wal.writeUInt32BE(FORMAT, 4)
  wal.writeUInt32BE(pageBytes, 8)
  wal.writeUInt32BE(0, 12)
  salts.copy(wal, 16)
  const sum = summerOf(wal)([0, 0], 0, HEADER_SUMMED_BYTES)
  wal.writeUInt32BE(sum[0], 24)
  wal.writeUInt32BE(sum[1], 28)
  if (commitsFrom(wal, HEADER_BYTES, frameBytes).length === 0) return false
  adopt(wal, HEADER_BYTES, headerSum(wal), shm)
  return true
}

/** The first two frames that agree. */
const saltsOf = (wal: Buffer, frameBytes: number): Buffer | null => {
  const at = (number: number): Buffer =>
    wal.subarray(HEADER_BYTES + number * frameBytes + 8, HEADER_BYTES + number * frameBytes + 16)
  for (let number = 0; at(number + 1).length === 8; number += 1)
    if (at(number).equals(at(number + 1)) && at(number).some((byte) => byte !== 0))
      return Buffer.from(at(number))
  return null
}
