/** Having a result handed over by a real hall, with the line as it is in the field. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pickupErrands } from '../../../device/pickup/errands.ts'
import type { PickupOutcome, PickupWanted } from '../../../device/pickup/pickup.ts'
import type { IdCard } from '../../../drivers/id-reader/card.ts'
import { Personal } from '../../../drivers/personal.ts'
import { type DemoName, personOf } from '../../sync/hall/support/citizen.ts'
import { type HallOnALine, hallOnALine } from '../support/hall-on-a-line.ts'
import { sampleCard } from '../support/samples.ts'

let far: HallOnALine
let facts: { type: string; data: object }[]
let errands: ReturnType<typeof pickupErrands>

beforeEach(async () => {
  far = await hallOnALine()
  facts = []
  errands = pickupErrands({
    client: far.client,
    identity: far.identity,
    append: (type, data) => facts.push({ type, data }),
    onTrouble: (error) => {
      throw error
    },
  })
})
afterEach(() => far.close())

/** Of 张小雨, in the locker, for her card only. */
const PASSPORT = 'YX2026110007K3'

const cardOf = (who: DemoName): Personal<IdCard> => {
  const { name, number } = personOf(who)
  return new Personal({ ...sampleCard().reveal(), name, number })
}

const collect = (change: Partial<PickupWanted> = {}): Promise<PickupOutcome> =>
  errands.pickup({ caseNo: PASSPORT, card: cardOf('zhang'), key: randomUUID(), ...change })

test('a result is handed over once, and the chain is told of it without a name', async () => {
  expect(await collect()).toMatchObject({
    outcome: 'collected',
    pickup: { where: expect.stringContaining('12号格') },
  })
  expect(facts).toEqual([{ type: 'pickup', data: { caseNo: PASSPORT, proof: 'card' } }])
  expect(await collect()).toMatchObject({ outcome: 'refused', refusal: 'already-collected' })
})

test('the same key again is the same handing over', async () => {
  const key = randomUUID()
  expect(await collect({ key })).toEqual(await collect({ key }))
  expect(facts).toHaveLength(1)
})

test('what the hall refuses comes with the reason that the page has words for', async () => {
  expect(await collect({ card: null })).toMatchObject({ outcome: 'refused', refusal: 'card-needed' })
  expect(await collect({ card: cardOf('wang') })).toMatchObject({
    outcome: 'refused',
    refusal: 'other-person',
  })
  expect(await collect({ caseNo: 'YX0000000000' })).toMatchObject({
    outcome: 'refused',
    refusal: 'nothing-here',
  })
  expect(facts).toEqual([])
})

test('a line that is down is said; nothing was handed over', async () => {
  await far.line.close()
  // The first try may still meet the connection that was kept open.
  await expect.poll(() => collect()).toEqual({ outcome: 'dead-end', deadEnd: 'line-down' })
})

test('an answer that is lost on the way is not known, and asked again is the same handing over', async () => {
  const key = randomUUID()
  far.line.silence()
  const lost = collect({ key })
  // The hall has done it when its log of the request is written; then the cable goes.
  await expect.poll(() => far.log.text(), { timeout: 10_000 }).toContain('/v1/pickups')
  far.line.cut()
  expect(await lost).toEqual({ outcome: 'unknown' })
  far.line.mend()
  expect(await collect({ key })).toMatchObject({ outcome: 'collected' })
})
