import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { migrate, openDatabase, StoreError } from '../../sync/sqlite.ts'
import { isUnreadable, storageProblem } from '../../sync/sqlite-faults.ts'
import { testFolder } from './support/folder.ts'

const first = { name: 'room-1', sql: 'CREATE TABLE one (a INTEGER NOT NULL) STRICT' }
const second = { name: 'room-2', sql: 'ALTER TABLE one ADD COLUMN b TEXT' }

function storeFault(act: () => void): string {
  try {
    act()
  } catch (error) {
    if (error instanceof StoreError) return error.code
    throw error
  }
  return 'none'
}

describe('a store', () => {
  it('is opened with every commit on the disk', () => {
    const db = openDatabase(join(testFolder(), 'store.sqlite'))
    expect(db.pragma('synchronous', { simple: true })).toBe(2)
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1)
    expect(db.pragma('busy_timeout', { simple: true })).toBe(5000)
    db.close()
  })

  it('keeps what was committed when its program is killed', () => {
    const path = join(testFolder(), 'store.sqlite')
    const program = `
      import { migrate, openDatabase } from ${JSON.stringify(new URL('../../sync/sqlite.ts', import.meta.url))}
      const db = openDatabase(${JSON.stringify(path)})
      migrate(db, [${JSON.stringify(first)}])
      db.exec('INSERT INTO one VALUES (42)')
      process.kill(process.pid, 'SIGKILL')
    `
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', program])
    expect(child.signal).toBe('SIGKILL')
    const db = openDatabase(path)
    expect(db.prepare('SELECT a FROM one').pluck().get()).toBe(42)
    db.close()
  })

  it('that is no database is told as damaged and left as it is', () => {
    const path = join(testFolder(), 'store.sqlite')
    writeFileSync(path, 'not a database, but somebody needs it'.repeat(100))
    expect(storeFault(() => openDatabase(path))).toBe('store-damaged')
  })

  it('in a folder that is not there is told as unreachable', () => {
    expect(storeFault(() => openDatabase(join(testFolder(), 'no', 'store.sqlite')))).toBe('store-unreachable')
  })
})

describe('migrations', () => {
  it('are applied once each, in order, and later ones on top', () => {
    const db = openDatabase(join(testFolder(), 'store.sqlite'))
    migrate(db, [first])
    migrate(db, [first])
    migrate(db, [first, second])
    db.exec("INSERT INTO one VALUES (1, 'x')")
    expect(db.prepare('SELECT name FROM migrations ORDER BY rowid').pluck().all()).toEqual([
      'room-1',
      'room-2',
    ])
    db.close()
  })

  it('refuse a store of a newer version and leave it as it is', () => {
    const db = openDatabase(join(testFolder(), 'store.sqlite'))
    migrate(db, [first, second])
    expect(storeFault(() => migrate(db, [first]))).toBe('store-newer')
    expect(() => migrate(db, [first])).toThrow(/room-2.*update this software/)
    migrate(db, [first, second])
    db.close()
  })

  it('that fail leave nothing half done', () => {
    const db = openDatabase(join(testFolder(), 'store.sqlite'))
    const broken = {
      name: 'room-2',
      sql: 'CREATE TABLE two (a INTEGER) STRICT; CREATE TABLE one (a TEXT) STRICT',
    }
    expect(() => migrate(db, [first, broken])).toThrow(/one already exists/)
    migrate(db, [first])
    expect(db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'two'").pluck().get()).toBe(0)
    db.close()
  })

  it('make no loose table', () => {
    const db = openDatabase(join(testFolder(), 'store.sqlite'))
    expect(() => migrate(db, [{ name: 'loose', sql: 'CREATE TABLE loose (a)' }])).toThrow(/not STRICT: loose/)
    db.close()
  })

  it('with one name twice are a defect', () => {
    const db = openDatabase(join(testFolder(), 'store.sqlite'))
    expect(() => migrate(db, [first, first])).toThrow(/one name/)
    db.close()
  })
})

describe('an error of SQLite', () => {
  const problemOf = (code: string) => storageProblem(Object.assign(new Error('disk I/O error'), { code }))

  it('means damage only when reading itself fails', () => {
    for (const code of [
      'SQLITE_CORRUPT_VTAB',
      'SQLITE_NOTADB',
      'SQLITE_IOERR_READ',
      'SQLITE_IOERR_SHORT_READ',
    ])
      expect(problemOf(code)).toBe('damaged')
    for (const code of ['SQLITE_IOERR', 'SQLITE_IOERR_LOCK', 'SQLITE_IOERR_NOMEM', 'SQLITE_IOERR_FSTAT'])
      expect(problemOf(code)).toBe('cannot-write')
  })

  it('is passed over while salvaging only where it says that something cannot be read', () => {
    const isPassedOver = (code: string) => isUnreadable(Object.assign(new Error('x'), { code }))
    expect(['SQLITE_CORRUPT', 'SQLITE_ERROR', 'SQLITE_CONSTRAINT_CHECK'].map(isPassedOver)).not.toContain(
      false,
    )
    expect(['SQLITE_FULL', 'SQLITE_CANTOPEN', 'SQLITE_NOMEM', 'ENOSPC'].map(isPassedOver)).not.toContain(true)
  })
})
