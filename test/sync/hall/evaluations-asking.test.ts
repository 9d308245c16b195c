/** Who may ask for a rating through the hall, with what, and over which line (PROTOCOLS.md §1.5, §2). */
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { authenticateSystem } from '../../../sync/hall/http/bearer.ts'
import { createRequestLimits } from '../../../sync/hall/http/limits.ts'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { tokenHash } from '../../../sync/hall/tokens.ts'
import { startTestHall, type TestHall } from './helpers.ts'
import { run } from './support/command.ts'
import { type AskingSystem, newToken, SERVICE, systemAt } from './support/evaluations.ts'

const PERSON = { type: '1', name: '林晚舟', idType: '111', idNumber: '330099198803120028', phone: null }

let hall: TestHall
let system: AskingSystem
beforeAll(async () => {
  hall = await startTestHall()
  system = systemAt(hall, await newToken(hall.dataDir))
})
afterAll(async () => await hall.close())

test('only a token that is in use asks', async () => {
  const revoked = systemAt(hall, await newToken(hall.dataDir, 'an earlier system'))
  expect((await revoked.get(randomUUID())).status).toBe(404)
  await run('token', 'revoke', 'an earlier system', '--data', hall.dataDir)
  const refusals = [
    await revoked.ask(SERVICE),
    await systemAt(hall, null).ask(SERVICE),
    await systemAt(hall, 'token of another hall').get(randomUUID()),
    await systemAt(hall, 'x'.repeat(10_000)).cancel(randomUUID()),
  ]
  for (const { status, json, headers } of refusals)
    expect([status, json.code, headers.get('www-authenticate')]).toEqual([401, 'unauthorized', 'Bearer'])
})

test('a token that runs wild is told to wait, whatever it still may ask, and another is not', async () => {
  const store = openSqliteStore(join(hall.dataDir, 'hall.sqlite'))
  for (const name of ['wild', 'calm']) await store.tokens.add(name, tokenHash(`token-${name}`), new Date())
  const parts = { store, limits: createRequestLimits(() => 0), clock: () => new Date() }
  const asks = async (name: string, method: string, path: string) =>
    await authenticateSystem(parts, {
      method,
      route: { path },
      headers: { authorization: `Bearer token-${name}` },
    })
  for (let times = 0; times < 600; times += 1)
    expect((await asks('wild', 'POST', '/v1/evaluations')).ok).toBe(true)
  expect(await asks('wild', 'POST', '/v1/evaluations')).toMatchObject({
    ok: false,
    answer: { status: 429, headers: { 'retry-after': '1' }, body: { code: 'too-many-requests' } },
  })
  expect((await asks('wild', 'GET', '/v1/evaluations/:id')).ok).toBe(true)
  expect((await asks('calm', 'POST', '/v1/evaluations')).ok).toBe(true)
  await store.close()
})

test('a body that is not of the contract is refused whole', async () => {
  for (const [body, status, code] of [
    ['{', 400, 'body-invalid'],
    [{ ...SERVICE, level: 5 }, 400, 'body-invalid'],
    [{ ...SERVICE, window: undefined }, 400, 'body-invalid'],
    [{ ...SERVICE, window: '' }, 400, 'body-invalid'],
    [{ ...SERVICE, caseNo: '..' }, 400, 'body-invalid'],
    [{ ...SERVICE, itemName: 'a\u0007b' }, 400, 'body-invalid'],
    [{ ...SERVICE, itemName: 'half \ud800' }, 400, 'body-invalid'],
    [{ ...SERVICE, user: { ...PERSON, level: 5 } }, 400, 'body-invalid'],
    [{ ...SERVICE, itemName: 'x'.repeat(100_000) }, 413, 'body-too-large'],
  ] as const) {
    const answer = await system.ask(body)
    expect([answer.status, answer.json.code], JSON.stringify(body).slice(0, 200)).toEqual([status, code])
    expect(answer.text).not.toContain(PERSON.name)
  }
  const typeless = await system.ask(SERVICE, { 'content-type': 'text/plain' })
  expect([typeless.status, typeless.json.code]).toEqual([415, 'media-type'])
})

test('a user in plain is taken on this machine, or through a proxy of the hall’s own that was reached by TLS', async () => {
  const plain = { ...SERVICE, window: '13', user: PERSON }
  const behindProxy = { 'x-forwarded-for': '192.0.2.7', 'x-forwarded-proto': 'https' }
  const codeOf = async (body: object, headers: Record<string, string> = {}) =>
    (await system.ask(body, headers)).json.code
  expect(await codeOf(plain)).toBe('no-pad')
  expect(await codeOf(plain, behindProxy)).toBe('insecure')
  expect(await codeOf({ ...plain, user: null }, behindProxy)).toBe('no-pad')

  writeFileSync(join(hall.dataDir, 'hall.json'), JSON.stringify({ proxies: ['127.0.0.1'] }), { mode: 0o600 })
  hall.hall.reload()
  expect(await codeOf(plain, behindProxy)).toBe('no-pad')
  for (const proto of ['http', 'https, http', ''])
    expect(await codeOf(plain, { ...behindProxy, 'x-forwarded-proto': proto })).toBe('insecure')
  expect(await codeOf(plain, { 'x-forwarded-for': '192.0.2.7' })).toBe('insecure')
})
