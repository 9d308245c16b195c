/**
 * The rows of a small table, or the entries of a small index, out of their pages: strictly, so that pages on which
 * anything is not what it must be give none. https://www.sqlite.org/fileformat2.html#b_tree_pages
 */
import { PAGE_BYTES, type StorePages } from './store-pages.ts'

/** One value of a record: so many bytes, there on its page. */
export interface Field {
  at: number
  bytes: number
  /** What it is: https://www.sqlite.org/fileformat2.html#record_format */
  serial: number
}

export interface StoredRow {
  page: number
  fields: Field[]
}

/** The store's own header stands before that of its first page. */
export const STORE_HEADER_BYTES = 100
const LEAF_HEADER_BYTES = 8
const INTERIOR_HEADER_BYTES = 12
/** Of a page's header, and of a cell with pages before it. */
const CELLS_AT = 3
const CHILD_BYTES = 4
const TABLE_INTERIOR = 5
const INDEX_INTERIOR = 2
const INDEX_LEAF = 10
const TABLE_LEAF = 13
/** A longer payload goes on on other pages: of what is looked at here none is so long. */
const LOCAL_BYTES_AT_MOST = { [TABLE_LEAF]: PAGE_BYTES - 35, [INDEX_LEAF]: 1_002 }
/** Schema and migrations are a handful of pages: deeper is a circle. */
const LEVELS_AT_MOST = 3
/** More than any table has. */
const LEVELS_OF_A_STORE = 20
/** A bit that leads into a table of events must not read all of them. */
const PAGES_AT_MOST = 64
/** Of a varint, so that a number holds it. */
const VARINT_BYTES_AT_MOST = 7

/** In order. Null when they cannot be read. @param visited takes up the numbers of their pages */
export function rowsOf(
  pages: StorePages,
  root: number,
  visited: Set<number> = new Set(),
): StoredRow[] | null {
  const reading = { pages, visited, rows: [], read: 0, lastRowid: 0 }
  return readTree(reading, root, LEVELS_AT_MOST) ? reading.rows : null
}

/** What lies at a root, by its leftmost row; 0 fields where there is none. Null when it is no root. */
export function firstRowOf(
  pages: StorePages,
  root: number,
  levels: number = LEVELS_OF_A_STORE,
): { isIndex: boolean; fields: number } | null {
  const page = pages.page(root)
  const kind = page?.[0] ?? 0
  const isInterior = kind === TABLE_INTERIOR || kind === INDEX_INTERIOR
  if (page === null || levels === 0 || !(isInterior || kind === TABLE_LEAF || kind === INDEX_LEAF))
    return null
  const isIndex = kind === INDEX_INTERIOR || kind === INDEX_LEAF
  if (page.readUInt16BE(CELLS_AT) === 0) return { isIndex, fields: 0 }
  const at = page.readUInt16BE(isInterior ? INTERIOR_HEADER_BYTES : LEAF_HEADER_BYTES)
  if (at > PAGE_BYTES - CHILD_BYTES) return null
  if (kind === TABLE_INTERIOR) return firstRowOf(pages, page.readUInt32BE(at), levels - 1)
  let payload = varint(page, at + (isInterior ? CHILD_BYTES : 0))
  if (kind === TABLE_LEAF && payload !== null) payload = varint(page, payload.end)
  const header = payload && varint(page, payload.end)
  if (payload === null || header === null) return null
  let fields = 0
  for (let end = header.end; end < payload.end + header.value; fields += 1) {
    const serial = varint(page, end)
    if (serial === null) return null
    end = serial.end
  }
  return { isIndex, fields }
}

interface Reading {
  pages: StorePages
  visited: Set<number>
  rows: StoredRow[]
  /** Pages. */
  read: number
  lastRowid: number
}

function readTree(reading: Reading, number: number, levels: number): boolean {
  const page = reading.pages.page(number)
  if (page === null || levels === 0 || reading.read === PAGES_AT_MOST) return false
  reading.read += 1
  reading.visited.add(number)
  const start = number === 1 ? STORE_HEADER_BYTES : 0
  const kind = page[start]
  if (kind !== TABLE_INTERIOR && kind !== TABLE_LEAF && kind !== INDEX_LEAF) return false
  const pointers = start + (kind === TABLE_INTERIOR ? INTERIOR_HEADER_BYTES : LEAF_HEADER_BYTES)
  const cells = page.readUInt16BE(start + CELLS_AT)
  const content = pointers + 2 * cells
  if (content > PAGE_BYTES) return false
  for (let cell = 0; cell < cells; cell += 1) {
    const at = page.readUInt16BE(pointers + 2 * cell)
    if (at < content || at > PAGE_BYTES - CHILD_BYTES) return false
    const isRead =
      kind === TABLE_INTERIOR ? readChild(reading, page, at, levels) : readRow(reading, number, at, kind)
    if (!isRead) return false
  }
  return kind !== TABLE_INTERIOR || readTree(reading, page.readUInt32BE(start + 8), levels - 1)
}

/** No row behind it has a higher number than it tells. */
function readChild(reading: Reading, page: Buffer, at: number, levels: number): boolean {
  if (!readTree(reading, page.readUInt32BE(at), levels - 1)) return false
  const key = varint(page, at + CHILD_BYTES)
  if (key === null || key.value < reading.lastRowid) return false
  reading.lastRowid = key.value
  return true
}

function readRow(
  reading: Reading,
  number: number,
  at: number,
  kind: typeof TABLE_LEAF | typeof INDEX_LEAF,
): boolean {
  const page = reading.pages.page(number)
  const payload = page && varint(page, at)
  if (page === null || payload === null || payload.value > LOCAL_BYTES_AT_MOST[kind]) return false
  let { end } = payload
  if (kind === TABLE_LEAF) {
    const rowid = varint(page, end)
    if (rowid === null || rowid.value <= reading.lastRowid) return false
    reading.lastRowid = rowid.value
    end = rowid.end
  }
  const fields = fieldsOf(page, end, payload.value)
  if (fields === null) return false
  reading.rows.push({ page: number, fields })
  return true
}

function fieldsOf(page: Buffer, start: number, bytes: number): Field[] | null {
  const header = varint(page, start)
  const end = start + bytes
  if (header === null || header.value > bytes || end > PAGE_BYTES) return null
  const fields: Field[] = []
  let body = start + header.value
  let at = header.end
  while (at < start + header.value) {
    const serial = varint(page, at)
    const length = serial && bytesOf(serial.value)
    if (serial === null || length === null) return null
    fields.push({ at: body, bytes: length, serial: serial.value })
    body += length
    at = serial.end
  }
  return at === start + header.value && body === end ? fields : null
}

const NUMBER_BYTES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0]

const bytesOf = (serial: number): number | null =>
  serial >= 12 ? (serial - (serial % 2 === 0 ? 12 : 13)) / 2 : (NUMBER_BYTES[serial] ?? null)

function varint(page: Buffer, at: number): { value: number; end: number } | null {
  let value = 0
  for (let byte = at; byte < at + VARINT_BYTES_AT_MOST && byte < PAGE_BYTES; byte += 1) {
    const bits = page[byte] ?? 0
    value = value * 128 + (bits & 127)
    if (bits < 128) return { value, end: byte + 1 }
  }
  return null
}
