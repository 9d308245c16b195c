/** A hall's file in which a bit is wrong where it says what its tables are. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { StoreError } from '../../../sync/sqlite.ts'
import { testFolder } from '../support/folder.ts'

const refusalOf = (path: string): unknown => {
  try {
    void openSqliteStore(path).close()
    return null
  } catch (error) {
    return error
  }
}

test('a wrong bit in the schema of a hall is damage, said in words, and the file stays as it is', async () => {
  const path = join(testFolder(), 'hall.sqlite')
  await openSqliteStore(path).close()
  const whole = readFileSync(path)
  const places = [
    { word: 'CREATE TABLE heads', letter: 15 }, // a table's name
    { word: 'told_sequence INTEGER', letter: 2 }, // a column's
    { word: 'CREATE INDEX uses_by_age', letter: 8 }, // a keyword
    { word: 'public_key TEXT NOT NULL', letter: 17 }, // a rule
    { word: 'hall-1', letter: 5 }, // the name of a migration
  ]
  for (const { word, letter } of places) {
    const spoilt = Buffer.from(whole)
    const at = whole.lastIndexOf(word)
    expect(at, word).toBeGreaterThan(0)
    spoilt[at + letter] = (spoilt[at + letter] ?? 0) ^ 2
    writeFileSync(path, spoilt)
    const refusal = refusalOf(path)
    expect(refusal, word).toBeInstanceOf(StoreError)
    expect(refusal, word).toMatchObject({
      code: 'store-damaged',
      message: expect.stringMatching(/is damaged.*move it away/),
    })
    expect(readFileSync(path).equals(spoilt), word).toBe(true)
  }
  writeFileSync(path, whole)
  expect(refusalOf(path)).toBeNull()
})
