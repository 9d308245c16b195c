import { createHash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ProofAnswer } from '../../../sync/protocol/proofs.ts'
import { enrolledDevice, startTestHall, type TestDevice, type TestHall } from './helpers.ts'
import { personOf, post, sealed } from './support/citizen.ts'

const MINUTE_MS = 60_000
/** A Friday morning at the hall. */
const FRIDAY_MORNING = Date.parse('2026-11-20T10:10:00+08:00')

let hall: TestHall
let device: TestDevice
beforeEach(async () => {
  hall = await startTestHall({ demo: true })
  hall.clock.advance(FRIDAY_MORNING - hall.clock.now().getTime())
  device = await enrolledDevice(hall)
})
afterEach(async () => await hall.close())

/** Everything that lies in the hall's store. */
function kept(): { all: string; hashes: string[]; keys: string[] } {
  const db = new Database(join(hall.dataDir, 'hall.sqlite'), { readonly: true })
  const tables = db.prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").all()
  const all = tables.map(({ name }) => JSON.stringify(db.prepare(`SELECT * FROM ${name}`).all())).join('\n')
  const answers = db
    .prepare<[], { key: string; request_hash: string }>('SELECT key, request_hash FROM answers')
    .all()
  db.close()
  return { all, hashes: answers.map((one) => one.request_hash), keys: answers.map(({ key }) => key) }
}

test('what was wanted, by whom and with which key cannot be read from the store', async () => {
  const [zhang, keys] = [personOf('zhang'), [randomUUID(), randomUUID(), randomUUID()]]
  const card = async (purpose: 'pickup' | 'ticket') => await sealed(hall, device, { by: 'zhang', purpose })
  const pickup = { caseNo: 'YX2026110007K3', proof: { kind: 'card', user: await card('pickup') } }
  expect((await post(device, '/v1/pickups', pickup, keys[0])).status).toBe(201)
  const ticket = { businessType: 'A', user: await card('ticket') }
  expect((await post(device, '/v1/tickets', ticket, keys[1])).status).toBe(201)
  expect((await post(device, '/v1/tickets', { businessType: 'F' }, keys[2])).status).toBe(201)
  const { all, keys: under } = kept()
  expect(under).toHaveLength(3)
  for (const secret of [...keys, zhang.name, zhang.number, '12号格']) expect(all).not.toContain(secret)
})

test('a wish of few shapes cannot be guessed by what is kept of it', async () => {
  const [key, wish] = [randomUUID(), { businessType: 'F' }]
  await post(device, '/v1/tickets', wish, key)
  const { hashes, keys } = kept()
  const guess = (by: string): string =>
    createHash('sha256').update(`/v1/tickets\n${by}\n`).update(JSON.stringify(wish)).digest('base64url')
  // So it is made; but its key is not there to make it with.
  expect(hashes).toEqual([guess(key)])
  for (const by of keys) expect(hashes).not.toContain(guess(by))
})

test('a proof that is asked for again after its handle died comes with a living one', async () => {
  const key = randomUUID()
  const body = { kind: 'tax-record', user: await sealed(hall, device, { purpose: 'proof' }) }
  const ask = async () => ProofAnswer.parse((await post(device, '/v1/proofs', body, key)).json)
  const paper = async ({ handle }: ProofAnswer) =>
    await device.ask({ method: 'GET', path: `/v1/documents/${handle}` })
  const first = await ask()
  const bytes = (await paper(first)).bytes
  hall.clock.advance(11 * MINUTE_MS)
  expect((await paper(first)).status).toBe(404)
  const again = await ask()
  expect({ ...again, handle: '' }).toEqual({ ...first, handle: '' })
  expect(Object.keys(again).sort()).toEqual(['handle', 'pages', 'title', 'verificationCode', 'verifyAddress'])
  const fetched = await paper(again)
  expect(fetched.status).toBe(200)
  expect(fetched.bytes.byteLength).toBe(bytes.byteLength)
})
