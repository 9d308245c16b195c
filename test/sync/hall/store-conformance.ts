/** What every store of a hall promises, whatever engine is behind it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { HallStoreOptions } from '../../../sync/hall/store/open.ts'
import type { Store } from '../../../sync/hall/store/store.ts'
import { formatSequence } from '../../../sync/protocol/identifiers.ts'
import { AT, all, at, batch, chain, enrolment, hash, later, status, stored } from './support/store-values.ts'

export interface StoreUnderTest {
  store: Store
  /** How another process opens the same data. */
  options: HallStoreOptions
  /** What really lies in the tables, asked past the store. */
  rows(text: string): Promise<object[]>
  /** The same data through another connection, as another process has them. */
  reopen(): Promise<Store>
  remove(): Promise<void>
}

export function storeConformance(engine: string, make: () => Promise<StoreUnderTest>): void {
  describe(`a hall's store in ${engine}`, () => {
    let under: StoreUnderTest
    let store: Store
    beforeEach(async () => {
      under = await make()
      store = under.store
    })
    afterEach(async () => await under.remove())

    test('a code enrols one key, and again only that key', async () => {
      await addCode('code')
      const first = enrolment('code')
      expect(await store.enrol(first)).toEqual({ outcome: 'enrolled', deviceId: 'P-1', again: false })
      expect(await store.enrol(first)).toEqual({ outcome: 'enrolled', deviceId: 'P-1', again: true })
      expect(await store.enrol(enrolment('code'))).toEqual({ outcome: 'code-used' })
      expect(await store.enrol(enrolment('other code'))).toEqual({ outcome: 'unknown-code' })
      expect(await store.devices()).toHaveLength(1)
    })

    test('a code is good until its hour and not at it', async () => {
      await addCode('one')
      await addCode('two')
      expect(await store.enrol({ ...enrolment('one'), at: later(999) })).toMatchObject({
        outcome: 'enrolled',
      })
      expect(await store.enrol({ ...enrolment('two'), at: later(1000) })).toEqual({ outcome: 'expired-code' })
    })

    test('a device is found as it was enrolled, and a revoked one cannot use its code again', async () => {
      await addCode('code')
      const asked = enrolment('code')
      await store.enrol(asked)
      const device = await store.device('P-1')
      expect(device).toEqual({
        ...asked.device,
        deviceId: 'P-1',
        publicKey: asked.publicKey,
        thumbprint: asked.thumbprint,
        enrolledAt: AT,
        revokedAt: null,
      })
      expect(await store.revokeDevice('P-1', later(5))).toBe(true)
      expect(await store.revokeDevice('P-1', later(6))).toBe(false)
      expect((await store.device('P-1'))?.revokedAt).toEqual(later(5))
      expect(await store.enrol(asked)).toEqual({ outcome: 'revoked' })
      expect(await store.device('P-2')).toBeNull()
    })

    test('an event is stored once, with its text byte for byte', async () => {
      await enrolled()
      const events = chain(3)
      expect(await store.storeBatch(batch(events))).toEqual(stored(3))
      expect(await store.storeBatch(batch(events))).toEqual(stored(0, 3))
      expect(await all(store)).toEqual(events)
      expect(await store.countEvents()).toBe(3)
      expect(await store.countEvents('cn.window24.rating.v1')).toBe(3)
      expect(await store.countEvents('cn.window24.print.v1')).toBe(0)
    })

    test('what one connection has stored another one reads', async () => {
      await enrolled()
      await store.storeBatch(batch(chain(2)))
      const other = await under.reopen()
      expect(await all(other)).toEqual(chain(2))
      await other.close()
    })

    test('two batches at once with the same events store each once', async () => {
      await enrolled()
      const other = await under.reopen()
      const outcomes = await Promise.all([store, other].map((one) => one.storeBatch(batch(chain(50)))))
      expect(outcomes.map((one) => (one.outcome === 'stored' ? one.stored : -1)).sort()).toEqual([0, 50])
      expect(await store.countEvents()).toBe(50)
      await other.close()
    })

    test('another event at a stored sequence is a fork, and nothing of its batch is kept', async () => {
      await enrolled()
      await store.storeBatch(batch(chain(3)))
      const other = [...chain(3, 'x').slice(2), ...chain(5, 'x').slice(3)]
      const outcome = await store.storeBatch(
        batch([{ ...at(other, 0), prevhash: hash(2) }, ...other.slice(1)]),
      )
      expect(outcome).toEqual({ outcome: 'fork', sequence: 3, hash: hash(3) })
      expect(await store.countEvents()).toBe(3)
      expect(await store.headsOf('P-1')).toMatchObject([{ epoch: 1, through: 3, forkedAt: AT }])
    })

    test('another very first event is a fork too, though nothing lies before it', async () => {
      await enrolled()
      await store.storeBatch(batch(chain(1)))
      expect(await store.storeBatch(batch(chain(1, 'x')))).toEqual({
        outcome: 'fork',
        sequence: 1,
        hash: hash(1),
      })
    })

    test('an event that links to another one than is stored before it is a fork at that one', async () => {
      await enrolled()
      await store.storeBatch(batch(chain(3)))
      const next = { ...at(chain(4), 3), prevhash: hash(3, 'x') }
      expect(await store.storeBatch(batch([next]))).toEqual({ outcome: 'fork', sequence: 3, hash: hash(3) })
    })

    test('an event that the stored one after it does not link to is a fork', async () => {
      await enrolled()
      await store.storeBatch(batch(chain(5).slice(3)))
      const other = at(chain(3, 'x'), 2)
      expect(await store.storeBatch(batch([other]))).toEqual({ outcome: 'fork', sequence: 3, hash: hash(3) })
    })

    test('what a batch skips is missing until it comes, piece by piece, the newest first', async () => {
      await enrolled()
      const events = chain(10)
      expect(await store.storeBatch(batch(events.slice(7)))).toEqual(stored(3, 0, [1, 2, 3, 4, 5, 6, 7]))
      expect(await store.storeBatch(batch(events.slice(2, 4)))).toEqual(stored(2, 0, [1, 2, 5, 6, 7]))
      expect(await store.storeBatch({ ...batch(events.slice(0, 1)), missingLimit: 2 })).toEqual(
        stored(1, 0, [6, 7]),
      )
      expect(await store.storeBatch(batch(events.slice(1, 8)))).toEqual(stored(4, 3, []))
      expect(await all(store)).toEqual(events)
      expect(await store.headsOf('P-1')).toMatchObject([{ through: 10 }])
    })

    test('a refused event is not asked for again, and one that was owned up to is not either', async () => {
      await enrolled()
      const events = chain(6)
      const withoutSecond = [at(events, 0), at(events, 2)]
      expect(await store.storeBatch({ ...batch(withoutSecond), first: 1, last: 3 })).toEqual(stored(2))
      const explained = [{ epoch: 1, sequence: 4 }]
      expect(await store.storeBatch({ ...batch(events.slice(5)), explained })).toEqual(stored(1, 0, [5]))
    })

    test('epochs are chains of their own', async () => {
      await enrolled()
      await store.storeBatch(batch(chain(2)))
      const second = chain(2, 'b').map((event) => ({ ...event, epoch: 2 }))
      expect(await store.storeBatch({ ...batch(second), epoch: 2 })).toEqual(stored(2))
      expect((await all(store)).map(({ epoch, sequence }) => [epoch, sequence])).toEqual([
        [1, 1],
        [1, 2],
        [2, 1],
        [2, 2],
      ])
      expect(await store.headsOf('P-1')).toMatchObject([
        { epoch: 1, through: 2 },
        { epoch: 2, through: 2 },
      ])
    })

    test('a chain longer than a page is walked whole and in order', async () => {
      await enrolled()
      const events = chain(1203)
      for (let from = 0; from < events.length; from += 500)
        await store.storeBatch(batch(events.slice(from, from + 500)))
      expect(await all(store)).toEqual(events)
    })

    test('the farthest head that a device told is remembered, and one that contradicts it is a fork', async () => {
      await enrolled()
      await store.putStatus(status('a', 7))
      await store.putStatus(status('a', 5))
      expect(await store.headsOf('P-1')).toEqual([
        { epoch: 1, through: null, told: { sequence: 7, hash: hash(7) }, forkedAt: null },
      ])
      await store.putStatus({
        ...status('a', 7),
        head: { epoch: 1, sequence: formatSequence(7), hash: hash(7, 'x') },
      })
      expect(await store.headsOf('P-1')).toMatchObject([{ forkedAt: AT }])
    })

    test('a head that contradicts a stored event is a fork', async () => {
      await enrolled()
      await store.storeBatch(batch(chain(3)))
      await store.putStatus({
        ...status('a', 3),
        head: { epoch: 1, sequence: formatSequence(3), hash: hash(3, 'x') },
      })
      expect(await store.headsOf('P-1')).toMatchObject([{ forkedAt: AT }])
    })

    test('a restart is no clone; an earlier boot that comes back is one', async () => {
      await enrolled()
      for (const bootId of ['a', 'a', 'b', 'b', 'c']) await store.putStatus(status(bootId, 1))
      expect(await store.statusOf('P-1')).toEqual({ text: '{}', at: AT, bootId: 'c', cloneSeenAt: null })
      await store.putStatus({ ...status('b', 1), at: later(9) })
      await store.putStatus(status('c', 1))
      expect(await store.statusOf('P-1')).toMatchObject({ bootId: 'c', cloneSeenAt: AT })
      expect(await store.statusOf('P-2')).toBeNull()
    })

    test('what is shown once is refused until it is forgotten', async () => {
      expect(await store.takeOnce('P-1', 'jti', later(100), AT)).toBe(true)
      expect(await store.takeOnce('P-1', 'jti', later(100), later(99))).toBe(false)
      expect(await store.takeOnce('P-2', 'jti', later(100), AT)).toBe(true)
      expect(await store.takeOnce('P-1', 'jti', later(300), later(200))).toBe(true)
    })

    test('an allowance is a sliding window of its own for each use and each user', async () => {
      const use = { use: 'search', by: 'P-1', limit: 2, windowMs: 1000 }
      expect(await store.allow({ ...use, at: AT })).toEqual({ allowed: true })
      expect(await store.allow({ ...use, at: later(400) })).toEqual({ allowed: true })
      expect(await store.allow({ ...use, at: later(500) })).toEqual({ allowed: false, retryAfterMs: 500 })
      expect(await store.allow({ ...use, by: 'P-2', at: later(500) })).toEqual({ allowed: true })
      expect(await store.allow({ ...use, use: 'try', at: later(500) })).toEqual({ allowed: true })
      expect(await store.allow({ ...use, at: later(1000) })).toEqual({ allowed: true })
      expect(await store.allow({ ...use, at: later(1001) })).toEqual({ allowed: false, retryAfterMs: 399 })
    })

    test('the first answer under a key is the one that is kept', async () => {
      const first = { requestHash: 'h1', status: 201, body: '{"a":1}' }
      expect(await store.keptAnswer('P-1', 'key')).toBeNull()
      expect(await store.keepAnswer('P-1', 'key', first, AT)).toEqual(first)
      expect(await store.keepAnswer('P-1', 'key', { ...first, status: 409 }, later(1))).toEqual(first)
      expect(await store.keptAnswer('P-1', 'key')).toEqual(first)
      expect(await store.keptAnswer('P-2', 'key')).toBeNull()
    })

    async function addCode(codeHash: string): Promise<void> {
      await store.addEnrolmentCode({ codeHash, createdAt: AT, expiresAt: later(1000) })
    }

    async function enrolled(): Promise<void> {
      await addCode('code')
      await store.enrol(enrolment('code'))
    }
  })
}
