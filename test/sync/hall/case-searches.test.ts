import { afterEach, beforeEach, expect, test } from 'vitest'
import people from '../../../sync/hall/demo/people.json' with { type: 'json' }
import { CaseSearchAnswer } from '../../../sync/protocol/cases.ts'
import { createSealingKeyPair, publicSealingKey } from '../../../sync/protocol/keys.ts'
import { type SealPurpose, seal } from '../../../sync/protocol/sealing.ts'
import { enrolledDevice, type Reply, startTestHall, type TestDevice, type TestHall } from './helpers.ts'

const MINUTE_MS = 60_000

let hall: TestHall
let device: TestDevice
beforeEach(async () => {
  hall = await startTestHall({ demo: true })
  device = await enrolledDevice(hall)
})
afterEach(async () => await hall.close())

interface Sealing {
  by?: string
  purpose?: SealPurpose
  device?: string
  ageMs?: number
  key?: TestDevice['sealingKey']
}

function sealed({ by = 'zhang', purpose = 'search', ageMs = 0, ...other }: Sealing = {}): Promise<string> {
  const person = people.find(({ id }) => id === by)
  const idNumber = person?.number ?? '330099199912310018'
  const user = { type: '1', name: person?.name ?? '李无', idType: '111', idNumber, phone: null }
  const at = new Date(hall.clock.now().getTime() - ageMs)
  return seal({ purpose, device: other.device ?? device.deviceId, user }, other.key ?? device.sealingKey, at)
}

const search = (body: object): Promise<Reply> =>
  device.ask({ method: 'POST', path: '/v1/case-searches', body })
const byCard = async (sealing: Sealing = {}): Promise<Reply> =>
  search({ by: 'card', user: await sealed(sealing) })
const byReceipt = (value: string): Promise<Reply> => search({ by: 'receipt', value })
const cases = (answer: Reply): CaseSearchAnswer['cases'] => {
  expect(answer.status).toBe(200)
  return CaseSearchAnswer.parse(answer.json).cases
}

test('a sealed card finds every case of its holder, by the ID number', async () => {
  const found = cases(await byCard())
  expect(found).toHaveLength(6)
  expect(new Set(found.map(({ state }) => state)).size).toBe(6)
  expect(found.map(({ applicantMasked }) => applicantMasked)).toEqual(Array(6).fill('张*'))
})

test('nothing in an answer names the applicant or the number', async () => {
  const { text } = await byCard()
  expect(text).not.toContain('小雨')
  expect(text).not.toContain('330099199104160260')
})

test('a holder without cases, and a number that nobody has, find none', async () => {
  expect(cases(await byCard({ by: 'guli' }))).toEqual([])
  expect(cases(await byCard({ by: 'nobody' }))).toEqual([])
})

test('a receipt finds its one case without the result, the card finds it with the result', async () => {
  const [byNumber, ...more] = cases(await byReceipt('YX2026110007K3'))
  expect(more).toEqual([])
  expect(byNumber?.documents.map(({ kind }) => kind)).toEqual(['receipt', 'acceptance'])
  const withCard = cases(await byCard()).find(({ caseNo }) => caseNo === 'YX2026110007K3')
  expect(withCard?.documents.map(({ kind }) => kind)).toEqual(['receipt', 'acceptance', 'result'])
  expect(withCard?.documents.at(-1)?.form).toBeNull()
})

test('a receipt is read in small letters too, and one that is no case of this hall finds none', async () => {
  expect(cases(await byReceipt('yx2026110007k3'))).toHaveLength(1)
  expect(cases(await byReceipt('YX0000000000'))).toEqual([])
})

test('every search gives fresh handles of 128 bits', async () => {
  const handles = (found: CaseSearchAnswer['cases']) =>
    found.flatMap(({ documents }) => documents.map(({ handle }) => handle))
  const all = [...handles(cases(await byCard())), ...handles(cases(await byCard()))]
  expect(new Set(all).size).toBe(all.length)
  for (const handle of all) expect(Buffer.from(handle, 'base64url')).toHaveLength(16)
})

test.each<[string, Sealing, number, string]>([
  ['sealed for a rating', { purpose: 'rating' }, 403, 'seal-purpose'],
  ['sealed by another device', { device: 'T-0009-AAAA' }, 403, 'seal-device'],
  ['sealed over two minutes ago', { ageMs: 2 * MINUTE_MS + 2000 }, 403, 'seal-too-old'],
  ['sealed for a time to come', { ageMs: -2 * MINUTE_MS - 2000 }, 403, 'seal-too-old'],
  ['sealed for another hall', { key: publicSealingKey(createSealingKeyPair()) }, 400, 'seal-unknown-key'],
])('a card %s opens nothing', async (_name, sealing, status, code) => {
  const answer = await byCard(sealing)
  expect([answer.status, answer.json.code]).toEqual([status, code])
})

test('the same sealing is taken once, so what somebody copied opens nothing', async () => {
  const user = await sealed()
  expect((await search({ by: 'card', user })).status).toBe(200)
  const again = await search({ by: 'card', user })
  expect([again.status, again.json.code]).toEqual([409, 'seal-repeated'])
})

test('something that is not sealed at all is refused', async () => {
  for (const user of ['330099199104160260', 'a..b.c.d']) {
    const answer = await search({ by: 'card', user })
    expect([answer.status, answer.json.code]).toEqual([400, 'seal-malformed'])
    expect(answer.text).not.toContain('330099')
  }
})

test('the 31st card search of an hour has to wait, receipts and other devices do not', async () => {
  for (let searches = 0; searches < 30; searches += 1) expect((await byCard()).status).toBe(200)
  const refused = await byCard()
  expect([refused.status, refused.json.code]).toEqual([429, 'too-many-searches'])
  expect(cases(await byReceipt('YX2026110007K3'))).toHaveLength(1)
  const other = await enrolledDevice(hall)
  const user = await sealed({ device: other.deviceId, key: other.sealingKey })
  expect(
    (await other.ask({ method: 'POST', path: '/v1/case-searches', body: { by: 'card', user } })).status,
  ).toBe(200)

  const wait = Number(refused.headers.get('retry-after'))
  expect(wait).toBeGreaterThan(0)
  hall.clock.advance(wait * 1000)
  expect((await byCard()).status).toBe(200)
})

test('a hall without a case system says so', async () => {
  const plain = await startTestHall()
  const terminal = await enrolledDevice(plain)
  const body = { by: 'receipt', value: 'YX2026110007K3' }
  const answer = await terminal.ask({ method: 'POST', path: '/v1/case-searches', body })
  expect([answer.status, answer.json.code]).toEqual([503, 'case-system-down'])
  await plain.close()
})
