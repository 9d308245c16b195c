/** What may stand on a disk after a power cut: the last synced state with any part of what was under way. */
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { Seeded } from './seeded.ts'

/** What a drive writes whole or not at all. */
const SECTOR_BYTES = 512
/** What is skipped when it holds nothing, so that a copy of a nearly empty disk is small. */
const CHUNK_BYTES = 64 * 1024

/**
 * An image as of the last sync with a random part of the sectors that were written since, in no order: each
 * sector old or new, pages torn in the middle.
 * @param share how many of the changed sectors are kept, 0 to 1
 * @returns how many sectors were changed, and how many of them are in it
 */
export function writeTorn(
  synced: Buffer,
  later: Buffer,
  path: string,
  share: number,
  random: Seeded,
): { changed: number; kept: number } {
  const mixed = Buffer.from(synced)
  const counts = { changed: 0, kept: 0 }
  for (let chunk = 0; chunk < synced.length; chunk += CHUNK_BYTES) {
    if (synced.compare(later, chunk, chunk + CHUNK_BYTES, chunk, chunk + CHUNK_BYTES) === 0) continue
    for (let at = chunk; at < chunk + CHUNK_BYTES; at += SECTOR_BYTES) {
      if (synced.compare(later, at, at + SECTOR_BYTES, at, at + SECTOR_BYTES) === 0) continue
      counts.changed += 1
      if (!random.chance(share)) continue
      counts.kept += 1
      later.copy(mixed, at, at, at + SECTOR_BYTES)
    }
  }
  writeSparse(mixed, path)
  return counts
}

const NOTHING = Buffer.alloc(CHUNK_BYTES)

export function writeSparse(image: Buffer, path: string): void {
  const file = openSync(path, 'w', 0o600)
  try {
    ftruncateSync(file, image.length)
    for (let at = 0; at < image.length; at += CHUNK_BYTES) {
      const chunk = image.subarray(at, at + CHUNK_BYTES)
      if (!chunk.equals(NOTHING)) writeSync(file, chunk, 0, chunk.length, at)
    }
  } finally {
    closeSync(file)
  }
}

export const readImage = (path: string): Buffer => readFileSync(path)
