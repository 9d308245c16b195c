/**
 * A WAL with a flipped bit. SQLite takes the first frame whose checksum is wrong for the end, as after a cut of power,
 * and drops every commit behind it, acknowledged ones too. But each frame can be judged by itself, from the checksum
 * that the frame before it holds: so what was cut off is told from what was damaged, and one bit is set right again.
 * Format: https://www.sqlite.org/fileformat2.html#walformat
 */
import { adopt, adoptWithoutHeader, wasCommitted } from './wal-adopt.ts'
import {
  FRAME_HEADER_BYTES,
  FRAME_SUMMED_BYTES,
  HEADER_BYTES,
  hasSalts,
  headerIsSound,
  headerSum,
  isCommit,
  isFrame,
  type Sum,
  type Summer,
  storedSum,
  summerOf,
  sumOfFrame,
} from './wal-format.ts'

const BITS = 8

/** More wrong bits than this are no chance any more: what can be read is carried over instead. */
const BITS_AT_MOST = 8

export type WalState =
  | 'whole' // or cut short behind its last commit: SQLite reads all that was ever answered for
  | 'mended' // bits were set right in `wal`: write it back
  | 'damaged' // commits lie behind what cannot be set right; `wal` lets SQLite read past it now, to carry over what is sound

/**
 * @param wal the whole file; changed in place, and what a cut of power left behind its last commit is wiped
 * @param shm the index beside it, when there is one
 */
export const mendWal = (wal: Buffer, shm: Buffer | null = null): WalState => {
  if (wal.length < HEADER_BYTES + FRAME_HEADER_BYTES) return 'whole'
  let bits = 0
  if (!headerIsSound(wal)) {
    // The first frame knows its salts and what it was summed up from: only the one right bit pleases both.
    if (flip(wal, 0, HEADER_BYTES, () => headerIsSound(wal) && firstFrameIsSound(wal)) !== 'mended')
      return adoptWithoutHeader(wal, shm) ? 'damaged' : 'whole'
    bits += 1
  }
  const frameBytes = FRAME_HEADER_BYTES + wal.readUInt32BE(8)
  const summer = summerOf(wal)
  let seed = headerSum(wal)
  let end = HEADER_BYTES
  for (let at = HEADER_BYTES; at + frameBytes <= wal.length; at += frameBytes) {
    if (!isFrame(wal, at, frameBytes, seed, summer)) {
      const mended = bits < BITS_AT_MOST ? mendFrame(wal, at, frameBytes, seed, summer) : 'nothing-fits'
      if (mended === 'nothing-fits' && !wasCommitted(wal, at, frameBytes, shm)) break
      if (mended !== 'mended') {
        adopt(wal, at, seed, shm)
        return 'damaged'
      }
      bits += 1
    }
    seed = storedSum(wal, at)
    if (isCommit(wal, at)) end = at + frameBytes
  }
  // Left there, a torn commit would look like a damaged one behind what is written over its beginning.
  wal.fill(0, end)
  return bits > 0 ? 'mended' : 'whole'
}

const firstFrameIsSound = (wal: Buffer): boolean => {
  const frameBytes = FRAME_HEADER_BYTES + wal.readUInt32BE(8)
  if (HEADER_BYTES + frameBytes > wal.length) return false
  return isFrame(wal, HEADER_BYTES, frameBytes, headerSum(wal), summerOf(wal))
}

const mendFrame = (wal: Buffer, at: number, frameBytes: number, seed: Sum, summer: Summer): Flipped => {
  // A frame of another round is no damage, and most ends of a WAL are one: two salts differ there in many bits.
  if (!hasSalts(wal, at)) {
    if (!differsInOneBit(wal, at)) return 'nothing-fits'
    return flip(wal, at + 8, 8, () => isFrame(wal, at, frameBytes, seed, summer))
  }
  const sum = sumOfFrame(at, frameBytes, seed, summer)
  const stored = storedSum(wal, at)
  const off: Sum = [(stored[0] - sum[0]) >>> 0, (stored[1] - sum[1]) >>> 0]
  const bits = [...bitsInStoredSum(at, sum, stored), ...bitsInData(wal, at, frameBytes, off)]
  const [only] = bits
  if (only === undefined) return 'nothing-fits'
  if (bits.length > 1) return 'several-fit'
  wal[only.at] = (wal[only.at] ?? 0) ^ (1 << only.bit)
  return 'mended'
}

interface Bit {
  /** Byte of the file. */
  at: number
  bit: number
}

const bitsInStoredSum = (at: number, sum: Sum, stored: Sum): Bit[] => {
  const wrong = [(sum[0] ^ stored[0]) >>> 0, (sum[1] ^ stored[1]) >>> 0]
  const [half, other] = wrong[0] === 0 ? [wrong[1] ?? 0, 0] : [wrong[0] ?? 0, wrong[1] ?? 0]
  if (other !== 0 || half === 0 || (half & (half - 1)) !== 0) return []
  const bit = Math.log2(half)
  return [{ at: at + (wrong[0] === 0 ? 20 : 16) + 3 - (bit >> 3), bit: bit & 7 }]
}

/**
 * The sums are linear: a bit more in a word adds that bit, times what becomes of a 1 at its place, to both. What
 * becomes of it follows from the end of the frame back, so one pass over its words finds every bit that explains it.
 */
const bitsInData = (wal: Buffer, at: number, frameBytes: number, off: Sum): Bit[] => {
  const bigEndian = (wal.readUInt32BE(0) & 1) === 1
  const bits: Bit[] = []
  let first: Sum = [1, 1]
  let second: Sum = [0, 1]
  const look = (word: number, [one, two]: Sum): void => {
    for (let bit = 0; bit < 32; bit += 1) {
      const byte = word + (bigEndian ? 3 - (bit >> 3) : bit >> 3)
      const isSet = (((wal[byte] ?? 0) >> (bit & 7)) & 1) === 1
      const change = isSet ? -(2 ** bit) : 2 ** bit
      if (Math.imul(change, one) >>> 0 === off[0] && Math.imul(change, two) >>> 0 === off[1])
        bits.push({ at: byte, bit: bit & 7 })
    }
  }
  const pairs = [
    ...pairsBack(at + FRAME_HEADER_BYTES, at + frameBytes),
    ...pairsBack(at, at + FRAME_SUMMED_BYTES),
  ]
  for (const pair of pairs) {
    look(pair, first)
    look(pair + 4, second)
    first = further(first)
    second = further(second)
  }
  return bits
}

/** Offsets of the pairs of words of a stretch, the last first. */
const pairsBack = (from: number, to: number): number[] =>
  Array.from({ length: (to - from) / 8 }, (_, index) => to - 8 * (index + 1))

/** What one more pair of words behind it makes of a difference. */
const further = ([one, two]: Sum): Sum => [(one + two) >>> 0, (one + 2 * two) >>> 0]

const differsInOneBit = (wal: Buffer, at: number): boolean => {
  let differing = 0
  for (let byte = 0; byte < 8; byte += 1) {
    for (let rest = (wal[at + 8 + byte] ?? 0) ^ (wal[16 + byte] ?? 0); rest > 0; rest &= rest - 1)
      differing += 1
  }
  return differing === 1
}

type Flipped =
  | 'mended' // one bit fits, and it was set
  | 'several-fit' // a bit is wrong, and nobody can say which: these sums hardly tell the highest bits of words apart
  | 'nothing-fits' // more than a bit is wrong, or nothing was ever written whole

/** Tries each bit of a stretch. */
const flip = (wal: Buffer, from: number, bytes: number, isSound: () => boolean): Flipped => {
  let fits: { at: number; byte: number } | null = null
  for (let at = from; at < from + bytes; at += 1) {
    const before = wal[at] ?? 0
    for (let bit = 0; bit < BITS; bit += 1) {
      wal[at] = before ^ (1 << bit)
      if (!isSound()) continue
      if (fits !== null) {
        wal[at] = before
        return 'several-fit'
      }
      fits = { at, byte: before ^ (1 << bit) }
    }
    wal[at] = before
  }
  if (fits === null) return 'nothing-fits'
  wal[fits.at] = fits.byte
  return 'mended'
}
