/**
 * The pages of a store that nobody has open, as SQLite would read them: the newest committed one of the WAL, or the
 * store's own. What is changed of them is in memory, until it is written back.
 * https://www.sqlite.org/fileformat2.html
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs'
import {
  FRAME_HEADER_BYTES,
  HEADER_BYTES,
  headerIsSound,
  headerSum,
  isCommit,
  isFrame,
  storedSum,
  summerOf,
} from './wal-format.ts'

/** As every store of this software has it; the number in the header may be what is damaged. */
export const PAGE_BYTES = 4096
/** A longer WAL is not held in memory beside the store. */
const WAL_BYTES_AT_MOST = 64 * 1024 * 1024

export interface StorePages {
  readonly count: number
  /** From 1, to be read or changed; null where there is none. */
  page(number: number): Buffer | null
  /** A page of the WAL has its checksum: what is wrong is in the others. */
  isInWal(number: number): boolean
  /** Everything, as one store without a WAL. */
  image(): Buffer
  /** Back to what was there. */
  reset(): void
  /** Syncs. False when nothing has changed. @throws the system's error */
  write(): boolean
  close(): void
}

/** Null when its WAL is too long, or of another page size. @throws the system's error */
export function openPages(path: string): StorePages | null {
  const frames = framesOf(`${path}-wal`)
  if (frames === null) return null
  const file = openSync(path, 'r+')
  const count = frames.pages ?? Math.floor(fstatSync(file).size / PAGE_BYTES)
  const pages = new Map<number, { bytes: Buffer; before: Buffer }>()
  const read = (number: number): Buffer => {
    const bytes = Buffer.alloc(PAGE_BYTES)
    const inWal = frames.byPage.get(number)
    if (inWal === undefined) readSync(file, bytes, 0, PAGE_BYTES, (number - 1) * PAGE_BYTES)
    else inWal.copy(bytes)
    return bytes
  }
  const page = (number: number): Buffer | null => {
    if (!Number.isInteger(number) || number < 1 || number > count) return null
    const known = pages.get(number)
    if (known !== undefined) return known.bytes
    const bytes = read(number)
    pages.set(number, { bytes, before: Buffer.from(bytes) })
    return bytes
  }
  return {
    count,
    page,
    isInWal: (number) => frames.byPage.has(number),
    image() {
      const whole = Buffer.alloc(count * PAGE_BYTES)
      for (let number = 1; number <= count; number += 1)
        (pages.get(number)?.bytes ?? read(number)).copy(whole, (number - 1) * PAGE_BYTES)
      return whole
    },
    reset() {
      for (const { bytes, before } of pages.values()) before.copy(bytes)
    },
    write() {
      let isChanged = false
      for (const [number, { bytes, before }] of pages) {
        if (bytes.equals(before)) continue
        // Only what differs: a cut of power in between leaves fewer wrong bits, never more.
        for (let at = 0; at < PAGE_BYTES; at += 1)
          if (bytes[at] !== before[at]) writeSync(file, bytes, at, 1, (number - 1) * PAGE_BYTES + at)
        bytes.copy(before)
        isChanged = true
      }
      if (isChanged) fsyncSync(file)
      return isChanged
    },
    close: () => closeSync(file),
  }
}

interface Frames {
  byPage: ReadonlyMap<number, Buffer>
  /** Of the store after the last commit; null without one. */
  pages: number | null
}

function framesOf(path: string): Frames | null {
  const none: Frames = { byPage: new Map(), pages: null }
  const size = existsSync(path) ? statSync(path).size : 0
  if (size > WAL_BYTES_AT_MOST) return null
  if (size < HEADER_BYTES) return none
  const wal = readFileSync(path)
  if (!headerIsSound(wal)) return none
  if (wal.readUInt32BE(8) !== PAGE_BYTES) return null
  const byPage = new Map<number, Buffer>()
  const pending = new Map<number, Buffer>()
  const frameBytes = FRAME_HEADER_BYTES + PAGE_BYTES
  const summer = summerOf(wal)
  let pages: number | null = null
  let seed = headerSum(wal)
  for (let at = HEADER_BYTES; at + frameBytes <= wal.length; at += frameBytes) {
    if (!isFrame(wal, at, frameBytes, seed, summer)) break
    seed = storedSum(wal, at)
    pending.set(wal.readUInt32BE(at), wal.subarray(at + FRAME_HEADER_BYTES, at + frameBytes))
    if (!isCommit(wal, at)) continue
    pages = wal.readUInt32BE(at + 4)
    for (const [number, bytes] of pending) byPage.set(number, bytes)
    pending.clear()
  }
  return { byPage, pages }
}
