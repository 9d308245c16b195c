/** The few connections that an instance has to its PostgreSQL: who waits holds none, and each is a session of its own. */
import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { chainLock } from '../../../sync/hall/store/heads.ts'
import { openPostgresStore } from '../../../sync/hall/store/postgres.ts'
import { takeLock } from '../../../sync/hall/store/postgres-sql.ts'
import type { Store } from '../../../sync/hall/store/store.ts'
import { createTurns } from '../../../sync/hall/store/turns.ts'
import { moment } from '../support/until.ts'
import { postgresOfThisFile } from './support/postgres-of-file.ts'
import { startSessionPooler } from './support/session-pooler.ts'
import { asFault } from './support/store-fault.ts'
import { addDevice, batch, chain } from './support/store-values.ts'

const server = postgresOfThisFile()

/** Several times what an instance has of connections. */
const MANY = 40

async function openStore(url: string): Promise<Store> {
  const store = await openPostgresStore(url)
  onTestFinished(async () => await store.close())
  return store
}

test('a device whose lock another instance holds keeps no other device waiting, however often it asks', async () => {
  const url = await server().newDatabase()
  const store = await openStore(url)
  await addDevice(store, 'P-1')
  await addDevice(store, 'P-2')
  const other = new Client({ connectionString: url })
  await other.connect()
  onTestFinished(async () => await other.end())
  await other.query(`BEGIN; ${takeLock(chainLock('P-1'))}`)
  const waiting = Array.from({ length: MANY }, () => store.storeBatch(batch(chain(3))))
  expect(await store.storeBatch({ ...batch(chain(5)), deviceId: 'P-2' })).toMatchObject({ stored: 5 })
  await other.query('COMMIT')
  const outcomes = await Promise.all(waiting)
  expect(outcomes.filter((outcome) => 'stored' in outcome && outcome.stored === 3)).toHaveLength(1)
  expect(outcomes.filter((outcome) => 'duplicate' in outcome && outcome.duplicate === 3)).toHaveLength(
    MANY - 1,
  )
})

test('a backlog for the province that was taken up at once leaves nothing behind that later claims walk past', async () => {
  const url = await server().newDatabase()
  const store = await openStore(url)
  const claim = async () => await store.province.claim({ by: 'one', at: 1_000, leaseMs: 60_000 }, 8)
  const vacuums = async () =>
    (
      await server().ask<{ at: Date | null }>(
        `SELECT last_vacuum AS at FROM pg_stat_user_tables WHERE relname = 'province_reports'`,
        url,
      )
    )[0]?.at ?? null
  const arrive = async (from: number, to: number) =>
    await server().ask(
      `INSERT INTO province_reports (device_id, epoch, sequence, case_no, service_number, assess_number, state,
         attempts, not_before, received_at)
       SELECT 'P-1', 1, n, 'YX' || n, 1, 1, 'waiting', 0, 0, n FROM generate_series(${from}, ${to}) AS n`,
      url,
    )
  await arrive(1, 1_000)
  expect((await claim()).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(await vacuums()).toBeNull()

  await arrive(1_001, 51_000)
  expect((await claim()).map(({ sequence }) => sequence)).toEqual([9, 10, 11, 12, 13, 14, 15, 16])
  await expect.poll(vacuums, { timeout: 20_000 }).not.toBeNull()
})

describe('turns', () => {
  const tooLate = (): Error => new Error('too late')

  test('come in order, one after the other for each name', async () => {
    const turns = createTurns(60_000, tooLate)
    const order: string[] = []
    const leave = await turns.take('a')
    const waiting = ['first', 'second'].map(async (who) => {
      const done = await turns.take('a')
      order.push(who)
      done()
    })
    const leaveOther = await turns.take('b')
    order.push('other')
    leaveOther()
    leave()
    await Promise.all(waiting)
    expect(order).toEqual(['other', 'first', 'second'])
  })

  test('that do not come in time are given up, and those behind still come', async () => {
    const turns = createTurns(20, tooLate)
    const leave = await turns.take('a')
    await expect(turns.take('a')).rejects.toThrow('too late')
    const next = turns.take('a')
    leave()
    ;(await next)()
    expect(await turns.take('a')).toBeTypeOf('function')
  })
})

test('a server told to stop syncing is refused with the next connection, and taken again when it syncs', async () => {
  const url = await server().newDatabase()
  const store = await openStore(url)
  await addDevice(store)
  await setFsync('off')
  await endConnections(url)
  const refused = asFault(await store.storeBatch(batch(chain(2))).catch((error: unknown) => error))
  expect(refused).toMatchObject({ code: 'store-unsafe', message: expect.stringMatching(/set fsync = on/) })
  await setFsync('on')
  expect(await store.storeBatch(batch(chain(2)))).toMatchObject({ stored: 2 })
})

test('a pooler that hands one session to several connections is refused at the start, with what to set', async () => {
  const url = await server().newDatabase()
  const pooler = await startSessionPooler(url)
  onTestFinished(() => pooler.close())
  const refused = asFault(await openPostgresStore(pooler.url).catch((error: unknown) => error))
  expect(refused).toMatchObject({
    code: 'store-unsafe',
    message: expect.stringMatching(/pool_mode = session/),
  })
  expect(await server().ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", url)).toEqual([])
})

async function setFsync(value: 'on' | 'off'): Promise<void> {
  await server().ask(`ALTER SYSTEM SET fsync = ${value}`)
  await server().ask('SELECT pg_reload_conf()')
  while ((await server().ask<{ fsync: string }>('SHOW fsync'))[0]?.fsync !== value) await moment()
}

/** As after the pause in which a connection that nobody uses is let go. */
async function endConnections(url: string): Promise<void> {
  await server().ask(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    url,
  )
  await moment()
}
