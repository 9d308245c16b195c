/** The words of a schema and of its list of migrations where they stand on their pages, and set right there. */
import type { SchemaRow } from './schema-expected.ts'
import { keyOf } from './schema-expected.ts'
import { differingBits, WRONG_BITS_AT_MOST } from './schema-names.ts'
import type { StorePages } from './store-pages.ts'
import { type Field, rowsOf, type StoredRow } from './store-rows.ts'

/** type, name, tbl_name, rootpage, sql: https://www.sqlite.org/schematab.html */
const SCHEMA_COLUMNS = 5
const ROOT_COLUMN = 3
const MIGRATIONS_INDEX = 'sqlite_autoindex_migrations_1'
/** The first table that is made, behind the list of roots in a store that shrinks. */
const MIGRATIONS_ROOTS = [3, 2]

export interface SchemaEntry {
  row: StoredRow
  name: string
  root: Field
}

/**
 * Every row that must be there is found by its words, whole or with a few wrong bits, and these are set right.
 * Null when one is not: then no byte has changed.
 */
export function wordsSetRight(
  pages: StorePages,
  rows: readonly StoredRow[],
  expected: readonly SchemaRow[],
): SchemaEntry[] | null {
  const missing = new Map(expected.map((row) => [keyOf(row), row]))
  const entries: SchemaEntry[] = []
  const strange: { row: StoredRow; root: Field; read: SchemaRow }[] = []
  for (const row of rows) {
    const root = row.fields[ROOT_COLUMN]
    const read = schemaRowAt(pages, row)
    if (read === null || root === undefined) return null
    if (missing.delete(keyOf(read))) entries.push({ row, name: read.name, root })
    else strange.push({ row, root, read })
  }
  const found: { at: number; meant: SchemaRow }[] = []
  let bits = 0
  for (const meant of missing.values()) {
    const distances = strange.map(({ read }, at) => ({ at, bits: rowBits(read, meant) }))
    const [nearest] = distances
      .filter(({ at }) => !found.some((one) => one.at === at))
      .sort((one, other) => one.bits - other.bits)
    bits += nearest?.bits ?? Number.POSITIVE_INFINITY
    if (nearest === undefined || bits > WRONG_BITS_AT_MOST) return null
    found.push({ at: nearest.at, meant })
  }
  for (const [at, { row, root, read }] of strange.entries()) {
    const meant = found.find((one) => one.at === at)?.meant
    if (meant !== undefined) writeRow(pages, row, meant)
    entries.push({ row, name: (meant ?? read).name, root })
  }
  return entries
}

function schemaRowAt(pages: StorePages, row: StoredRow): SchemaRow | null {
  const [type, name, table, root, sql] = row.fields
  if (row.fields.length !== SCHEMA_COLUMNS || !type || !name || !table || !root || !sql) return null
  if (![type, name, table].every(isText) || !isNumber(root) || !(sql.serial === 0 || isText(sql))) return null
  const letters = (field: Field): string => lettersAt(pages, row, field)
  return {
    type: letters(type),
    name: letters(name),
    table: letters(table),
    sql: sql.serial === 0 ? null : letters(sql),
  }
}

/** https://www.sqlite.org/fileformat2.html#record_format */
const isText = ({ serial }: Field): boolean => serial >= 13 && serial % 2 === 1
/** As a page's number is: of one to four bytes. */
const isNumber = ({ serial }: Field): boolean => serial >= 1 && serial <= 4

const lettersAt = (pages: StorePages, { page }: StoredRow, { at, bytes }: Field): string =>
  pages.page(page)?.toString('latin1', at, at + bytes) ?? ''

function rowBits(read: SchemaRow, meant: SchemaRow): number {
  if ((read.sql === null) !== (meant.sql === null)) return Number.POSITIVE_INFINITY
  return (
    differingBits(read.type, meant.type) +
    differingBits(read.name, meant.name) +
    differingBits(read.table, meant.table) +
    differingBits(read.sql ?? '', meant.sql ?? '')
  )
}

function writeRow(pages: StorePages, row: StoredRow, { type, name, table, sql }: SchemaRow): void {
  for (const [column, letters] of [type, name, table, null, sql].entries()) {
    const field = row.fields[column]
    if (field !== undefined && letters !== null) pages.page(row.page)?.write(letters, field.at, 'latin1')
  }
}

/** In the order in which they were applied; empty where there is no such list. @param known of this version */
export function namesWithoutSchema(pages: StorePages, known: readonly string[]): string[] {
  const lists = MIGRATIONS_ROOTS.map((root) =>
    (rowsOf(pages, root) ?? []).flatMap((row) => {
      const [name] = row.fields
      return name === undefined ? [] : [lettersAt(pages, row, name)]
    }),
  )
  return lists.find((names) => names.some((name) => known.includes(name))) ?? []
}

/** In the table, and in the index of its key, which has them by the alphabet. */
export function namesSetRight(
  pages: StorePages,
  entries: readonly SchemaEntry[],
  names: readonly string[],
): void {
  const lists = [
    { table: 'migrations', inOrder: names },
    { table: MIGRATIONS_INDEX, inOrder: names.toSorted() },
  ]
  for (const { table, inOrder } of lists) {
    const entry = entries.find(({ name }) => name === table)
    for (const [index, row] of (entry && rowsOf(pages, rootOf(pages, entry)))?.entries() ?? []) {
      const [field] = row.fields
      const meant = inOrder[index] ?? ''
      // What it is not stays for SQLite to judge.
      if (field !== undefined && differingBits(meant, lettersAt(pages, row, field)) <= WRONG_BITS_AT_MOST)
        pages.page(row.page)?.write(meant, field.at, 'latin1')
    }
  }
}

export const rootOf = (pages: StorePages, { row, root }: SchemaEntry): number =>
  pages.page(row.page)?.readUIntBE(root.at, root.bytes) ?? 0
