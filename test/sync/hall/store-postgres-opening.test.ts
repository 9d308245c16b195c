/** Opening a hall's PostgreSQL: what is refused, in which words, and that it is safe to do at once and again. */
import { inspect } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openPostgresStore, refusalOf } from '../../../sync/hall/store/postgres.ts'
import type { StoreError, StoreFaultCode } from '../../../sync/sqlite.ts'
import { moment } from '../support/until.ts'
import { PASSWORD } from './support/postgres.ts'
import { postgresOfThisFile } from './support/postgres-of-file.ts'
import { asFault, WRONG_PASSWORD } from './support/store-fault.ts'
import { AT, addDevice, later } from './support/store-values.ts'

const server = postgresOfThisFile()

/** What opening is refused with; neither it nor anything within it holds a password. */
async function refusal(url: string): Promise<StoreError> {
  const error: unknown = await openPostgresStore(url).then(
    async (store) => await store.close(),
    (cause: unknown) => cause,
  )
  return asFault(error)
}

async function withSetting(setting: string): Promise<string> {
  const url = await server().newDatabase()
  await server().ask(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET ${setting}`)
  return url
}

describe('opening says in words', () => {
  const cases: [string, () => Promise<string> | string, StoreFaultCode, RegExp][] = [
    [
      'that the password is wrong',
      async () => (await server().newDatabase()).replace(PASSWORD, WRONG_PASSWORD),
      'store-login',
      /user or password/,
    ],
    [
      'that a password is missing',
      async () => (await server().newDatabase()).replace(`:${PASSWORD}`, ''),
      'store-login',
      /asks for a password/,
    ],
    [
      'that there is no such database',
      async () => (await server().newDatabase()).replace(/hall_\d+$/, 'nowhere'),
      'store-absent',
      /nowhere has no database of this name: create it/,
    ],
    [
      'that nothing answers there',
      () => `postgres://hall:${PASSWORD}@127.0.0.1:9/hall`,
      'store-unreachable',
      /127\.0\.0\.1:9\/hall does not answer/,
    ],
    [
      'that an address is none',
      () => `mysql://hall:${PASSWORD}@127.0.0.1/hall`,
      'store-unreachable',
      /no address of a PostgreSQL database/,
    ],
    [
      'that an address cannot be read',
      () => `postgres://hall:${PASSWORD}@127.0.0.1:port/hall`,
      'store-unreachable',
      /no address of a PostgreSQL database/,
    ],
    [
      'that commits are answered before they are on the disk',
      async () => await withSetting('synchronous_commit = off'),
      'store-unsafe',
      /set synchronous_commit = on/,
    ],
    [
      'that it is read-only',
      async () => await withSetting('default_transaction_read_only = on'),
      'store-read-only',
      /address of the primary/,
    ],
    [
      'that texts are not kept as UTF-8',
      async () => {
        const url = await server().newDatabase()
        await server().ask("CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0")
        return url.replace(/hall_\d+$/, 'ascii')
      },
      'store-unsafe',
      /--encoding=UTF8/,
    ],
    [
      'that the user may not make tables',
      async () => {
        const url = await server().newDatabase()
        await server().ask("CREATE USER guest PASSWORD 'correct-horse'")
        return url.replace('postgres:correct', 'guest:correct')
      },
      'store-login',
      /make it the owner/,
    ],
    [
      'that a newer version has written it',
      async () => {
        const url = await server().newDatabase()
        await (await openPostgresStore(url)).close()
        await server().ask("INSERT INTO migrations VALUES ('hall-99', 'later')", url)
        return url
      },
      'store-newer',
      /newer version \(hall-99\): update/,
    ],
  ]
  test.each(cases)('%s', async (_, url, code, words) => {
    const error = await refusal(await url())
    expect(error.code).toBe(code)
    expect(error.message).toMatch(words)
  })

  test('that it does not write through to its disk', async () => {
    const url = await server().newDatabase()
    onTestFinished(async () => {
      await server().ask('ALTER SYSTEM RESET fsync')
      await server().ask('SELECT pg_reload_conf()')
    })
    await server().ask('ALTER SYSTEM SET fsync = off')
    await server().ask('SELECT pg_reload_conf()')
    while ((await server().ask<{ fsync: string }>('SHOW fsync'))[0]?.fsync !== 'off') await moment()
    expect(await refusal(url)).toMatchObject({
      code: 'store-unsafe',
      message: expect.stringMatching(/set fsync = on/),
    })
  })

  test('that it is too old', () => {
    const facts = {
      version: 150013,
      encoding: 'UTF8',
      commit: 'on',
      fsync: 'on',
      syncRetry: 'off',
      fullPages: 'on',
      readonly: 'off',
    }
    expect(refusalOf(facts)).toBeNull()
    expect(refusalOf({ ...facts, commit: 'remote_apply' })).toBeNull()
    expect(refusalOf({ ...facts, syncRetry: 'on' })).toMatchObject({ code: 'store-unsafe' })
    expect(refusalOf({ ...facts, fullPages: 'off' })).toMatchObject({ code: 'store-unsafe' })
    expect(refusalOf({ ...facts, version: 90624 })).toMatchObject({
      code: 'store-old',
      words: expect.stringMatching(/is version 9: 14 or newer/),
    })
  })
})

test('locks decide under any default isolation of the database', async () => {
  const url = await server().newDatabase()
  const name = new URL(url).pathname.slice(1)
  await server().ask(`ALTER DATABASE ${name} SET default_transaction_isolation = 'repeatable read'`)
  const stores = await Promise.all([openPostgresStore(url), openPostgresStore(url)])
  const use = { use: 'search', by: 'P-1', limit: 3, windowMs: 60_000, at: new Date() }
  const answers = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => await stores[index % 2]?.allow(use)),
  )
  expect(answers.filter((answer) => answer?.allowed)).toHaveLength(3)
  await Promise.all(stores.map(async (store) => await store.close()))
})

test('instances that start at once on an empty database all find their tables', async () => {
  const url = await server().newDatabase()
  const stores = await Promise.all(Array.from({ length: 5 }, async () => await openPostgresStore(url)))
  for (const store of stores.slice(0, 1)) await addDevice(store)
  for (const store of stores) expect(await store.devices()).toHaveLength(1)
  await Promise.all(stores.map(async (store) => await store.close()))
})

test('a start that fails half way leaves no tables', async () => {
  const url = await server().newDatabase()
  await server().ask('CREATE TABLE boots (other BIGINT)', url)
  await expect(openPostgresStore(url)).rejects.toThrow()
  const tables = await server().ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", url)
  expect(tables).toEqual([{ tablename: 'boots' }])
})

test('an unforeseen refusal tells its code and its table, and nothing of a row', async () => {
  const store = await openPostgresStore(await server().newDatabase())
  onTestFinished(async () => await store.close())
  const code = { codeHash: 'hash-of-a-code', createdAt: AT, expiresAt: later(1) }
  await store.addEnrolmentCode(code)
  const error: unknown = await store.addEnrolmentCode(code).catch((cause: unknown) => cause)
  expect(String(error)).toMatch(/PostgreSQL refused a statement: 23505 enrolment_codes/)
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain('hash-of-a-code')
})
