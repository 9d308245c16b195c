import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ProofAnswer } from '../../../sync/protocol/proofs.ts'
import { enrolledDevice, type Reply, startTestHall, type TestDevice, type TestHall } from './helpers.ts'
import { type DemoName, personOf, post, type Sealing, sealed } from './support/citizen.ts'
import { type KeptLog, keptLog } from './support/log.ts'
import { pdfText } from './support/pdf-text.ts'

const MINUTE_MS = 60_000

let hall: TestHall
let device: TestDevice
let log: KeptLog
beforeEach(async () => {
  log = keptLog()
  hall = await startTestHall({ demo: true, logger: log.logger })
  device = await enrolledDevice(hall)
})
afterEach(async () => await hall.close())

async function request(kind: string, sealing: Partial<Sealing> = {}): Promise<object> {
  return { kind, user: await sealed(hall, device, { purpose: 'proof', ...sealing }) }
}

const askFor = async (kind: string, by: DemoName = 'zhang'): Promise<Reply> =>
  post(device, '/v1/proofs', await request(kind, { by }))

const fetchPaper = (handle: string): Promise<Reply> =>
  device.ask({ method: 'GET', path: `/v1/documents/${handle}` })

describe('a proof', () => {
  test('is made for whoever’s card it is, and comes as PDF with its code', async () => {
    const answer = await askFor('social-insurance')
    expect(answer.status).toBe(201)
    const { handle, title, pages, verificationCode, verifyAddress } = ProofAnswer.parse(answer.json)
    expect(verifyAddress).toBe(`https://verify.yunxi.example/${verificationCode}`)
    expect([title, pages]).toEqual(['社会保险参保证明', 1])
    const words = await pdfText((await fetchPaper(handle)).bytes)
    for (const expected of [
      '社会保险参保证明',
      '张小雨',
      personOf('zhang').number,
      verificationCode,
      '养老保险',
    ])
      expect(words).toContain(expected)
  })

  test('of every kind that the hall offers can be made for somebody', async () => {
    const people: DemoName[] = ['zhang', 'zhang', 'zhang', 'ouyang', 'wang']
    const kinds = ['social-insurance', 'housing-fund', 'tax-record', 'real-estate', 'no-house']
    for (const [index, kind] of kinds.entries()) {
      const { status, json } = await askFor(kind, people[index])
      expect([kind, status]).toEqual([kind, 201])
      const paper = await fetchPaper(ProofAnswer.parse(json).handle)
      expect((await pdfText(paper.bytes)).split('\f').length - 1).toBe(1)
    }
  })

  test('is refused in words where there is nothing to prove', async () => {
    const answer = await askFor('no-house', 'ouyang')
    expect([answer.status, answer.json.code, answer.json.reason]).toEqual([422, 'proof-refused', 'no-record'])
    expect(answer.json.detail).toContain('27号窗口')
  })

  test('that nobody issues is not found', async () => {
    const answer = await askFor('no-such-proof')
    expect([answer.status, answer.json.code]).toEqual([404, 'not-found'])
  })
})

describe('the same Idempotency-Key', () => {
  test('with the same request gets the same answer, also when the sealing has grown old', async () => {
    const [key, body] = [randomUUID(), await request('tax-record')]
    const first = await post(device, '/v1/proofs', body, key)
    hall.clock.advance(5 * MINUTE_MS)
    const again = await post(device, '/v1/proofs', body, key)
    expect([first.status, again.status]).toEqual([201, 201])
    expect(again.json).toEqual(first.json)
  })

  test('with another request is refused, and another device’s key is nothing to it', async () => {
    const key = randomUUID()
    expect((await post(device, '/v1/proofs', await request('tax-record'), key)).status).toBe(201)
    const reused = await post(device, '/v1/proofs', await request('tax-record'), key)
    expect([reused.status, reused.json.code]).toEqual([422, 'idempotency-key-reused'])
    const other = await enrolledDevice(hall)
    const user = await sealed(hall, other, { purpose: 'proof' })
    expect((await post(other, '/v1/proofs', { kind: 'tax-record', user }, key)).status).toBe(201)
  })

  test('twice at once is one proof', async () => {
    const [key, body] = [randomUUID(), await request('tax-record')]
    const answers = await Promise.all([1, 2, 3, 4].map(() => post(device, '/v1/proofs', body, key)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  })

  test('again asks no issuer and counts for no limit', async () => {
    const [key, body] = [randomUUID(), await request('tax-record')]
    for (let times = 0; times < 61; times += 1)
      expect((await post(device, '/v1/proofs', body, key)).status).toBe(201)
    expect((await askFor('housing-fund')).status).toBe(201)
  })

  test('is needed', async () => {
    const answer = await device.ask({ method: 'POST', path: '/v1/proofs', body: await request('tax-record') })
    expect([answer.status, answer.json.code]).toEqual([400, 'idempotency-key-missing'])
  })
})

test.each<[string, Partial<Sealing>, number, string]>([
  ['sealed for a search', { purpose: 'search' }, 403, 'seal-purpose'],
  ['sealed by another device', { device: 'T-0009-AAAA' }, 403, 'seal-device'],
  ['sealed over two minutes ago', { ageMs: 2 * MINUTE_MS + 2000 }, 403, 'seal-too-old'],
])('a card %s proves nothing', async (_name, sealing, status, code) => {
  const answer = await post(device, '/v1/proofs', await request('tax-record', sealing))
  expect([answer.status, answer.json.code]).toEqual([status, code])
})

test('a sealing that somebody copied opens nothing under another key', async () => {
  const body = await request('tax-record')
  expect((await post(device, '/v1/proofs', body)).status).toBe(201)
  const again = await post(device, '/v1/proofs', body)
  expect([again.status, again.json.code]).toEqual([409, 'seal-repeated'])
})

test('the 61st proof of an hour has to wait', async () => {
  for (let made = 0; made < 60; made += 1) expect((await askFor('tax-record')).status).toBe(201)
  const refused = await askFor('tax-record')
  expect([refused.status, refused.json.code]).toEqual([429, 'too-many-tries'])
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('nothing personal and no code lies in the store or the log afterwards', async () => {
  const answer = ProofAnswer.parse((await askFor('social-insurance')).json)
  await fetchPaper(answer.handle)
  await askFor('no-house', 'ouyang')
  const db = new Database(join(hall.dataDir, 'hall.sqlite'), { readonly: true })
  const tables = db.prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").all()
  const kept = tables.map(({ name }) => JSON.stringify(db.prepare(`SELECT * FROM ${name}`).all())).join('\n')
  const answers = db.prepare<[], { body: string }>('SELECT body FROM answers').all()
  db.close()
  expect(answers).toHaveLength(1)
  const { name, number } = personOf('zhang')
  for (const secret of [
    name,
    number,
    answer.verificationCode,
    answer.handle,
    '社会保险',
    personOf('ouyang').name,
  ]) {
    expect(kept).not.toContain(secret)
    expect(log.text()).not.toContain(secret)
  }
})
