/** Where in its file a store says what its tables are. */
import { readFileSync } from 'node:fs'
import { openPages, PAGE_BYTES } from '../../../sync/store-pages.ts'
import { rowsOf, type StoredRow } from '../../../sync/store-rows.ts'

interface Schema {
  rows: (StoredRow & { name: string; offset: number })[]
  pages: number[]
}

/** Where the schema of a store stands in its file. */
export const schemaOf = (path: string, root = 1): Schema => {
  const pages = openPages(path)
  if (pages === null) throw new Error(`${path} has no pages`)
  const visited = new Set<number>()
  const rows = (rowsOf(pages, root, visited) ?? []).map((row) => {
    const [first, second] = row.fields
    const name = root === 1 ? second : first
    const letters = pages.page(row.page)?.toString('utf8', name?.at, (name?.at ?? 0) + (name?.bytes ?? 0))
    return { ...row, name: letters ?? '', offset: (row.page - 1) * PAGE_BYTES }
  })
  pages.close()
  return { rows, pages: [...visited] }
}

export const rowNamed = ({ rows }: Schema, name: string): Schema['rows'][number] => {
  const row = rows.find((one) => one.name === name)
  if (row === undefined) throw new Error(`no ${name} in this schema`)
  return row
}

/** Offset in the file of some letters within what the schema says of a table or index. */
export const wordAt = (path: string, table: string, word: string): number => {
  const row = rowNamed(schemaOf(path), table)
  const sql = row.fields.at(-1)
  const at = readFileSync(path).indexOf(word, row.offset + (sql?.at ?? 0))
  if (sql === undefined || at < 0 || at >= row.offset + sql.at + sql.bytes)
    throw new Error(`no ${word} in ${table}`)
  return at
}

export const fieldAt = (path: string, table: string, column: number): number => {
  const row = rowNamed(schemaOf(path), table)
  return row.offset + (row.fields[column]?.at ?? 0)
}
