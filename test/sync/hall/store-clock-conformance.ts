/** What every store of a hall makes of a clock that was wrong, of things that come late, and of things long over. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RatedService, Store } from '../../../sync/hall/store/store.ts'
import type { StoreUnderTest } from './store-conformance.ts'
import { AT, addDevice, batch, chain, later } from './support/store-values.ts'

const DECADES_AHEAD = new Date('2076-01-01T00:00:00Z')
const LEASE_MS = 60_000

export function clockConformance(engine: string, make: () => Promise<StoreUnderTest>): void {
  describe(`time in ${engine}`, () => {
    let under: StoreUnderTest
    let store: Store
    beforeEach(async () => {
      under = await make()
      store = under.store
      await addDevice(store)
      await addDevice(store, 'P-2')
    })
    afterEach(async () => await under.remove())

    const rate = async (deviceId: string, when: Date, rating: RatedService): Promise<void> => {
      await store.storeBatch({ ...batch(chain(1)), deviceId, at: when, ratings: [rating] })
    }
    const claimed = async (when: Date, limit = 10, by = 'one'): Promise<number[]> =>
      (await store.province.claim({ by, at: when.getTime(), leaseMs: LEASE_MS }, limit)).map(
        ({ assessNumber }) => assessNumber,
      )

    test('what was used while the clock was decades ahead bars nobody once it is right', async () => {
      const use = { use: 'card-search', by: 'P-1', limit: 2, windowMs: 60_000 }
      for (let time = 0; time < 2; time += 1) await store.allow({ ...use, at: DECADES_AHEAD })
      expect(await store.allow({ ...use, at: DECADES_AHEAD })).toMatchObject({ allowed: false })
      for (let time = 0; time < 2; time += 1)
        expect(await store.allow({ ...use, at: AT })).toEqual({ allowed: true })
      expect(await store.allow({ ...use, at: AT })).toEqual({ allowed: false, retryAfterMs: 60_000 })
    })

    test('a rating claimed while the clock was decades ahead is claimed again once it is right', async () => {
      await rate('P-1', AT, rated(1))
      expect(await claimed(DECADES_AHEAD, 10, 'ahead')).toEqual([1])
      expect(await claimed(later(1000), 10, 'right')).toEqual([1])
      expect(await claimed(later(2000), 10, 'other')).toEqual([])
    })

    test('a rating postponed while the clock was decades ahead goes out once it is right', async () => {
      await rate('P-1', AT, rated(1))
      await claimed(DECADES_AHEAD)
      const postponement = { reason: null, firstTriedAt: undefined, serviceMissing: false }
      const notBefore = DECADES_AHEAD.getTime() + 1000
      await store.province.postpone({ deviceId: 'P-1', epoch: 1, sequence: 1 }, 'one', {
        ...postponement,
        notBefore,
      })
      expect(await store.province.nextAfter(AT.getTime())).toBeNull()
      expect(await claimed(later(1000))).toEqual([1])
    })

    test('a follow-up that came before its first rating waits for it, however few are asked for', async () => {
      await rate('P-2', AT, rated(2))
      await rate('P-1', later(1000), rated(1))
      expect(await claimed(later(5000), 1)).toEqual([1])
      expect(await claimed(later(6000), 1, 'other')).toEqual([])
    })

    test('of some cases it is told how far their ratings are, first ones first, and of no other case', async () => {
      await rate('P-2', AT, rated(2))
      await rate('P-1', later(1000), rated(1))
      const known = async (...caseNos: string[]) =>
        (await store.province.ofCases(caseNos)).map(({ deviceId, assessNumber }) => [deviceId, assessNumber])
      // Nobody has taken them up for a province yet.
      expect(await known('C-1')).toEqual([])
      await claimed(later(2000))
      const many = Array.from({ length: 150 }, (_, number) => `D-${number}`)
      expect(await known(...many, 'C-1')).toEqual([
        ['P-1', 1],
        ['P-2', 2],
      ])
      expect([await known(...many), await known()]).toEqual([[], []])
    })
  })
}

function rated(assessNumber: number): RatedService {
  return {
    sequence: 1,
    caseNo: 'C-1',
    serviceNumber: 1,
    assessNumber,
    reasonPending: false,
    capturedAt: '2026-11-20T20:00:00.000+08:00',
  }
}
