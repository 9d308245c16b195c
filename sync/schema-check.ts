/**
 * Whether a store's schema is what its migrations made. A flipped bit in it is seen by no check of SQLite's: a column
 * that has another name, a rule that says something else, are sound SQL, and whoever asks for the column is refused
 * at every start.
 */
import { expectedSchema, keyOf, lettersOf, type SchemaRow, schemaOf } from './schema-expected.ts'
import { differingBits, judgeNames, WRONG_BITS_AT_MOST } from './schema-names.ts'
import type { Db, Migration } from './sqlite.ts'

/**
 * What is wrong with it, in words that name tables of this software and nobody; null when it is sound, new, or a newer
 * version's, which `migrate` refuses.
 * @throws SQLite's error when it cannot be read at all
 */
export function schemaFault(db: Db, migrations: readonly Migration[]): string | null {
  const stored = schemaOf(db)
  if (stored.length === 0) return null
  if (!stored.some(({ type, name }) => type === 'table' && name === 'migrations'))
    return 'its list of migrations is not there'
  const names = namesIn(db)
  if (names === null) return 'its list of migrations is not what was made'
  const verdict = judgeNames(
    names,
    migrations.map(({ name }) => name),
  )
  if (verdict.verdict === 'newer') return null
  if (verdict.verdict === 'damaged') return 'its list of migrations is not what was written'
  const expected = expectedSchema(names, migrations)
  if (expected === null) return 'its list of migrations cannot have come about'
  try {
    const there = new Set(stored.map(keyOf))
    const other = expected.rows.find(
      (row) => !there.has(keyOf(row)) && !isTheSameIn(row, stored, db, expected.db),
    )
    return other === undefined ? null : `${other.type} ${other.name} is not what was made`
  } finally {
    expected.db.close()
  }
}

function namesIn(db: Db): string[] | null {
  const columns = db.prepare("SELECT name FROM pragma_table_xinfo('migrations')").pluck().all()
  if (columns.join() !== 'name,applied_at') return null
  const read = (which: string): string[] =>
    db.prepare<[], Buffer>(`SELECT CAST(name AS BLOB) FROM migrations ${which}`).pluck().all().map(lettersOf)
  const names = read('NOT INDEXED ORDER BY rowid')
  // Whoever asks for names alone reads the index of its key.
  return names.toSorted().join() === read('ORDER BY name').join() ? names : null
}

/** Another version of SQLite may word the same table otherwise, but not within a few bits of this one's words. */
function isTheSameIn(row: SchemaRow, stored: readonly SchemaRow[], db: Db, made: Db): boolean {
  const own = stored.find(
    ({ type, name, table }) => type === row.type && name === row.name && table === row.table,
  )
  if (own === undefined || own.sql === null || row.sql === null) return false
  if (differingBits(own.sql, row.sql) <= WRONG_BITS_AT_MOST) return false
  return shapeOf(db, row.name) === shapeOf(made, row.name)
}

const shapeOf = (db: Db, name: string): string =>
  JSON.stringify([
    db.prepare('SELECT * FROM pragma_table_xinfo(?)').raw().all(name),
    db.prepare('SELECT * FROM pragma_index_xinfo(?)').raw().all(name),
  ])
