/**
 * Room on the disk that is held back. On a full disk deletes, releases and checkpoints fail as well, for each of them
 * is written before it counts: a queue that has filled a disk could never empty itself again. So a file of real
 * blocks lies beside the store and is given up for that moment.
 */
import { randomFillSync } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { removeQuietly, syncFolderOf } from './durable-file.ts'

/** Twice the WAL between two checkpoints, each page of it once more in the store itself, and identity.json. */
export const RESERVE_BYTES = 8 * 1024 * 1024

/** As much again stays free once it is taken back, or it would be given up again with the next rating. */
const TAKEN_WITH_FREE_BYTES = 2 * RESERVE_BYTES

/** Laying it down takes some ten milliseconds: who asks for each rating asks a disk in trouble no more often. */
const TRY_EVERY_MS = 1_000

const CHUNK_BYTES = 1024 * 1024
const STAT_BLOCK_BYTES = 512

export interface Reserve {
  /** Whether it lies there. Without it nothing new is taken, so that what is kept can be delivered. */
  readonly held: boolean
  /** Gives its room to the disk; false when it was given before. */
  give(): boolean
  /** Takes it back where there is room; whether it lies there now. Never throws. */
  take(): boolean
}

/** @param path of the reserve itself; it is laid there at once when there is room */
export function openReserve(path: string, bytes: number = RESERVE_BYTES): Reserve {
  // Left by a cut of power: the reserve once more, and lent to nobody.
  removeQuietly(`${path}.new`)
  let held = isWhole(path, bytes)
  let triedAtMs = Number.NEGATIVE_INFINITY
  const reserve: Reserve = {
    get held() {
      return held
    },
    give() {
      if (!held) return false
      held = false
      rmSync(path, { force: true })
      // ext4 lends blocks that were freed only once the folder's change is in its journal.
      syncFolderOf(path)
      return true
    },
    take() {
      if (held || performance.now() - triedAtMs < TRY_EVERY_MS) return held
      triedAtMs = performance.now()
      held = hasRoom(path, bytes) && layDown(path, bytes)
      return held
    },
  }
  reserve.take()
  return reserve
}

/** A sparse file holds nothing: its blocks are counted, not its length. */
function isWhole(path: string, bytes: number): boolean {
  const file = statSync(path, { throwIfNoEntry: false })
  return file !== undefined && file.size >= bytes && file.blocks * STAT_BLOCK_BYTES >= bytes
}

function hasRoom(path: string, bytes: number): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    return bavail * bsize >= bytes + Math.min(TAKEN_WITH_FREE_BYTES, 2 * bytes)
  } catch {
    return false
  }
}

/** Random bytes: a file system that packs would hold back nothing for zeros. */
function layDown(path: string, bytes: number): boolean {
  const beside = `${path}.new`
  try {
    const file = openSync(beside, 'w', 0o600)
    try {
      const chunk = randomFillSync(Buffer.alloc(Math.min(CHUNK_BYTES, bytes)))
      for (let written = 0; written < bytes; )
        written += writeSync(file, chunk, 0, Math.min(chunk.length, bytes - written))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(beside, path)
    syncFolderOf(path)
    return true
  } catch {
    removeQuietly(beside)
    return false
  }
}
