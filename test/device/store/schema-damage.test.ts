/** Wrong bits where a store says what its tables are: no check of SQLite's sees them, and it asks for them always. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { storeMigrations } from '../../../device/store/store.ts'
import { migrate, openDatabase, StoreError } from '../../../sync/sqlite.ts'
import { PAGE_BYTES } from '../../../sync/store-pages.ts'
import { writeEarlierStore } from '../../faults/model/earlier-store.ts'
import { testFolder } from '../../sync/support/folder.ts'
import { fieldAt, rowNamed, schemaOf, wordAt } from './schema-places.ts'
import { changeFile, crashedCopy, drain, flipBit, openTestRecords, rate, textsIn } from './support.ts'

const STORE = 'store.sqlite'
const RATED = 2
/** Each of many starts writes it. */
const SMALL = { reserveBytes: 64 * 1024 }
/** More than this in a row is a sector of a disk, and no chance. */
const SECTOR_BYTES = 512

/** A sound store, closed, with ratings that no hall has yet: made once, copied for each. */
let sound = ''
let texts: string[] = []
const makeSound = (): void => {
  sound = mkdtempSync(join(tmpdir(), 'window24-'))
  const records = openTestRecords(sound)
  rate(records, RATED)
  records.db.exec("INSERT INTO rated VALUES ('one'); INSERT INTO desk VALUES (1, 'S001', 0, NULL, NULL)")
  texts = textsIn(records)
  records.close()
}
afterAll(() => rmSync(sound, { recursive: true, force: true }))

const copyOfSound = (): { dir: string; store: string } => {
  if (sound === '') makeSound()
  const dir = testFolder()
  for (const name of ['identity.json', STORE]) copyFileSync(join(sound, name), join(dir, name))
  return { dir, store: join(dir, STORE) }
}

/** A device that has a name and no store yet. */
const enrolled = (): string => {
  const dir = testFolder()
  openTestRecords(dir).close()
  for (const name of readdirSync(dir).filter((one) => one.startsWith('store'))) rmSync(join(dir, name))
  return dir
}

const told = (troubles: unknown[]): string[] =>
  troubles.map((error) => (error instanceof StoreError ? `${error.code}: ${error.message}` : String(error)))

/** The device goes on as if nothing had been, and says what was wrong. */
const expectMended = (dir: string, where = 'schema', all: readonly string[] = texts): void => {
  const after = openTestRecords(dir, SMALL)
  const [only] = told(after.troubles)
  expect([after.setAsideIn, after.troubles.length]).toEqual([null, 1])
  expect(only).toMatch(
    new RegExp(
      `^event-damaged: .*wrong bits in its ${where} were set right, nothing is lost: replace this disk$`,
    ),
  )
  rate(after, 1)
  const sent = textsIn(after)
  expect(sent.slice(0, all.length)).toEqual(all)
  const events = drain(after)
  expect([events.length, new Set(events.map(({ epoch }) => epoch)).size]).toEqual([all.length + 1, 1])
  after.close()
}

describe('promise 2: a wrong bit in the schema is set right in its place, nothing is lost, and it is told', () => {
  const words: [where: string, table: string, word: string, letter: number, bit: number][] = [
    ["in a column's name", 'question', 'rated_case', 5, 1],
    ['that makes a letter no text', 'question', 'rated_case', 5, 7],
    ["in a table's name", 'desk', 'desk', 1, 2],
    ['in a keyword', 'rated', 'CREATE', 3, 0],
    ['in STRICT', 'outbox_again', 'STRICT', 2, 4],
    ['that ends the words before STRICT', 'outbox_again', ' STRICT', 0, 5],
    ['in a number of a rule', 'question', 'BETWEEN 1 AND 5', 14, 0],
    ['in a word of a rule', 'print_job', "'printed'", 3, 1],
    ['in a generated column', 'outbox_events', 'place >> 40', 9, 0],
    ['in an index', 'hall_question_by_question', '(question)', 4, 1],
  ]
  it.for(words)('%s', ([, table, word, letter, bit]) => {
    const { dir, store } = copyOfSound()
    const at = wordAt(store, table, word) + letter
    changeFile(store, (bytes) => flipBit(bytes, at, bit))
    expectMended(dir)
  })

  const fields: [where: string, table: string, column: number, bit: number][] = [
    ['in the kind of a row', 'desk', 0, 1],
    ['in the name of a row', 'outbox_head', 1, 0],
    ['in the name of the list of migrations', 'migrations', 1, 2],
    ["in an index's table", 'sqlite_autoindex_print_job_2', 2, 5],
    ["in the number of a table's first page, which is another's then", 'desk', 3, 0],
    ['in that number, which is no page at all then', 'outbox_events', 3, 6],
  ]
  it.for(fields)('%s', ([, table, column, bit]) => {
    const { dir, store } = copyOfSound()
    const at = fieldAt(store, table, column)
    changeFile(store, (bytes) => flipBit(bytes, at, bit))
    expectMended(dir)
  })

  const frames: [where: string, at: (store: string) => number, bit: number][] = [
    ['in the kind of its first page', () => 100, 0],
    ['in the number of its second page', () => 100 + 11, 1],
    [
      'in the kind of another of its pages',
      (store) => (schemaOf(store).pages.at(-1) ?? 0) * PAGE_BYTES - PAGE_BYTES,
      2,
    ],
    [
      'in how many rows a page has',
      (store) => (schemaOf(store).pages.at(-1) ?? 0) * PAGE_BYTES - PAGE_BYTES + 4,
      4,
    ],
    ['in where a row lies', (store) => (schemaOf(store).pages.at(-1) ?? 0) * PAGE_BYTES - PAGE_BYTES + 9, 3],
    ['in how long a row is', (store) => fieldAt(store, 'desk', 0) - 8, 0],
    ['in how long a value is', (store) => fieldAt(store, 'desk', 0) - 5, 1],
    ['in what a value is', (store) => fieldAt(store, 'desk', 0) - 3, 3],
    ['in the greatest of those numbers', () => 55, 0],
  ]
  it.for(frames)('%s', ([, at, bit]) => {
    const { dir, store } = copyOfSound()
    const offset = at(store)
    changeFile(store, (bytes) => flipBit(bytes, offset, bit))
    expectMended(dir)
  })

  it('in a name of the list of migrations, which is no newer version for that', () => {
    for (const root of [3, 4])
      for (const bit of [0, 7]) {
        const { dir, store } = copyOfSound()
        const {
          offset,
          fields: [name],
        } = rowNamed(schemaOf(store, root), 'rating-4')
        changeFile(store, (bytes) => flipBit(bytes, offset + (name?.at ?? 0) + 7, bit))
        expectMended(dir)
      }
  })

  it('and several bits of it are, in several rows', () => {
    const { dir, store } = copyOfSound()
    const at = [
      wordAt(store, 'question', 'tapped_clock'),
      wordAt(store, 'desk', 'paused'),
      wordAt(store, 'rated', 'rated'),
    ]
    changeFile(store, (bytes) => {
      for (const one of at) flipBit(bytes, one, 1)
    })
    expectMended(dir)
    const again = openTestRecords(dir, SMALL)
    expect([again.setAsideIn, again.troubles]).toEqual([null, []])
  })

  it('while commits still wait in the WAL', () => {
    const { dir } = copyOfSound()
    const before = openTestRecords(dir)
    rate(before, 3)
    const crashed = testFolder()
    crashedCopy(dir, crashed)
    const store = join(crashed, STORE)
    changeFile(store, (bytes) => flipBit(bytes, wordAt(store, 'outbox_events', 'place INTEGER'), 2))
    expectMended(crashed, 'schema', textsIn(before))
  })

  it('in a store of an earlier version, which then comes to this one', () => {
    const dir = enrolled()
    const made = writeEarlierStore(dir, 4).map(({ text }) => text)
    const store = join(dir, STORE)
    const at = wordAt(store, 'outbox_events', 'released_at')
    changeFile(store, (bytes) => flipBit(bytes, at, 1))
    expectMended(dir, 'schema', made)
  })

  it('in a store whose first tables the first release has written in its own way', () => {
    const dir = enrolled()
    const store = join(dir, STORE)
    const db = openDatabase(store, { shrinks: true })
    const [first] = storeMigrations
    migrate(db, first ? [{ ...first, sql: first.sql.replaceAll(/\n {4}/g, '\n') }] : [])
    db.close()
    openTestRecords(dir, SMALL).close()
    const at = wordAt(store, 'print_job', 'retry_of')
    changeFile(store, (bytes) => flipBit(bytes, at, 1))
    const after = openTestRecords(dir, SMALL)
    expect([after.setAsideIn, told(after.troubles)]).toEqual([null, [expect.stringContaining('set right')]])
  })

  it('in a store that had its migrations in the order of their releases', () => {
    const dir = enrolled()
    const store = join(dir, STORE)
    const db = openDatabase(store, { shrinks: true })
    const first = ['outbox-1', 'downlink-1', 'rating-1', 'printing-1', 'rating-2', 'rating-3']
    const inOrder = first.flatMap((name) => storeMigrations.filter((one) => one.name === name))
    migrate(db, inOrder)
    migrate(db, [...inOrder, ...storeMigrations.filter(({ name }) => !first.includes(name))])
    db.close()
    const at = wordAt(store, 'desk', 'paused')
    changeFile(store, (bytes) => flipBit(bytes, at, 1))
    expectMended(dir, 'schema', [])
  })
})

describe('the header of a store', () => {
  it('promise 1: with a wrong bit never makes it forget its WAL, or be no store', () => {
    const { dir } = copyOfSound()
    const before = openTestRecords(dir)
    rate(before, 2)
    const all = textsIn(before)
    const harmful: [byte: number, bit: number][] = [
      [3, 5], // the magic words
      [18, 0], // who may write
      [19, 1], // whether there is a WAL
      [47, 2], // the format of the schema
      [59, 1], // the letters
    ]
    for (const [byte, bit] of harmful) {
      const crashed = testFolder()
      crashedCopy(dir, crashed)
      changeFile(join(crashed, STORE), (bytes) => flipBit(bytes, byte, bit))
      expectMended(crashed, 'header', all)
    }
  })
})

describe('a schema that nobody can set right', () => {
  it('promise 1: sets the store aside, tells what is lost, and the device goes on', () => {
    const { dir, store } = copyOfSound()
    const { offset } = rowNamed(schemaOf(store), 'outbox_events')
    const sector = offset + PAGE_BYTES - SECTOR_BYTES
    changeFile(store, (bytes) => bytes.fill(0xa5, sector, sector + SECTOR_BYTES))
    const spoilt = readFileSync(store)
    const after = openTestRecords(dir)
    expect(told(after.troubles)).toEqual([expect.stringMatching(/^store-damaged: .*replace this disk$/)])
    expect(readFileSync(join(after.setAsideIn ?? '', STORE)).equals(spoilt)).toBe(true)
    rate(after, 1)
    const events = drain(after)
    expect(events.at(-1)).toMatchObject({ epoch: 2, data: { level: 5 } })
    after.close()
    const again = openTestRecords(dir)
    expect([again.setAsideIn, again.troubles]).toEqual([null, []])
  })

  it('is not taken for one that a newer version made: that is refused, and stays as it is', () => {
    const { dir, store } = copyOfSound()
    const db = openDatabase(store)
    db.exec(
      "CREATE TABLE later (one INTEGER) STRICT; INSERT INTO migrations VALUES ('rating-6', '2026-11-21')",
    )
    db.close()
    const before = readFileSync(store)
    expect(() => openTestRecords(dir)).toThrow(
      /written by a newer version \(rating-6\): update this software/,
    )
    expect(readFileSync(store).equals(before)).toBe(true)
  })
})

describe('a wrong bit anywhere on the pages of the schema and of the list of migrations', () => {
  it('promise 2: stops no start and loses nothing', () => {
    const pages = [...new Set([...schemaOf(copyOfSound().store).pages, 3, 4])]
    const bits = pages.length * PAGE_BYTES * 8
    // A prime step meets every kind of place there.
    for (let at = 11; at < bits; at += 15_013) {
      const byte = Math.floor(at / 8) % PAGE_BYTES
      const page = pages[Math.floor(at / 8 / PAGE_BYTES)] ?? 1
      const { dir, store } = copyOfSound()
      changeFile(store, (bytes) => flipBit(bytes, (page - 1) * PAGE_BYTES + byte, at % 8))
      const after = openTestRecords(dir, SMALL)
      expect(textsIn(after).slice(0, RATED), `bit ${at % 8} of byte ${byte} of page ${page}`).toEqual(texts)
      expect(after.db.prepare('SELECT service_key FROM rated').pluck().all()).toEqual(['one'])
      after.close()
    }
  })
})
