/** Several instances of a hall on one store at once: what may happen once happens once. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../../sync/hall/store/store.ts'
import type { StoreUnderTest } from './store-conformance.ts'
import { AT, addDevice, all, batch, chain, enrolment, later, status } from './support/store-values.ts'
import { EVENTS, IDS, LIMIT } from './support/store-worker.ts'
import { letWork } from './support/store-workers.ts'

const CLIENTS = 12

export function instancesConformance(engine: string, make: () => Promise<StoreUnderTest>): void {
  describe(`several instances on one store in ${engine}`, () => {
    let under: StoreUnderTest
    let stores: Store[]
    beforeEach(async () => {
      under = await make()
      stores = [under.store, await under.reopen(), await under.reopen()]
      await addDevice(under.store)
    })
    afterEach(async () => {
      for (const store of stores.slice(1)) await store.close()
      await under.remove()
    })

    /** Many at the same moment, spread over the instances. */
    const atOnce = async <T>(act: (store: Store, index: number) => Promise<T>): Promise<T[]> =>
      await Promise.all(Array.from({ length: CLIENTS }, (_, index) => act(instance(index), index)))

    function instance(index: number): Store {
      const store = stores[index % stores.length]
      if (store === undefined) throw new Error('no instance')
      return store
    }

    test('processes that do everything at the same moment each get their own part of it', async () => {
      await under.store.addEnrolmentCode({ codeHash: 'shared', createdAt: AT, expiresAt: later(1000) })
      const answers = await letWork(2, under.options)
      const sum = (pick: (one: (typeof answers)[number]) => number): number =>
        answers.reduce((total, one) => total + pick(one), 0)
      expect(answers.map(({ enrolled }) => enrolled).sort()).toEqual(['code-used', 'enrolled'])
      expect(sum(({ taken }) => taken)).toBe(IDS)
      expect(sum(({ stored }) => stored)).toBe(EVENTS)
      expect(sum(({ duplicate }) => duplicate)).toBe(EVENTS)
      expect(sum(({ allowed }) => allowed)).toBe(LIMIT)
      expect(new Set(answers.map(({ kept }) => kept)).size).toBe(1)
      expect(await all(under.store)).toEqual(chain(EVENTS))
      expect(await under.store.countEvents()).toBe(EVENTS)
    })

    test('a code enrols one of many keys that come at once', async () => {
      await under.store.addEnrolmentCode({ codeHash: 'shared', createdAt: AT, expiresAt: later(1000) })
      const outcomes = await atOnce(async (store) => (await store.enrol(enrolment('shared'))).outcome)
      expect(outcomes.filter((outcome) => outcome === 'enrolled')).toHaveLength(1)
      expect(outcomes.filter((outcome) => outcome === 'code-used')).toHaveLength(CLIENTS - 1)
    })

    test('devices that are enrolled at once get numbers of their own', async () => {
      for (let code = 0; code < CLIENTS; code += 1)
        await under.store.addEnrolmentCode({ codeHash: `c${code}`, createdAt: AT, expiresAt: later(1000) })
      const outcomes = await atOnce(async (store, index) => await store.enrol(enrolment(`c${index}`)))
      const ids = outcomes.map((one) => (one.outcome === 'enrolled' ? one.deviceId : one.outcome))
      expect(new Set(ids).size).toBe(CLIENTS)
      expect(await under.store.devices()).toHaveLength(CLIENTS + 1)
    })

    test('of two chains under one identity that come at once one is kept, and the other is a fork', async () => {
      const outcomes = await atOnce(
        async (store, index) => await store.storeBatch(batch(chain(5, index % 2 === 0 ? 'a' : 'b'))),
      )
      const forks = outcomes.filter(({ outcome }) => outcome === 'fork')
      expect(forks).toHaveLength(CLIENTS / 2)
      const events = await all(under.store)
      expect([chain(5, 'a'), chain(5, 'b')]).toContainEqual(events)
    })

    test('each rating is claimed for the province by one instance, the oldest first', async () => {
      const events = chain(50)
      const ratings = events.map(({ sequence }) => ({
        ...{ sequence, caseNo: `C-${sequence}`, serviceNumber: 1, assessNumber: 1, reasonPending: false },
        capturedAt: AT.toISOString(),
      }))
      await under.store.storeBatch({ ...batch(events), ratings })
      // One that had claimed them all is gone, and its lease has ended.
      await under.store.province.claim({ by: 'gone', at: AT.getTime(), leaseMs: 1 }, CLIENTS * 4)
      const claims = await atOnce(
        async (store, index) =>
          await store.province.claim({ by: `i${index}`, at: later(1).getTime(), leaseMs: 60_000 }, 4),
      )
      const claimed = claims.flat().map(({ sequence }) => sequence)
      expect(claimed.toSorted((one, other) => one - other)).toEqual(
        Array.from({ length: CLIENTS * 4 }, (_, index) => index + 1),
      )
    })

    test('an allowance is shared', async () => {
      const use = { use: 'try', by: 'here', limit: 5, windowMs: 60_000, at: AT }
      const outcomes = await atOnce(async (store) => await store.allow(use))
      expect(outcomes.filter(({ allowed }) => allowed)).toHaveLength(5)
    })

    test('statuses that come at once leave one status and the farthest head', async () => {
      await atOnce(async (store, index) => await store.putStatus(status('boot', index + 1)))
      expect(await under.store.statusOf('P-1')).toMatchObject({ bootId: 'boot', cloneSeenAt: null })
      expect(await under.store.headsOf('P-1')).toMatchObject([{ told: { sequence: CLIENTS } }])
    })

    test('batches of many devices at once are all stored', async () => {
      for (let device = 0; device < CLIENTS; device += 1) await addDevice(under.store, `D-${device}`)
      await atOnce(async (store, index) => {
        const events = chain(60)
        for (let from = 0; from < 60; from += 20)
          await store.storeBatch({ ...batch(events.slice(from, from + 20)), deviceId: `D-${index}` })
      })
      for (let device = 0; device < CLIENTS; device += 1)
        expect(await Array.fromAsync(under.store.eventsOf(`D-${device}`))).toEqual(chain(60))
      expect(await under.store.countEvents()).toBe(60 * CLIENTS)
    })
  })
}
