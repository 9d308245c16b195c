import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** DEVICES §6: seventeen ways in which the field breaks drivers. */
const ROWS = Array.from({ length: 17 }, (_, index) => index + 1)

/** A line that titles a test and names a row; a comment that speaks of one proves nothing. */
const NAMING = /^\s*(?:test|it|fault:|\])[^\n]*\bfield rows? \d[^\n]*$/gm

const TESTS = fileURLToPath(new URL('..', import.meta.url))

/** The titles that name rows, as in "(field row 6)" or "(field rows 2 and 4)". */
function namedRows(): Set<number> {
  const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  const titles = files.flatMap((name) => readFileSync(join(TESTS, name), 'utf8').match(NAMING) ?? [])
  return new Set(titles.flatMap((title) => rowsIn(title)))
}

function rowsIn(title: string): number[] {
  return [...title.matchAll(/field rows? ([\d, and]+)/g)].flatMap((match) =>
    (match[1]?.match(/\d+/g) ?? []).map(Number),
  )
}

test('each way in which the field breaks drivers has a test that names its row', () => {
  const named = namedRows()
  expect(ROWS.filter((row) => !named.has(row))).toEqual([])
})
