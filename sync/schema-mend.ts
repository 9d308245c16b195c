/**
 * A store whose schema has wrong bits. What it must be is known to the last letter, so what was written is found
 * again: words by what stands in their place, a bit in the frame of a page by trying each until every word is right,
 * the number of a table's page by the list that SQLite keeps of such pages. Nothing is written before all of it is,
 * in memory, a sound store.
 */
import Database from 'better-sqlite3'
import { schemaFault } from './schema-check.ts'
import { type Columns, columnsIn, expectedSchema, type SchemaRow } from './schema-expected.ts'
import { judgeNames } from './schema-names.ts'
import { rootsSetRight } from './schema-roots.ts'
import { namesSetRight, namesWithoutSchema, type SchemaEntry, wordsSetRight } from './schema-words.ts'
import type { Migration } from './sqlite.ts'
import { isUnreadable } from './sqlite-faults.ts'
import { openPages, PAGE_BYTES, type StorePages } from './store-pages.ts'
import { rowsOf, STORE_HEADER_BYTES } from './store-rows.ts'

/** A larger store is not copied into memory to be checked: the schema itself is held against what it must be. */
const CHECKED_BYTES_AT_MOST = 64 * 1024 * 1024
const SCHEMA_ROOT = 1
const BITS = 8

/**
 * Where nobody has the store open. Whether all else in it is sound, the next opening finds out.
 * @returns false when it is not the schema that is wrong, or nobody can say what it was; the file is as it was then
 * @throws the system's error when it cannot be read or written
 */
export function mendSchema(path: string, migrations: readonly Migration[]): boolean {
  const pages = openPages(path)
  if (pages === null) return false
  try {
    // Where other pages are damaged as well, its own words still let what is sound be carried over.
    for (const isRight of [isSound, hasItsSchema]) {
      let isReadable = false
      const isRightNow = (): boolean => {
        isReadable = true
        return isRight(pages, migrations)
      }
      for (const expected of candidates(pages, migrations)) {
        pages.reset()
        if (mends(pages, expected, isRightNow)) return pages.write()
      }
      if (!isReadable) return false
    }
    return false
  } finally {
    pages.close()
  }
}

interface Candidate {
  names: readonly string[]
  rows: readonly SchemaRow[]
  columns: ReadonlyMap<string, Columns>
}

/** What the schema may have been, the likeliest first: by its own list of migrations, then by their usual order. */
function* candidates(pages: StorePages, migrations: readonly Migration[]): Generator<Candidate> {
  const known = migrations.map(({ name }) => name)
  const read = namesWithoutSchema(pages, known)
  const judged = judgeNames(read, known)
  if (judged.verdict === 'newer') return
  const usual = read.length === 0 ? known : known.slice(0, read.length)
  // Of two that are the same now, either may be the wrong one.
  const backwards = judgeNames(read.toReversed(), known)
  const own = [judged.verdict === 'known' ? read : judged.mended]
  if (backwards.verdict === 'damaged') own.push(backwards.mended?.toReversed() ?? null)
  const orders = new Map([...own, usual].flatMap((names) => (names?.length ? [[names.join(), names]] : [])))
  for (const names of orders.values()) {
    const made = expectedSchema(names, migrations)
    if (made === null) continue
    const columns = columnsIn(made.db)
    made.db.close()
    yield { names, rows: made.rows, columns }
  }
}

function mends(pages: StorePages, { names, rows, columns }: Candidate, isRight: () => boolean): boolean {
  for (const entries of readings(pages, rows)) {
    const isRightWithNames = (): boolean => {
      namesSetRight(pages, entries, names)
      return isRight()
    }
    if (rootsSetRight(pages, entries, columns, isRightWithNames)) return true
  }
  return false
}

function* readings(pages: StorePages, expected: readonly SchemaRow[]): Generator<SchemaEntry[]> {
  const visited = new Set<number>()
  const reading = (): SchemaEntry[] | null => {
    const rows = rowsOf(pages, SCHEMA_ROOT, visited)
    return rows && wordsSetRight(pages, rows, expected)
  }
  const asTheyAre = reading()
  if (asTheyAre !== null) {
    yield asTheyAre
    return
  }
  for (const number of [...visited]) {
    const page = pages.page(number)
    if (page === null || pages.isInWal(number)) continue
    for (let at = number === SCHEMA_ROOT ? STORE_HEADER_BYTES : 0; at < PAGE_BYTES; at += 1) {
      for (let bit = 0; bit < BITS; bit += 1) {
        page[at] = (page[at] ?? 0) ^ (1 << bit)
        const entries = reading()
        if (entries !== null) {
          yield entries
          pages.reset()
        } else page[at] = (page[at] ?? 0) ^ (1 << bit)
      }
    }
  }
}

const isSound = (pages: StorePages, migrations: readonly Migration[]): boolean =>
  inMemory(
    pages,
    (db) =>
      schemaFault(db, migrations) === null && db.pragma('integrity_check(1)', { simple: true }) === 'ok',
  )

const hasItsSchema = (pages: StorePages, migrations: readonly Migration[]): boolean =>
  inMemory(pages, (db) => schemaFault(db, migrations) === null)

function inMemory(pages: StorePages, isRight: (db: Database.Database) => boolean): boolean {
  if (pages.count * PAGE_BYTES > CHECKED_BYTES_AT_MOST) return true
  let db: Database.Database | undefined
  try {
    db = new Database(withoutWal(pages.image()))
    return isRight(db)
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return false
  } finally {
    db?.close()
  }
}

/** What lies in memory can have none: https://www.sqlite.org/fileformat2.html#file_format_version_numbers */
const withoutWal = (image: Buffer): Buffer => image.fill(1, 18, 20)
