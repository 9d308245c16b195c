/**
 * The first hundred bytes of a store: most of them are the same in every store of this software, and a wrong bit
 * there makes it no database at all, or, worse, one without a WAL, whose commits are then forgotten in silence.
 * https://www.sqlite.org/fileformat2.html#the_database_header
 */
import { closeSync, existsSync, fsyncSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { differingBits, WRONG_BITS_AT_MOST } from './schema-names.ts'
import { PAGE_BYTES } from './store-pages.ts'
import { STORE_HEADER_BYTES } from './store-rows.ts'

const MAGIC = 'SQLite format 3\0'
/** Written and read with a WAL, nothing reserved, and the three fractions that SQLite never made otherwise. */
const WITH_WAL = Buffer.from([...Buffer.from(MAGIC), PAGE_BYTES >> 8, 0, 2, 2, 0, 64, 32, 32])
/** Begun, and stopped before the WAL was. */
const WITHOUT_WAL = Buffer.from(WITH_WAL).fill(1, 18, 20)

/** Of the header of the first page, which follows. */
const PAGE_HEADER_BYTES = 8
const CELLS_AT = 3
const PAGE_BYTES_AT = 16
const SCHEMA_FORMAT = { at: 44, value: 4 }
const TEXT_IS_UTF_8 = { at: 56, value: 1 }

/** Where nobody has the store open. True when bits were set right. @throws the system's error when it cannot be written */
export function mendHeader(path: string): boolean {
  if (!existsSync(path) || statSync(path).size < PAGE_BYTES) return false
  const file = openSync(path, 'r+')
  try {
    const header = Buffer.alloc(STORE_HEADER_BYTES + PAGE_HEADER_BYTES)
    readSync(file, header, 0, header.length, 0)
    const before = Buffer.from(header)
    if (!setRight(header)) return false
    for (let at = 0; at < header.length; at += 1)
      if (header[at] !== before[at]) writeSync(file, header, at, 1, at)
    fsyncSync(file)
    return true
  } finally {
    closeSync(file)
  }
}

function setRight(header: Buffer): boolean {
  const pageBytes = header.readUInt16BE(PAGE_BYTES_AT)
  // No single bit makes another size that SQLite knows: such a store is none of ours.
  if (pageBytes !== PAGE_BYTES && isPowerOfTwo(pageBytes)) return false
  const read = header.toString('latin1', 0, WITH_WAL.length)
  const [meant] = [WITH_WAL, WITHOUT_WAL]
    .map((bytes) => ({ bytes, bits: differingBits(read, bytes.toString('latin1')) }))
    .sort((one, other) => one.bits - other.bits)
  if (meant === undefined || meant.bits > WRONG_BITS_AT_MOST) return false
  meant.bytes.copy(header)
  let isMended = meant.bits > 0
  const hasTables = header.readUInt16BE(STORE_HEADER_BYTES + CELLS_AT) > 0
  for (const { at, value } of [SCHEMA_FORMAT, TEXT_IS_UTF_8]) {
    // Neither is there before the first table is.
    if (!hasTables || header.readUInt32BE(at) === value) continue
    header.writeUInt32BE(value, at)
    isMended = true
  }
  return isMended
}

const isPowerOfTwo = (number: number): boolean => number > 0 && (number & (number - 1)) === 0
