import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testFolder } from '../../sync/support/folder.ts'
import { drain, openTestRecords, rate, type TestRecords, textsIn } from './support.ts'

/** As the commit of a transaction, or a checkpoint, tells it. */
const failSync = ({ db }: TestRecords): void => {
  db.function('sync_fails', () => {
    throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' })
  })
  db.transaction(() => db.exec('SELECT sync_fails()'))()
}

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
    expect(textsIn(again)).toEqual(texts)
    expect([again.troubles, again.setAsideIn]).toEqual([[], null])
    expect(fileOf('store.sqlite')).not.toBe(before)
    expect(existsSync(join(dir, 'store.doubtful'))).toBe(false)
    rate(again, 1)
    expect(drain(again)).toHaveLength(4)
  })
})
