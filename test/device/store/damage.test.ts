import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStoreFile } from '../../../device/store/store.ts'
import { StoreError } from '../../../sync/sqlite.ts'
import { testFolder } from '../../sync/support/folder.ts'
import {
  changeFile,
  copyFolder,
  crashedCopy,
  drain,
  flipBit,
  openTestRecords,
  rate,
  rating,
  textsIn,
} from './support.ts'

const PAGE_BYTES = 4096

/** The page of the store on which this text lies. */
const pageOf = (path: string, text: string): number => {
  // An earlier copy may lie on a page that is free by now.
  const at = readFileSync(path).lastIndexOf(text)
  if (at < 0) throw new Error(`${text} is not in ${path}`)
  return Math.floor(at / PAGE_BYTES)
}

const spoilPage = (path: string, page: number): void =>
  changeFile(path, (bytes) => bytes.fill(0xff, page * PAGE_BYTES, page * PAGE_BYTES + 64))

const codesOf = (troubles: unknown[]): unknown[] =>
  troubles.map((error) => (error instanceof StoreError ? error.code : error))

describe('a damaged store', () => {
  it('promise 1: is set aside whole, and all of it that can be read reaches the hall in its old place', () => {
    const dir = testFolder()
    const store = join(dir, 'store.sqlite')
    const before = openTestRecords(dir)
    rate(before, 60)
    before.outbox.release(1, 10)
    const texts = textsIn(before)
    before.close()
    spoilPage(store, pageOf(store, '"sequence":"00000000000000000030"'))
    const spoiled = readFileSync(store)

    const after = openTestRecords(dir)
    expect(codesOf(after.troubles)).toEqual(['store-damaged'])
    expect(readFileSync(join(after.setAsideIn ?? '', 'store.sqlite')).equals(spoiled)).toBe(true)
    const events = drain(after)
    const ofTheOldEpoch = events.filter((event) => event.epoch === 1)
    const lost = 50 - ofTheOldEpoch.length
    expect(lost).toBeGreaterThan(0)
    expect(lost).toBeLessThan(8)
    for (const text of textsIn(after).slice(0, ofTheOldEpoch.length)) expect(texts).toContain(text)

    const told = events.filter((event) => event.epoch === 2)
    expect(told.map(({ data }) => data.fact)).toEqual([...new Array(lost).fill('set-aside'), 'storage'])
    expect(told.at(-1)?.data).toMatchObject({ problem: 'damaged-set-aside', carried: 50 - lost, lost })
    const [firstLost] = told
    const following = events.find(
      ({ sequence }) => sequence === nextOf(String(told[lost - 1]?.data.sequence)),
    )
    expect(told[lost - 1]?.data.hash).toBe(following?.prevhash)
    expect(firstLost?.prevhash).toBe(JSON.parse(texts.at(-1) ?? '').hash)
    expect(after.identity.chain.epoch).toBe(2)
  })

  it('promise 1: goes on capturing, and is sound at the next start', () => {
    const dir = testFolder()
    const store = join(dir, 'store.sqlite')
    const before = openTestRecords(dir)
    rate(before, 40)
    before.close()
    spoilPage(store, pageOf(store, '"sequence":"00000000000000000020"'))
    const after = openTestRecords(dir)
    rate(after, 1)
    const count = after.outbox.backlog().count
    after.close()
    const again = openTestRecords(dir)
    expect([again.setAsideIn, again.troubles, again.outbox.backlog().count]).toEqual([null, [], count])
    expect(drain(again).at(-1)?.data).toMatchObject({ level: 5 })
  })

  it('promise 1: of which something is lost is never forgotten, however many come after it', () => {
    const dir = testFolder()
    const before = openTestRecords(dir)
    rate(before, 40)
    before.close()
    const store = join(dir, 'store.sqlite')
    spoilPage(store, pageOf(store, '"sequence":"00000000000000000020"'))
    const lossy = openTestRecords(dir)
    lossy.close()
    for (let time = 0; time < 5; time += 1) {
      const db = openStoreFile(store)
      db.exec('UPDATE outbox_head SET sequence = sequence + 64')
      db.close()
      openTestRecords(dir).close()
    }
    const folders = readdirSync(dir).filter((name) => name.startsWith('set-aside-'))
    expect(folders).toHaveLength(4)
    expect(existsSync(lossy.setAsideIn ?? '')).toBe(true)
  })

  it('of which rows of another room are lost is never forgotten either', () => {
    const dir = testFolder()
    const store = join(dir, 'store.sqlite')
    const before = openTestRecords(dir)
    rate(before, 3)
    const insert = before.db.prepare("INSERT INTO evaluation VALUES (?, 'rated', 1)")
    before.db.transaction(() => {
      for (let number = 1000; number < 1400; number += 1) insert.run(`evaluation-${number}`)
    })()
    before.close()
    spoilPage(store, pageOf(store, 'evaluation-1200'))
    const lossy = openTestRecords(dir)
    expect(drain(lossy).at(-1)?.data).toMatchObject({ problem: 'damaged-set-aside', lost: 0 })
    lossy.close()
    for (let time = 0; time < 4; time += 1) {
      const db = openStoreFile(store)
      db.exec('UPDATE outbox_head SET sequence = sequence + 64')
      db.close()
      openTestRecords(dir).close()
    }
    expect(existsSync(lossy.setAsideIn ?? '')).toBe(true)
    expect(readdirSync(dir).filter((name) => name.startsWith('set-aside-'))).toHaveLength(4)
  })

  it('carries over what the other rooms keep', () => {
    const dir = testFolder()
    const store = join(dir, 'store.sqlite')
    const before = openTestRecords(dir)
    rate(before, 40)
    before.db.exec("INSERT INTO rated VALUES ('one'), ('two'); INSERT INTO rating_key VALUES (1, x'0102')")
    before.close()
    spoilPage(store, pageOf(store, '"sequence":"00000000000000000020"'))
    const { db } = openTestRecords(dir)
    expect(db.prepare('SELECT service_key FROM rated').pluck().all()).toEqual(['one', 'two'])
    expect(db.prepare('SELECT hex(key) FROM rating_key').pluck().get()).toBe('0102')
  })

  it('promise 2: of which nothing can be read begins a new epoch at the last hash the hall has seen', () => {
    const dir = testFolder()
    const before = openTestRecords(dir)
    rate(before, 5)
    const last = drain(before).at(-1)
    before.close()
    changeFile(join(dir, 'store.sqlite'), (bytes) => bytes.fill(0))
    changeFile(join(dir, 'store.sqlite'), (bytes) => bytes.write('nobody knows this', 0))
    const after = openTestRecords(dir)
    const [first] = drain(after)
    expect(first).toMatchObject({
      epoch: 2,
      prevhash: last?.hash,
      data: { fact: 'storage', carried: 0, lost: 0 },
    })
  })

  it('is set aside once, however often its setting aside is cut off', () => {
    const dir = testFolder()
    const store = join(dir, 'store.sqlite')
    const before = openTestRecords(dir)
    rate(before, 40)
    before.close()
    spoilPage(store, pageOf(store, '"sequence":"00000000000000000020"'))
    const whole = testFolder()
    copyFolder(dir, whole)
    openTestRecords(dir).close()

    // As it lies between the two renames: the new one complete, the old one moved or not.
    for (const moved of [false, true]) {
      const cut = testFolder()
      copyFolder(whole, cut)
      copyFolder(dir, join(cut, 'done'))
      renameSync(join(cut, 'done', 'store.sqlite'), join(cut, 'store.salvaged.sqlite'))
      renameSync(join(cut, 'done', 'identity.json'), join(cut, 'identity.json'))
      if (moved) {
        mkdirSync(join(cut, 'set-aside-20261121T120000Z'))
        renameSync(join(cut, 'store.sqlite'), join(cut, 'set-aside-20261121T120000Z', 'store.sqlite'))
      }
      const after = openTestRecords(cut)
      expect(after.troubles).toEqual([])
      expect(existsSync(join(cut, 'store.salvaged.sqlite'))).toBe(false)
      expect(drain(after).filter(({ epoch }) => epoch === 1).length).toBeGreaterThan(30)
      expect(readdirSync(cut).filter((name) => name.startsWith('set-aside-'))).toHaveLength(1)
    }
  })
})

describe('an event that is no longer what was written', () => {
  it('promise 2: is never sent; the chain tells of it and goes on around it', () => {
    const dir = testFolder()
    const store = join(dir, 'store.sqlite')
    const before = openTestRecords(dir)
    rate(before, 9)
    const texts = textsIn(before)
    before.close()
    // 5 becomes 4: the store is sound, the rating is not.
    changeFile(store, (bytes) => {
      const sequence = bytes.lastIndexOf('"sequence":"00000000000000000004"')
      flipBit(bytes, bytes.lastIndexOf('"level":5', sequence) + '"level":'.length, 0)
    })
    const after = openTestRecords(dir)
    expect(after.setAsideIn).toBeNull()
    const events = drain(after)
    expect(codesOf(after.troubles)).toEqual(['event-damaged'])
    expect(events.map((event) => Number(event.sequence))).toEqual([1, 2, 3, 5, 6, 7, 8, 9, 10])
    expect(events.at(-1)?.data).toEqual({
      fact: 'set-aside',
      epoch: 1,
      sequence: '00000000000000000004',
      hash: JSON.parse(texts[3] ?? '').hash,
      reason: 'damaged',
    })
    expect(after.outbox.backlog().count).toBe(0)
  })

  it('promise 2: that is gone altogether is told by the hash that its follower links to', () => {
    const records = openTestRecords(testFolder())
    rate(records, 5)
    const hash = JSON.parse(textsIn(records)[2] ?? '').hash
    records.db.exec('DELETE FROM outbox_events WHERE sequence = 3')
    const events = drain(records)
    expect(events.map((event) => Number(event.sequence))).toEqual([1, 2, 4, 5, 6])
    expect(events.at(-1)?.data).toMatchObject({ fact: 'set-aside', hash })
  })
})

describe('a flipped bit in the WAL', () => {
  it('promise 1: is set right; where nobody can say which bit it was, what it has spoilt is told', () => {
    const dir = testFolder()
    const before = openTestRecords(dir)
    rate(before, 12)
    const texts = textsIn(before)
    let flips = 0
    let whole = 0
    const size = readFileSync(join(dir, 'store.sqlite-wal')).length
    // Header, frame headers, pages, the very last frame: a prime step meets them all.
    for (let at = 3; at < size; at += 9_973) {
      const copy = testFolder()
      crashedCopy(dir, copy)
      changeFile(join(copy, 'store.sqlite-wal'), (bytes) => flipBit(bytes, at, at % 8))
      const after = openTestRecords(copy)
      const kept = textsIn(after).filter((text) => texts.includes(text))
      const lost = drain(after).filter(({ data }) => data.fact === 'set-aside').length
      expect(kept.length + lost, `bit ${at % 8} of byte ${at}`).toBe(12)
      expect(codesOf(after.troubles)).toHaveLength(1)
      if (lost === 0) whole += 1
      flips += 1
      after.close()
    }
    expect(whole / flips).toBeGreaterThan(0.9)
  })

  it('promise 1: and more than a bit brings over what is sound, in a new epoch, and tells', () => {
    const dir = testFolder()
    const before = openTestRecords(dir)
    rate(before, 30)
    const texts = textsIn(before)
    const copy = testFolder()
    crashedCopy(dir, copy)
    changeFile(join(copy, 'store.sqlite-wal'), (bytes) => {
      const at = bytes.indexOf('"sequence":"00000000000000000015"')
      bytes.fill(0x2a, at, at + 20)
    })
    const after = openTestRecords(copy)
    expect(codesOf(after.troubles)).toEqual(['store-damaged'])
    const events = drain(after)
    const kept = events.filter((event) => event.epoch === 1)
    expect(kept.length).toBeGreaterThanOrEqual(29)
    for (const text of textsIn(after).slice(0, kept.length)) expect(texts).toContain(text)
    expect(events.at(-1)).toMatchObject({ epoch: 2, data: { fact: 'storage', lost: 30 - kept.length } })
  })

  it('is none where a cut of power has torn the last transaction: that was answered to nobody', () => {
    const dir = testFolder()
    const before = openTestRecords(dir)
    rate(before, 4)
    const copy = testFolder()
    crashedCopy(dir, copy)
    const index = readFileSync(join(copy, 'store.sqlite-shm'))
    rate(before, 1)
    crashedCopy(dir, copy)
    changeFile(join(copy, 'store.sqlite-wal'), (bytes) => bytes.fill(0, bytes.length - 512))
    // The index counts a transaction once it is synced, and this one was not.
    writeFileSync(join(copy, 'store.sqlite-shm'), index)
    const after = openTestRecords(copy)
    expect([after.troubles, after.setAsideIn]).toEqual([[], null])
    expect(textsIn(after)).toEqual(textsIn(before).slice(0, 4))
    after.db.transaction(() => after.outbox.append('rating', rating(1), new Date()))()
    expect(drain(after)).toHaveLength(5)
  })
})

const nextOf = (sequence: string): string => String(Number(sequence) + 1).padStart(20, '0')
