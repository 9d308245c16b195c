import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { testFolder } from '../../sync/support/folder.ts'
import { drain, openTestRecords, rate, type TestRecords, textsIn } from './support.ts'

const withStore = (dir: string, change: string): void => {
  const db = new Database(join(dir, 'store.sqlite'))
  db.exec(change)
  db.close()
}

/** As the commit of a transaction, or a checkpoint, tells it. */
const failSync = ({ db }: TestRecords): void => {
  db.function('sync_fails', () => {
    throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' })
  })
  db.transaction(() => db.exec('SELECT sync_fails()'))()
}

const toldSyncs = (records: TestRecords): unknown[] =>
  drain(records).flatMap(({ data }) => (data.problem === 'sync-failed' ? [data.since] : []))

describe('after a failed sync', () => {
  it('promise 1: nobody writes through that connection any more, whoever met the failure', () => {
    const records = openTestRecords(testFolder())
    rate(records, 3)
    expect(() => failSync(records)).toThrow('disk I/O error')
    expect(records.troubles).toHaveLength(1)
    expect(() => rate(records, 1)).toThrow(/not open/)
  })

  it('promise 1: the WAL stays as it was, without the checkpoint of a last close', () => {
    const dir = testFolder()
    const records = openTestRecords(dir)
    rate(records, 3)
    const wal = readFileSync(join(dir, 'store.sqlite-wal'))
    const store = readFileSync(join(dir, 'store.sqlite'))
    expect(() => failSync(records)).toThrow()
    records.close()
    expect(readFileSync(join(dir, 'store.sqlite-wal')).equals(wal)).toBe(true)
    expect(readFileSync(join(dir, 'store.sqlite')).equals(store)).toBe(true)
  })

  it('promise 1: the next start has all that was answered for, in new files, and goes on', () => {
    const dir = testFolder()
    const records = openTestRecords(dir)
    rate(records, 3)
    const texts = textsIn(records)
    const fileOf = (name: string): number => statSync(join(dir, name)).ino
    const before = fileOf('store.sqlite')
    expect(() => failSync(records)).toThrow()
    records.close()
    expect(existsSync(join(dir, 'store.doubtful'))).toBe(true)
    const again = openTestRecords(dir)
    expect(textsIn(again).slice(0, texts.length)).toEqual(texts)
    expect([again.troubles, again.setAsideIn]).toEqual([[], null])
    expect(fileOf('store.sqlite')).not.toBe(before)
    expect(existsSync(join(dir, 'store.doubtful'))).toBe(false)
    rate(again, 1)
    const sent = drain(again).map(({ data }) => data.problem ?? 'rating')
    expect(sent).toEqual(['rating', 'rating', 'rating', 'sync-failed', 'rating'])
    expect(again.doubted).toBe(true)
  })

  it('a start that is cut off before the store tells of it leaves that to the next one', () => {
    const dir = testFolder()
    const records = openTestRecords(dir)
    expect(() => failSync(records)).toThrow()
    records.close()
    const newer = "INSERT INTO migrations VALUES ('of-a-newer-version', '')"
    withStore(dir, newer)
    expect(() => openTestRecords(dir)).toThrow('newer version')
    withStore(dir, "DELETE FROM migrations WHERE name = 'of-a-newer-version'")
    expect(toldSyncs(openTestRecords(dir))).toHaveLength(1)
  })

  it('a start that is cut off once the store tells of it does not make the next one tell it again', () => {
    const dir = testFolder()
    const note = join(dir, 'store.doubtful')
    const records = openTestRecords(dir)
    expect(() => failSync(records)).toThrow()
    records.close()
    const { mtime } = statSync(note)
    openTestRecords(dir).close()
    writeFileSync(note, '')
    utimesSync(note, mtime, mtime)
    const again = openTestRecords(dir)
    expect(existsSync(note)).toBe(false)
    expect(toldSyncs(again)).toHaveLength(1)
  })

  it('is told though the disk took no note of it', () => {
    const dir = testFolder()
    openTestRecords(dir).close()
    const since = new Date('2026-11-21T20:14:05.123+08:00')
    const again = openTestRecords(dir, { doubtedSince: since })
    expect(toldSyncs(again).map((told) => Date.parse(String(told)))).toEqual([since.getTime()])
  })
})
