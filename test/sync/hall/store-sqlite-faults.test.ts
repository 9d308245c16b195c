/** A hall's SQLite file that is damaged, full, older, newer, or opened by several at once. */
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { sqliteHall1 } from '../../../sync/hall/store/sqlite-schema.ts'
import { migrate, openDatabase, StoreError } from '../../../sync/sqlite.ts'
import { testFolder } from '../support/folder.ts'
import { asFault } from './support/store-fault.ts'
import { AT, addDevice, all, batch, chain, later } from './support/store-values.ts'
import { letWork } from './support/store-workers.ts'

const PAGE_BYTES = 4096

/** Two processes have started and stand at their first write by then, on a machine that is not too busy. */
const START_TOGETHER_MS = 1_500

async function filled(path: string): Promise<void> {
  const store = openSqliteStore(path)
  await addDevice(store)
  await store.storeBatch(batch(chain(400)))
  await store.close()
}

test.each([
  ['is no database', (bytes: Buffer) => bytes.fill('words ', 0, 100)],
  ['has its first page spoilt', (bytes: Buffer) => bytes.fill(0xa5, 100, PAGE_BYTES)],
  ['is cut short', (bytes: Buffer) => bytes.subarray(0, PAGE_BYTES * 2)],
])('a file that %s is refused in words, and stays as it is', async (_, spoil) => {
  const path = join(testFolder(), 'hall.sqlite')
  await filled(path)
  const spoilt = Buffer.from(spoil(readFileSync(path)))
  writeFileSync(path, spoilt)
  const error = await Promise.try(async () => await all(openSqliteStore(path))).catch(
    (cause: unknown) => cause,
  )
  expect(asFault(error)).toMatchObject({
    code: 'store-damaged',
    message: `${path} is damaged: move it away or restore it from a backup`,
  })
  expect(readFileSync(path)).toEqual(spoilt)
})

test('damage that shows only at work is told in the same words', async () => {
  const path = join(testFolder(), 'hall.sqlite')
  await filled(path)
  const bytes = readFileSync(path)
  // The tables' own description stays whole, all events that lie in them are spoilt.
  for (let at = 0; at < bytes.length; at += PAGE_BYTES) {
    const page = bytes.subarray(at, at + PAGE_BYTES)
    if (page.includes('{"text":"')) page.fill(0xa5)
  }
  writeFileSync(path, bytes)
  const store = openSqliteStore(path)
  onTestFinished(async () => await store.close())
  expect(asFault(await all(store).catch((cause: unknown) => cause)).code).toBe('store-damaged')
})

test('a file that a newer version has written is refused, and nothing in it is changed', async () => {
  const path = join(testFolder(), 'hall.sqlite')
  await filled(path)
  const db = new Database(path)
  db.exec("INSERT INTO migrations VALUES ('hall-99', 'later')")
  db.close()
  expect(() => openSqliteStore(path)).toThrow(StoreError)
  expect(() => openSqliteStore(path)).toThrow(/newer version \(hall-99\): update this software/)
})

test('processes that start at once on a new file all find their tables', async () => {
  const options = { dataDir: testFolder(), database: null }
  const path = join(options.dataDir, 'hall.sqlite')
  // Held up at their first write, with nothing there yet, all of them believe that it is theirs to make the tables.
  const held = openDatabase(path)
  migrate(held, [])
  held.exec('BEGIN IMMEDIATE')
  setTimeout(() => held.exec('ROLLBACK'), START_TOGETHER_MS)
  const answers = await letWork(2, options, async () => {
    const store = openSqliteStore(path)
    await addDevice(store)
    await store.addEnrolmentCode({ codeHash: 'shared', createdAt: AT, expiresAt: later(1000) })
    await store.close()
  })
  held.close()
  expect(answers.map(({ enrolled }) => enrolled).sort()).toEqual(['code-used', 'enrolled'])
})

test('a store of the first version goes on with its chains, its counts and ratings that wait', async () => {
  const path = join(testFolder(), 'hall.sqlite')
  const old = openDatabase(path)
  migrate(old, [{ name: 'hall-1', sql: sqliteHall1 }])
  old
    .prepare(
      `INSERT INTO devices (device_id, public_key, thumbprint, role, name, software, enrolled_at)
       VALUES ('P-1', '{}', 't', 'pad', 'pad', '0', 0)`,
    )
    .run()
  const insert = old.prepare(
    `INSERT INTO events (device_id, epoch, sequence, type, hash, prevhash, text, received_at)
     VALUES ('P-1', 1, ?, ?, ?, ?, ?, ?)`,
  )
  const ofCase = (serviceNumber: number, isPending: boolean): object => ({
    data: { assessNumber: 1, case: { caseNo: 'C-1', serviceNumber }, reasonPending: isPending },
  })
  const texts = [ofCase(1, false), ofCase(2, true), { data: { case: null } }].map((one) =>
    JSON.stringify(one),
  )
  const events = chain(5)
  for (const [index, { sequence, hash, prevhash, type, text }] of events.entries())
    insert.run(
      ...[sequence, index === 4 ? 'cn.window24.system.v1' : type, hash, prevhash],
      texts[index] ?? text,
      7,
    )
  old.close()

  const store = openSqliteStore(path)
  onTestFinished(async () => await store.close())
  expect(await store.countEvents()).toBe(5)
  expect(await store.countEvents('cn.window24.rating.v1')).toBe(4)
  expect((await all(store)).map(({ hash }) => hash)).toEqual(events.map(({ hash }) => hash))
  const db = new Database(path, { readonly: true })
  const reports = db
    .prepare('SELECT sequence, case_no, service_number, state, received_at FROM province_reports')
    .all()
  db.close()
  expect(reports).toEqual([
    { sequence: 1, case_no: 'C-1', service_number: 1, state: 'waiting', received_at: 7 },
    { sequence: 2, case_no: 'C-1', service_number: 2, state: 'reason-pending', received_at: 7 },
  ])
})

test('a copy taken while batches come in is a whole store, with what was answered for before it', async () => {
  const folder = testFolder()
  const path = join(folder, 'hall.sqlite')
  const store = openSqliteStore(path)
  onTestFinished(async () => await store.close())
  await addDevice(store)
  const events = chain(900)
  for (let from = 0; from < 900; from += 30) {
    await store.storeBatch(batch(events.slice(from, from + 30)))
    if (from !== 600) continue
    // As a killed process leaves it: the file, and what is only in its log yet.
    for (const end of ['', '-wal']) copyFileSync(path + end, join(folder, `copy${end}`))
  }
  const copy = openSqliteStore(join(folder, 'copy'))
  onTestFinished(async () => await copy.close())
  expect(await all(copy)).toEqual(events.slice(0, 630))
  expect(await copy.storeBatch(batch(events.slice(600, 660)))).toMatchObject({ stored: 30, duplicate: 30 })
})

const isRoot = process.getuid?.() === 0

test.skipIf(!isRoot)('a full disk is told, keeps what was answered for, and is no end', async () => {
  const disk = mkdtempSync(join(tmpdir(), 'w24-small-disk-'))
  onTestFinished(() => rmSync(disk, { recursive: true, force: true }))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk])
  onTestFinished(() => void spawnSync('umount', ['-l', disk]))
  const path = join(disk, 'hall.sqlite')
  const store = openSqliteStore(path)
  onTestFinished(async () => await store.close())
  await addDevice(store)
  const events = chain(20_000)
  let sent = 0
  let fault: unknown = null
  while (fault === null) {
    const outcome = await store
      .storeBatch(batch(events.slice(sent, sent + 100)))
      .catch((error: unknown) => (fault = error))
    if (outcome !== fault) sent += 100
  }
  expect(asFault(fault)).toMatchObject({ code: 'store-full', message: expect.stringMatching(/no room left/) })
  expect(await all(store)).toEqual(events.slice(0, sent))
  execFileSync('mount', ['-o', 'remount,size=16m', disk])
  expect(await store.storeBatch(batch(events.slice(sent, sent + 100)))).toMatchObject({ stored: 100 })
  expect(statSync(path).size).toBeGreaterThan(0)
})
