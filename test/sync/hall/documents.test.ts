import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CaseSearchAnswer, type PaperKind } from '../../../sync/protocol/cases.ts'
import { enrolledDevice, type Reply, startTestHall, type TestDevice, type TestHall } from './helpers.ts'
import { type DemoName, sealed } from './support/citizen.ts'
import { pdfText } from './support/pdf-text.ts'

const MINUTE_MS = 60_000

let hall: TestHall
let device: TestDevice
beforeEach(async () => {
  hall = await startTestHall({ demo: true })
  device = await enrolledDevice(hall)
})
afterEach(async () => await hall.close())

async function papers(by: DemoName, caseNo: string): Promise<CaseSearchAnswer['cases'][number]['documents']> {
  const body = { by: 'card', user: await sealed(hall, device, { by, purpose: 'search' }) }
  const answer = await device.ask({ method: 'POST', path: '/v1/case-searches', body })
  const { cases } = CaseSearchAnswer.parse(answer.json)
  return cases.find((one) => one.caseNo === caseNo)?.documents ?? []
}

async function handleOf(by: DemoName, caseNo: string, kind: PaperKind): Promise<string> {
  return (await papers(by, caseNo)).find((paper) => paper.kind === kind)?.handle ?? ''
}

const fetchPaper = (handle: string, from = device): Promise<Reply> =>
  from.ask({ method: 'GET', path: `/v1/documents/${handle}` })

describe('a paper', () => {
  test('comes as PDF by the handle that a search gave', async () => {
    const answer = await fetchPaper(await handleOf('ouyang', 'YX2026100277F5', 'result'))
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf'])
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const words = await pdfText(answer.bytes)
    for (const expected of ['不予食品经营许可决定书', '欧阳明哲', '怎样就能办', '验证码'])
      expect(words).toContain(expected)
  })

  test('of every kind has as many pages as the search says', async () => {
    for (const paper of await papers('zhang', 'YX2026110012P8')) {
      const answer = await fetchPaper(paper.handle)
      expect(answer.status).toBe(200)
      expect((await pdfText(answer.bytes)).split('\f').length - 1).toBe(paper.pages)
    }
  })

  test('may be fetched again while its handle is good, and not after ten minutes', async () => {
    const handle = await handleOf('zhang', 'YX2026110007K3', 'acceptance')
    for (let times = 0; times < 2; times += 1) expect((await fetchPaper(handle)).status).toBe(200)
    hall.clock.advance(10 * MINUTE_MS)
    expect((await fetchPaper(handle)).status).toBe(404)
  })
})

test('whatever is wrong with a handle, the answer is the same', async () => {
  const other = await enrolledDevice(hall)
  const good = await handleOf('zhang', 'YX2026110007K3', 'result')
  const altered = `${good.slice(0, -2)}${good.endsWith('AA') ? 'BA' : 'AA'}`
  const answers = [
    await fetchPaper(good, other),
    await fetchPaper(altered),
    await fetchPaper('A'.repeat(22)),
    await fetchPaper('zhang'),
    await fetchPaper(`${good}A`),
  ]
  hall.clock.advance(10 * MINUTE_MS)
  answers.push(await fetchPaper(good))
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(404))
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
})

test('a hall without a case system has no papers', async () => {
  const plain = await startTestHall()
  const terminal = await enrolledDevice(plain)
  expect((await fetchPaper('A'.repeat(22), terminal)).status).toBe(404)
  await plain.close()
})
