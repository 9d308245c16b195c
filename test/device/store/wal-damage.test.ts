import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { setStoreAside } from '../../../device/store/set-aside.ts'
import { loadIdentity } from '../../../sync/identity.ts'
import { mendWal } from '../../../sync/wal-mend.ts'
import { testFolder } from '../../sync/support/folder.ts'
import { changeFile, crashedCopy, drain, openTestRecords, rate, textsIn } from './support.ts'

const FRAME_BYTES = 24 + 4096
const HEADER_BYTES = 32
const SECTOR_BYTES = 512
const RATED = 30

const frameAt = (frame: number): number => HEADER_BYTES + frame * FRAME_BYTES

/** Thirty ratings in a WAL of their own, as a killed program leaves them. */
const crashed = (): { dir: string; texts: string[]; commits: number[] } => {
  const dir = testFolder()
  const records = openTestRecords(dir)
  records.db.pragma('wal_checkpoint(TRUNCATE)')
  rate(records, RATED)
  records.outbox.head()
  const copy = testFolder()
  crashedCopy(dir, copy)
  const wal = readFileSync(join(copy, 'store.sqlite-wal'))
  const frames = Array.from({ length: (wal.length - HEADER_BYTES) / FRAME_BYTES }, (_, frame) => frame)
  const ofThisRound = frames.filter(
    (frame) => wal.compare(wal, 16, 24, frameAt(frame) + 8, frameAt(frame) + 16) === 0,
  )
  const commits = ofThisRound.filter((frame) => wal.readUInt32BE(frameAt(frame) + 4) !== 0)
  return { dir: copy, texts: textsIn(records), commits }
}

interface Outcome {
  kept: number
  told: number
  setAside: boolean
}

/** What a start makes of a copy of the folder with this damage in its WAL. */
const startAfter = (
  { dir, texts }: { dir: string; texts: string[] },
  damage: (wal: Buffer) => void,
  withIndex: boolean,
): Outcome => {
  const copy = testFolder()
  crashedCopy(dir, copy)
  changeFile(join(copy, 'store.sqlite-wal'), damage)
  if (!withIndex) rmSync(join(copy, 'store.sqlite-shm'))
  const after = openTestRecords(copy)
  const events = drain(after)
  const old = events.filter(({ epoch }) => epoch === 1).length
  expect(textsIn(after).slice(0, old)).toEqual(texts.filter((text) => textsIn(after).includes(text)))
  const told = events.filter(({ data }) => data.fact === 'set-aside').length
  after.close()
  return { kept: old, told, setAside: after.setAsideIn !== null }
}

const twoBits = (frame: number) => (wal: Buffer) => {
  for (const at of [3000, 3001]) wal[frameAt(frame) + at] = (wal[frameAt(frame) + at] ?? 0) ^ 0x11
}

const sector = (at: number) => (wal: Buffer) => void wal.fill(0xa5, at, at + SECTOR_BYTES)

describe('more than a bit of the WAL', () => {
  it('promise 1: in a commit with one commit behind it is damage, and told; so it is by the index in the last', () => {
    const whole = crashed()
    const [last = 0, lastButOne = 0] = whole.commits.toReversed()
    for (const { frame, withIndex } of [
      { frame: lastButOne, withIndex: false },
      { frame: lastButOne, withIndex: true },
      { frame: last, withIndex: true },
    ]) {
      const damages = [twoBits(frame), sector(frameAt(frame) + 1024), sector(frameAt(frame))]
      for (const damage of withIndex ? damages : damages.slice(0, 2)) {
        const { kept, told, setAside } = startAfter(whole, damage, withIndex)
        expect({ sum: kept + told, setAside }).toEqual({ sum: RATED, setAside: true })
      }
    }
  })

  it('promise 1: wherever it is, loses nothing in silence', () => {
    const whole = crashed()
    const last = whole.commits.at(-1) ?? 0
    const size = frameAt(last + 1)
    for (let at = 0; at < size; at += Math.ceil(size / 14 / SECTOR_BYTES) * SECTOR_BYTES) {
      const { kept, told } = startAfter(whole, sector(at), true)
      expect(kept + told, `sector at ${at}`).toBe(RATED)
    }
  })

  it('promise 1: in the header leaves every commit readable', () => {
    const whole = crashed()
    const header = (wal: Buffer): void => void wal.fill(0x5a, 0, HEADER_BYTES)
    for (const withIndex of [true, false])
      expect(startAfter(whole, header, withIndex)).toMatchObject({ kept: RATED, told: 0, setAside: true })
  })

  it('is a torn end where nothing behind it and no index says that it was synced, and wiped', () => {
    const { dir, commits } = crashed()
    const wal = readFileSync(join(dir, 'store.sqlite-wal'))
    const last = commits.at(-1) ?? 0
    wal[frameAt(last) + 3000] = (wal[frameAt(last) + 3000] ?? 0) ^ 0xff
    wal[frameAt(last) + 3003] = (wal[frameAt(last) + 3003] ?? 0) ^ 0xff
    expect(mendWal(wal)).toBe('whole')
    expect(wal.subarray(frameAt((commits.at(-2) ?? 0) + 1)).every((byte) => byte === 0)).toBe(true)
  })
})

describe('a damaged WAL', () => {
  it('promise 1: is kept as it was, and found damaged again, whatever stops its setting aside', () => {
    const whole = crashed()
    const store = join(whole.dir, 'store.sqlite')
    changeFile(`${store}-wal`, twoBits(5))
    const spoilt = readFileSync(`${store}-wal`)
    // The disk is full when the next epoch is to be noted.
    const identity = loadIdentity(whole.dir)
    Object.defineProperty(identity, 'rememberChain', {
      value: () => {
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
      },
    })
    expect(() => setStoreAside(whole.dir, identity, { adopted: Buffer.from(spoilt) })).toThrow('no space')
    expect(readFileSync(`${store}-wal`).equals(spoilt)).toBe(true)

    const after = openTestRecords(whole.dir)
    expect(after.setAsideIn).not.toBeNull()
    expect(after.identity.chain.epoch).toBe(2)
    expect(readFileSync(join(after.setAsideIn ?? '', 'store.sqlite-wal')).equals(spoilt)).toBe(true)
    expect(readdirSync(whole.dir).filter((name) => name.includes('adopted'))).toEqual([])
    const events = drain(after)
    const told = events.filter(({ data }) => data.fact === 'set-aside').length
    expect(events.filter(({ epoch }) => epoch === 1).length + told).toBe(RATED)
    expect(existsSync(join(whole.dir, 'store.sqlite-wal'))).toBe(true)
  })
})
