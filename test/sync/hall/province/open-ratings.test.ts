/** Which rating of a case a terminal may still take: a hall in front of a province, over HTTP, as its devices meet it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import people from '../../../../sync/hall/demo/people.json' with { type: 'json' }
import type { ProvinceSimulator } from '../../../../sync/hall/province/simulator/simulator.ts'
import { CaseSearchAnswer, type OpenRating } from '../../../../sync/protocol/cases.ts'
import { seal } from '../../../../sync/protocol/sealing.ts'
import {
  enrolledDevice,
  newFolder,
  startTestHall,
  TestChain,
  type TestDevice,
  type TestHall,
} from '../helpers.ts'
import { profileOf, provinceOf, ratingOfLevel, settingsFor } from './support.ts'

const PROFILE = 'zhejiang'
const DAY_MS = 24 * 60 * 60 * 1000
/** The hall takes up what has come, and the province answers, in their own time; a terminal has 30 searches an hour. */
const PATIENCE = { timeout: 10_000, interval: 400 }
const CASE = 'YX2026110007K3'

let province: ProvinceSimulator
let hall: TestHall
let terminal: TestDevice
let pad: TestDevice
let chain: TestChain

beforeEach(async () => {
  province = await provinceOf(profileOf(PROFILE))
  const dataDir = newFolder()
  mkdirSync(dataDir, { recursive: true })
  const settings = settingsFor(PROFILE, province.url, dataDir)
  writeFileSync(join(dataDir, 'hall.json'), JSON.stringify({ province: settings }))
  hall = await startTestHall({ dataDir, demo: true })
  terminal = await enrolledDevice(hall)
  pad = await enrolledDevice(hall)
  chain = new TestChain(pad.deviceId)
})
afterEach(async () => {
  await hall.close()
  await province.close()
})

/** Rated at a window now. */
const rate = async (level: number, assessNumber: number): Promise<void> => {
  const capturedAt = hall.clock.now().toISOString()
  const rating = ratingOfLevel(CASE, level, { assessNumber, capturedAt, askedAt: capturedAt })
  expect((await pad.sendBatch([chain.next('rating', rating).text])).status).toBe(200)
}
const openIn = async (body: object): Promise<OpenRating | undefined> => {
  const answer = await terminal.ask({ method: 'POST', path: '/v1/case-searches', body })
  expect(answer.status).toBe(200)
  return CaseSearchAnswer.parse(answer.json).cases.find(({ caseNo }) => caseNo === CASE)?.openRating
}
const byReceipt = () => openIn({ by: 'receipt', value: CASE })
const byCard = async () => {
  const zhang = people.find(({ id }) => id === 'zhang')
  const user = {
    type: '1',
    name: zhang?.name ?? '',
    idType: '111',
    idNumber: zhang?.number ?? '',
    phone: null,
  }
  const sealed = { purpose: 'search', device: terminal.deviceId, user } as const
  return await openIn({ by: 'card', user: await seal(sealed, terminal.sealingKey, hall.clock.now()) })
}

test('after a bad rating its one follow-up is open, to the card alone, once the hall has had its day to call', async () => {
  expect([await byReceipt(), await byCard()]).toEqual(['first', 'first'])
  await rate(2, 1)
  await expect.poll(() => province.ratings.length, PATIENCE).toBe(1)
  expect(await byCard()).toBe('none')
  hall.clock.advance(2 * DAY_MS)
  // The hall notes what the province has taken a moment after it has.
  await expect.poll(byCard, PATIENCE).toBe('follow-up')
  // A receipt lies about: whoever finds it must not learn how the first rating was.
  expect(await byReceipt()).toBe('none')
  await rate(4, 2)
  hall.clock.advance(DAY_MS)
  await expect.poll(byCard, PATIENCE).toBe('none')
})

test('after any other rating nothing is open, whatever the day', async () => {
  await rate(3, 1)
  await expect.poll(() => province.ratings.length, PATIENCE).toBe(1)
  await expect.poll(byReceipt, PATIENCE).toBe('none')
  hall.clock.advance(30 * DAY_MS)
  expect([await byReceipt(), await byCard()]).toEqual(['none', 'none'])
})
