/** What was to replace a file and was cut off, or did not fit on its disk: it holds nothing, and does not stay. */
import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openRecords } from '../../../device/store/records.ts'
import { loadIdentity } from '../../../sync/identity.ts'
import { FIRST_PREVHASH } from '../../../sync/protocol/identifiers.ts'
import { openReserve } from '../../../sync/reserve.ts'
import { noteDoubt, readyFiles } from '../../../sync/wal.ts'
import { testFolder } from '../../sync/support/folder.ts'
import { fill, smallDisk } from './small-disk.ts'
import { openTestRecords, RESERVE_BYTES, rate, textsIn } from './support.ts'

const KIB = 1024
const leftIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.new'))

describe('a file half written beside the one that it was to replace', () => {
  it.each(['identity.json', 'store.sqlite', 'store.sqlite-wal', 'store.reserve'])(
    'is gone after the next start, which finds all as it was: %s.new',
    (name) => {
      const dir = testFolder()
      const before = openTestRecords(dir)
      rate(before, 3)
      const texts = textsIn(before)
      before.close()
      writeFileSync(join(dir, `${name}.new`), 'the beginning of some')
      const records = openRecords({ dataDir: dir, reserveBytes: RESERVE_BYTES })
      try {
        expect(leftIn(dir)).toEqual([])
        expect([textsIn(records), records.setAsideIn]).toEqual([texts, null])
        expect(records.identity.deviceId).toBe('P-0571-0001')
      } finally {
        records.close()
      }
    },
  )

  it('is no identity: on a full disk the old one stays whole, and the disk keeps its last blocks', () => {
    const disk = smallDisk(1)
    const identity = loadIdentity(disk)
    fill(disk)
    expect(() => identity.rememberChain({ epoch: 2, hash: 'B'.repeat(43) })).toThrow(/ENOSPC/)
    expect(leftIn(disk)).toEqual([])
    expect(loadIdentity(disk).chain).toEqual({ epoch: 0, hash: FIRST_PREVHASH })
  })

  it('is no reserve: one that does not fit holds back nothing from others', () => {
    const path = join(testFolder(), 'reserve')
    openReserve(path, 4 * KIB)
    const reserve = openReserve(path, 4 * KIB)
    expect(reserve.give()).toBe(true)
    symlinkSync('/dev/full', `${path}.new`)
    expect([reserve.take(), reserve.held]).toEqual([false, false])
    expect(leftIn(dirname(path))).toEqual([])
  })

  it('is no store: where a new file does not fit, a sound one is opened as it is, and one in doubt is not', () => {
    const disk = smallDisk(1)
    const path = join(disk, 'store.sqlite')
    writeFileSync(path, Buffer.alloc(600 * KIB, 1))
    expect(readyFiles(path)).toBe('whole')
    expect(leftIn(disk)).toEqual([])
    noteDoubt(path)
    expect(() => readyFiles(path)).toThrow(/ENOSPC/)
    expect(leftIn(disk)).toEqual([])
    expect(existsSync(join(disk, 'store.doubtful'))).toBe(true)
  })
})
