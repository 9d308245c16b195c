/** The bytes of a WAL and of the index beside it. https://www.sqlite.org/fileformat2.html#walformat, walformat.html */
import { endianness } from 'node:os'

export const HEADER_BYTES = 32
export const HEADER_SUMMED_BYTES = 24
export const FRAME_HEADER_BYTES = 24
/** Of a frame's header, page number and size of the store after a commit. */
export const FRAME_SUMMED_BYTES = 8
export const MAGIC = 0x377f0682
export const FORMAT = 3_007_000
export type Sum = [number, number]

export const headerSum = (wal: Buffer): Sum => [wal.readUInt32BE(24), wal.readUInt32BE(28)]

export const headerIsSound = (wal: Buffer): boolean => {
  const pageBytes = wal.readUInt32BE(8)
  if ((wal.readUInt32BE(0) & ~1) >>> 0 !== MAGIC || wal.readUInt32BE(4) !== FORMAT) return false
  if (pageBytes < 512 || pageBytes > 65_536 || (pageBytes & (pageBytes - 1)) !== 0) return false
  return same(summerOf(wal)([0, 0], 0, HEADER_SUMMED_BYTES), headerSum(wal))
}

export type Summer = (seed: Sum, from: number, bytes: number) => Sum

/** The last bit of the magic number says in which order words are summed up. */
export const summerOf = (wal: Buffer): Summer => {
  const bigEndian = (wal.readUInt32BE(0) & 1) === 1
  const view = new DataView(wal.buffer, wal.byteOffset, wal.byteLength)
  return (seed, from, bytes) => summed(view, !bigEndian, seed, from, bytes)
}

const summed = (view: DataView, little: boolean, seed: Sum, from: number, bytes: number): Sum => {
  let [a, b] = seed
  for (let at = from; at < from + bytes; at += 8) {
    a = (a + view.getUint32(at, little) + b) >>> 0
    b = (b + view.getUint32(at + 4, little) + a) >>> 0
  }
  return [a, b]
}

export const sumOfFrame = (at: number, frameBytes: number, seed: Sum, summer: Summer): Sum =>
  summer(summer(seed, at, FRAME_SUMMED_BYTES), at + FRAME_HEADER_BYTES, frameBytes - FRAME_HEADER_BYTES)

export const storedSum = (wal: Buffer, at: number): Sum => [
  wal.readUInt32BE(at + 16),
  wal.readUInt32BE(at + 20),
]

export const same = (one: Sum, other: Sum): boolean => one[0] === other[0] && one[1] === other[1]

/** A frame of another round of the WAL has other salts: there it ends. */
export const hasSalts = (wal: Buffer, at: number): boolean =>
  wal.readUInt32BE(at + 8) === wal.readUInt32BE(16) && wal.readUInt32BE(at + 12) === wal.readUInt32BE(20)

export const isFrame = (wal: Buffer, at: number, frameBytes: number, seed: Sum, summer: Summer): boolean =>
  hasSalts(wal, at) && same(sumOfFrame(at, frameBytes, seed, summer), storedSum(wal, at))

/** The last frame of a transaction says how many pages the store has after it. */
export const isCommit = (wal: Buffer, at: number): boolean => wal.readUInt32BE(at + 4) !== 0

export interface WalIndex {
  pageBytes: number
  /** Frames whose transaction was synced. */
  frames: number
  /** Of the store. */
  pages: number
  /** Eight bytes. */
  salts: Buffer
}

const INDEX_HEADER_BYTES = 48
const INDEX_SUMMED_BYTES = 40

/** Null when there is none, or none that can be believed. It moves only after the sync, so it never says too much. */
export const readIndex = (shm: Buffer | null): WalIndex | null => {
  if (shm === null || shm.length < INDEX_HEADER_BYTES) return null
  const little = endianness() === 'LE'
  const view = new DataView(shm.buffer, shm.byteOffset, shm.byteLength)
  const number = (at: number): number => view.getUint32(at, little)
  const sum = summed(view, little, [0, 0], 0, INDEX_SUMMED_BYTES)
  if (number(0) !== FORMAT || !same(sum, [number(40), number(44)])) return null
  const pageBytes = view.getUint16(14, little)
  return {
    pageBytes: pageBytes === 1 ? 65_536 : pageBytes,
    frames: number(16),
    pages: number(20),
    salts: shm.subarray(32, 40),
  }
}
