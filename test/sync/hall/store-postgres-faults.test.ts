/** A hall's PostgreSQL that dies, hangs, fills up or comes back: no half things, and never a wrong yes. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openPostgresStore } from '../../../sync/hall/store/postgres.ts'
import type { Store } from '../../../sync/hall/store/store.ts'
import { StoreError } from '../../../sync/sqlite.ts'
import { moment } from '../support/until.ts'
import { postgresOfThisFile } from './support/postgres-of-file.ts'
import { asFault } from './support/store-fault.ts'
import { AT, addDevice, all, batch, chain } from './support/store-values.ts'

const server = postgresOfThisFile()

/** Seconds on a quiet machine; a server that dies and recovers waits for the disk like everybody else. */
const SERVER_TEST_TIMEOUT_MS = 90_000

async function openStore(url: string): Promise<Store> {
  const store = await openPostgresStore(url)
  onTestFinished(async () => await store.close())
  return store
}

describe('a connection that is ended', () => {
  test('in the middle of a batch leaves nothing of it, and the batch is stored when it comes again', async () => {
    const url = await server().newDatabase()
    const store = await openStore(url)
    await addDevice(store)
    const events = chain(200)
    const ratings = events.map(({ sequence }) => ({
      ...{ sequence, caseNo: 'C', serviceNumber: 1, assessNumber: 1, reasonPending: false },
      capturedAt: AT.toISOString(),
    }))
    await holding(url, 'heads', async () => {
      const storing = store.storeBatch({ ...batch(events), ratings }).catch((error: unknown) => error)
      await endTheWaiting(url)
      expect(asFault(await storing).code).toBe('store-unreachable')
    })
    for (const table of ['events', 'province_reports', 'event_counts', 'heads'])
      expect(await server().ask(`SELECT * FROM ${table}`, url)).toEqual([])
    expect(await store.storeBatch({ ...batch(events), ratings })).toMatchObject({ stored: 200, duplicate: 0 })
    expect(await all(store)).toEqual(events)
  })

  test('while nobody uses it is replaced without a word', async () => {
    const url = await server().newDatabase()
    const store = await openStore(url)
    await addDevice(store)
    await Promise.all(Array.from({ length: 8 }, async () => await store.devices()))
    await server().ask(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      url,
    )
    await moment()
    expect(await store.storeBatch(batch(chain(3)))).toMatchObject({ stored: 3 })
  })
})

test('an instance that hangs on a lock is waited for only so long as the server allows', async () => {
  const url = await server().newDatabase()
  await server().ask(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET lock_timeout = '200ms'`)
  const store = await openStore(url)
  await addDevice(store)
  await holding(url, 'heads', async () => {
    const storing = store.storeBatch(batch(chain(2))).catch((error: unknown) => error)
    const fault = asFault(await storing)
    expect(fault).toMatchObject({ code: 'store-busy', message: expect.stringMatching(/sent again/) })
  })
  expect(await store.storeBatch(batch(chain(2)))).toMatchObject({ stored: 2 })
})

test(
  'a server that is killed and started again under load never made a yes of a no',
  async () => {
    const DEVICES = 4
    const BATCH = 20
    const url = await server().newDatabase()
    const store = await openStore(url)
    const ids = Array.from({ length: DEVICES }, (_, device) => `D-${device}`)
    for (const id of ids) await addDevice(store, id)
    const events = chain(4000)
    let isOver = false
    let refused = 0
    const answered = new Map<string, number>()
    /** As a device does it: the same batch until there is an answer. */
    async function send(deviceId: string): Promise<void> {
      for (let from = 0; from + BATCH <= events.length && !isOver; ) {
        const outcome = await store
          .storeBatch({ ...batch(events.slice(from, from + BATCH)), deviceId })
          .catch((error: unknown) => asFault(error))
        if (outcome instanceof StoreError) {
          refused += 1
          await moment()
          continue
        }
        expect(outcome.outcome).toBe('stored')
        from += BATCH
        answered.set(deviceId, from)
      }
    }
    const sending = Promise.all(ids.map(send))
    await hasGrown(answered)
    server().stop('immediate')
    await moment()
    server().start()
    await hasGrown(answered)
    isOver = true
    await sending
    expect(refused).toBeGreaterThan(0)
    for (const id of ids) {
      const kept = await Array.fromAsync(store.eventsOf(id))
      expect(kept.length).toBe(answered.get(id))
      expect(kept).toEqual(events.slice(0, kept.length))
    }
  },
  SERVER_TEST_TIMEOUT_MS,
)

const isRoot = process.getuid?.() === 0

test.skipIf(!isRoot)(
  'a full disk is told, keeps what was answered for, and is no end',
  async () => {
    const disk = mkdtempSync(join(tmpdir(), 'w24-small-disk-'))
    onTestFinished(() => rmSync(disk, { recursive: true, force: true }))
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]).status).toBe(0)
    onTestFinished(() => void spawnSync('umount', ['-l', disk]))
    const owner = spawnSync('chown', ['postgres:postgres', disk])
    expect(owner.status).toBe(0)
    chmodSync(disk, 0o700)
    await server().ask(`CREATE TABLESPACE small LOCATION '${disk}'`)
    const other = await server().newDatabase()
    await server().ask('CREATE DATABASE small TABLESPACE small')
    const url = other.replace(/hall_\d+$/, 'small')
    const store = await openPostgresStore(url)
    await addDevice(store)
    // What does not compress, so that the disk is soon full.
    const events = chain(20_000).map((event) => ({ ...event, text: `{"t":"${noise()}"}` }))
    let sent = 0
    let fault: unknown = null
    for (; fault === null && sent < events.length; sent += fault === null ? 100 : 0)
      await store.storeBatch(batch(events.slice(sent, sent + 100))).catch((error: unknown) => {
        fault = error
      })
    expect(asFault(fault)).toMatchObject({
      code: 'store-full',
      message: expect.stringMatching(/no room left/),
    })
    expect(await store.countEvents()).toBe(sent)
    expect(await all(store)).toEqual(events.slice(0, sent))
    spawnSync('mount', ['-o', 'remount,size=64m', disk])
    expect(await store.storeBatch(batch(events.slice(sent, sent + 100)))).toMatchObject({ stored: 100 })
    await store.close()
    await server().ask('DROP DATABASE small')
    await server().ask('DROP TABLESPACE small')
  },
  SERVER_TEST_TIMEOUT_MS,
)

/** Keeps a table from being written while something is done. */
async function holding(url: string, table: string, act: () => Promise<void>): Promise<void> {
  const locked = server().ask(`BEGIN; LOCK TABLE ${table} IN EXCLUSIVE MODE; SELECT pg_sleep(20)`, url)
  const isOver = locked.catch(() => {})
  await appears(url, "wait_event = 'PgSleep'")
  await act()
  await server().ask(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'",
    url,
  )
  await isOver
}

async function endTheWaiting(url: string): Promise<void> {
  await appears(url, "wait_event_type = 'Lock'")
  await server().ask(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
    url,
  )
}

async function appears(url: string, which: string): Promise<void> {
  while ((await server().ask(`SELECT pid FROM pg_stat_activity WHERE ${which}`, url)).length === 0)
    await moment()
}

/** Until every device was answered for more than it was before. */
async function hasGrown(answered: ReadonlyMap<string, number>): Promise<void> {
  const before = new Map(answered)
  while (answered.size < 4 || [...answered].some(([id, count]) => count <= (before.get(id) ?? 0)))
    await moment()
}

function noise(): string {
  return Array.from({ length: 40 }, () => Math.random().toString(36)).join('')
}
