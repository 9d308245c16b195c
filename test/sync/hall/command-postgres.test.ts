/** The hall's commands where its records lie in PostgreSQL: the same words, the same answers. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enrolledDevice, newFolder, startTestHall, TestChain, type TestHall, texts } from './helpers.ts'
import { run } from './support/command.ts'
import { PASSWORD, startPostgres, type TestPostgres } from './support/postgres.ts'

const SLOW_START_MS = 60_000

let postgres: TestPostgres
let database: string
const halls: TestHall[] = []
beforeAll(async () => {
  postgres = await startPostgres()
  database = await postgres.newDatabase()
}, SLOW_START_MS)
afterAll(async () => {
  for (const { hall } of halls) await hall.close()
  await postgres.remove()
}, SLOW_START_MS)

async function instance(sealingKeysFile?: string): Promise<TestHall> {
  const hall = await startTestHall({
    database,
    ...(sealingKeysFile === undefined ? {} : { sealingKeysFile }),
  })
  halls.push(hall)
  return hall
}

test(
  'two instances share records, codes, tokens and keys; commands find them by the environment too',
  async () => {
    const first = await instance()
    const keys = join(first.dataDir, 'sealing-keys.json')
    const second = await instance(keys)
    const device = await enrolledDevice(first)
    expect((await device.sendBatch(texts(new TestChain(device.deviceId).ratings(3)))).status).toBe(200)
    expect(await second.hall.counts()).toEqual({ rating: 3, events: 3 })
    const other = await enrolledDevice(second)
    expect(other.sealingKey).toEqual(device.sealingKey)

    const folder = newFolder()
    process.env.WINDOW24_DATABASE = database
    const asked = (name: string, ...args: string[]) => run(name, ...args, '--data', folder)
    expect(await asked('verify')).toMatchObject({ code: 0, out: expect.stringContaining('3 events, whole') })
    expect((await asked('devices')).out).toContain(other.deviceId)
    expect((await asked('token', 'case system')).code).toBe(0)
    expect((await asked('token', 'list')).out).toContain('case system')
    expect((await asked('revoke', other.deviceId)).code).toBe(0)
    expect((await other.ask({ method: 'GET', path: '/v1/content' })).json).toMatchObject({ code: 'revoked' })
    const days = ['--from', '2026-11-20', '--to', '2026-11-20', '--format']
    expect((await asked('export', ...days, 'jsonl')).out.trim().split('\n')).toHaveLength(3)
    delete process.env.WINDOW24_DATABASE

    await expect(instance(), 'an instance with keys of its own').rejects.toMatchObject({
      code: 'sealing-keys-damaged',
    })
    rmSync(folder, { recursive: true })
  },
  SLOW_START_MS,
)

test('a database without a hall is refused by every command and left as it is', async () => {
  const empty = await postgres.newDatabase()
  for (const words of [['verify'], ['devices'], ['enrol'], ['token', 'list']])
    expect(await run(...words, '--data', newFolder(), '--database', empty)).toMatchObject({
      code: 1,
      err: expect.stringContaining('holds no hall'),
    })
  const client = new Client({ connectionString: empty })
  await client.connect()
  const { rows } = await client.query(`SELECT * FROM pg_tables WHERE schemaname = 'public'`)
  await client.end()
  expect(rows).toEqual([])
})

test('an environment variable that is set to nothing is not set', async () => {
  process.env.WINDOW24_DATABASE = ''
  expect((await run('devices', '--data', newFolder())).err).toContain('give the folder')
  delete process.env.WINDOW24_DATABASE
})

test('a wrong address is told in words, without its password', async () => {
  const wrong = database.replace(/\/[^/]*$/, '/nowhere')
  const { code, err } = await run('devices', '--data', newFolder(), '--database', wrong)
  expect([code, err]).toEqual([1, expect.stringContaining('no database of this name')])
  expect(err).not.toContain(PASSWORD)
})
