import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CaseSearchAnswer } from '../../../sync/protocol/cases.ts'
import { PickupAnswer } from '../../../sync/protocol/pickups.ts'
import { enrolledDevice, type Reply, startTestHall, type TestDevice, type TestHall } from './helpers.ts'
import { type DemoName, post, sealed } from './support/citizen.ts'

/** In a locker, opened by the applicant's card. */
const PASSPORT = 'YX2026110007K3'
/** At a window, by receipt or card. */
const INSURANCE = 'YX2026110021Y1'

let hall: TestHall
let device: TestDevice
beforeEach(async () => {
  hall = await startTestHall({ demo: true })
  device = await enrolledDevice(hall)
})
afterEach(async () => await hall.close())

async function byCard(caseNo: string, by: DemoName, key?: string): Promise<Reply> {
  const user = await sealed(hall, device, { by, purpose: 'pickup' })
  return await post(device, '/v1/pickups', { caseNo, proof: { kind: 'card', user } }, key)
}

const byReceipt = (caseNo: string, value = caseNo, key?: string): Promise<Reply> =>
  post(device, '/v1/pickups', { caseNo, proof: { kind: 'receipt', value } }, key)

async function found(caseNo: string): Promise<CaseSearchAnswer['cases'][number] | undefined> {
  const body = { by: 'receipt', value: caseNo }
  const answer = await device.ask({ method: 'POST', path: '/v1/case-searches', body })
  return CaseSearchAnswer.parse(answer.json).cases[0]
}

describe('a result', () => {
  test('is handed over once, whatever shows that it is somebody’s', async () => {
    const first = await byCard(PASSPORT, 'zhang')
    expect(first.status).toBe(201)
    expect(PickupAnswer.parse(first.json).where).toContain('12号格')
    for (const again of [await byCard(PASSPORT, 'zhang'), await byCard(PASSPORT, 'zhang')])
      expect([again.status, again.json.code]).toEqual([409, 'already-collected'])
  })

  test('of the same errand gets the same answer', async () => {
    const key = randomUUID()
    const first = await byReceipt(INSURANCE, INSURANCE, key)
    const again = await byReceipt(INSURANCE, INSURANCE, key)
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text])
  })

  test('that many ask for at once is handed over to one', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => byReceipt(INSURANCE)))
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([201, 409, 409, 409, 409, 409])
  })

  test('that was handed over is shown so, with the day, also after a restart', async () => {
    await byReceipt(INSURANCE)
    const shown = await found(INSURANCE)
    expect([shown?.state, shown?.pickup?.state]).toEqual(['collected', 'collected'])
    expect(shown?.steps.at(-1)?.at).not.toBeNull()
    const { dataDir } = hall
    await hall.hall.close()
    hall = await startTestHall({ demo: true, dataDir })
    const next = await enrolledDevice(hall)
    const again = await post(next, '/v1/pickups', {
      caseNo: INSURANCE,
      proof: { kind: 'receipt', value: INSURANCE },
    })
    expect(again.json.code).toBe('already-collected')
  })
})

test.each<[string, () => Promise<Reply>, number, string, string | undefined]>([
  ['by receipt where the card is needed', () => byReceipt(PASSPORT), 403, 'pickup-refused', 'card-needed'],
  ['by another case’s receipt', () => byReceipt(PASSPORT, INSURANCE), 403, 'pickup-refused', 'other-receipt'],
  ['by somebody else’s card', () => byCard(PASSPORT, 'ouyang'), 403, 'pickup-refused', 'other-person'],
  ['of a case that has none', () => byReceipt('YX2026110027S6'), 404, 'not-found', undefined],
  ['of a number that is no case', () => byReceipt('YX0000000000'), 404, 'not-found', undefined],
  [
    'that was collected long ago',
    () => byCard('YX2026090088T2', 'zhang'),
    409,
    'already-collected',
    undefined,
  ],
])('nothing is handed over %s', async (_name, ask, status, code, reason) => {
  const answer = await ask()
  expect([answer.status, answer.json.code, answer.json.reason]).toEqual([status, code, reason])
  expect((await found(PASSPORT))?.pickup?.state).toBe('waiting')
})

test('a card that was sealed for something else opens no locker', async () => {
  const user = await sealed(hall, device, { purpose: 'search' })
  const answer = await post(device, '/v1/pickups', { caseNo: PASSPORT, proof: { kind: 'card', user } })
  expect([answer.status, answer.json.code]).toEqual([403, 'seal-purpose'])
})
