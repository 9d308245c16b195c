/** What every store of a hall keeps beside the chains, and hands out of them. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RatedService, ReceivedEvent, Store } from '../../../sync/hall/store/store.ts'
import type { StoreUnderTest } from './store-conformance.ts'
import { AT, addDevice, at, batch, chain, later } from './support/store-values.ts'

export function keepingConformance(engine: string, make: () => Promise<StoreUnderTest>): void {
  describe(`what is kept beside the chains in ${engine}`, () => {
    let under: StoreUnderTest
    let store: Store
    beforeEach(async () => {
      under = await make()
      store = under.store
      await addDevice(store)
    })
    afterEach(async () => await under.remove())

    const reports = async (): Promise<object[]> =>
      await under.rows(
        `SELECT sequence, case_no, service_number, assess_number, state, attempts FROM province_reports
         ORDER BY sequence`,
      )

    test('a rating with a case waits for the province from the moment it is stored, once', async () => {
      const ratings = [rated(1), { ...rated(3), reasonPending: true, assessNumber: 2 }]
      await store.storeBatch({ ...batch(chain(3)), ratings })
      await store.storeBatch({ ...batch(chain(3)), ratings })
      expect(await reports()).toEqual([
        report(1, { state: 'waiting' }),
        report(3, { state: 'reason-pending', assess_number: asStored(2) }),
      ])
    })

    test('a rating of a batch that is a fork does not wait for the province', async () => {
      await store.storeBatch(batch(chain(2)))
      const other = { ...at(chain(3, 'x'), 2), prevhash: 'x'.repeat(43) }
      await store.storeBatch({ ...batch([other]), ratings: [rated(3)] })
      expect(await reports()).toEqual([])
    })

    test('of a batch that was stored in part only the new ratings wait', async () => {
      await store.storeBatch({ ...batch(chain(2)), ratings: [rated(1)] })
      await store.storeBatch({ ...batch(chain(3)), ratings: [rated(1), rated(2), rated(3)] })
      expect(await reports()).toEqual([report(1), report(3)])
    })

    test('events are handed out by when they happened, the first moment in and the last one out', async () => {
      await addDevice(store, 'P-2')
      const events = chain(4).map((event, index) => ({ ...event, text: textAt(later(index * 1000)) }))
      await store.storeBatch(batch(events))
      await store.storeBatch({ ...batch(events.slice(0, 2)), deviceId: 'P-2', at: later(5) })
      await store.revokeDevice('P-2', AT)
      const found = await Array.fromAsync(store.eventsBetween(later(1000), later(3000)))
      expect(found.map(place)).toEqual(['P-1/2', 'P-1/3', 'P-2/2'])
      expect(found[2]).toEqual({ ...events[1], deviceId: 'P-2', time: later(1000), receivedAt: later(5) })
    })

    test('a chain is found by its records and by its heads, and every number is told', async () => {
      await addDevice(store, 'P-3')
      await addDevice(store, 'P-2')
      await store.storeBatch(batch(chain(1)))
      for (const deviceId of ['P-3', 'P-2']) await store.storeBatch({ ...batch(chain(3)), deviceId })
      expect(await store.chainIds()).toEqual(['P-1', 'P-2', 'P-3'])
      expect(await store.deviceNumbers()).toEqual([1, 2, 3])
    })

    test('an event that no longer says when it happened is handed out as well', async () => {
      await store.storeBatch(batch(chain(1)))
      const [found] = await Array.fromAsync(store.eventsBetween(later(0), later(1)))
      expect(found).toMatchObject({ sequence: 1, time: null })
    })

    test('a word in a text that looks like its time is not taken for it', async () => {
      const text = textAt(AT).replace(
        '"data":{}',
        `"data":{"comment":"\\"time\\":\\"1999-01-01T00:00:00Z\\""}`,
      )
      await store.storeBatch(batch([{ ...at(chain(1), 0), text }]))
      expect(await Array.fromAsync(store.eventsBetween(AT, later(1)))).toHaveLength(1)
    })

    test('batches are stored while a walk over all events stands still', async () => {
      const events = chain(1100).map((event) => ({ ...event, text: textAt(AT) }))
      for (const from of [0, 500]) await store.storeBatch(batch(events.slice(from, from + 500)))
      const walk = store.eventsBetween(AT, later(1))[Symbol.asyncIterator]()
      await walk.next()
      const other = await under.reopen()
      expect(await other.storeBatch(batch(events.slice(1000)))).toMatchObject({ stored: 100 })
      await other.close()
      let rest = 1
      while ((await walk.next()).done !== true) rest += 1
      expect(rest).toBe(1100)
    })

    test('events are counted by type, each once', async () => {
      const events = chain(3).map((event, index) =>
        index === 1 ? { ...event, type: 'cn.window24.system.v1' } : event,
      )
      await store.storeBatch(batch(events))
      await store.storeBatch(batch(events))
      expect(await store.countEvents()).toBe(3)
      expect(await store.countEvents('cn.window24.system.v1')).toBe(1)
    })

    /** One of the two clients gives a 64-bit number as it is written. */
    const asStored = (value: number): number | string => (engine === 'SQLite' ? value : String(value))

    function report(sequence: number, more: object = {}): object {
      return {
        sequence: asStored(sequence),
        case_no: `C-${sequence}`,
        service_number: asStored(1),
        assess_number: asStored(1),
        state: 'waiting',
        attempts: asStored(0),
        ...more,
      }
    }
  })
}

function rated(sequence: number): RatedService {
  return {
    sequence,
    caseNo: `C-${sequence}`,
    serviceNumber: 1,
    assessNumber: 1,
    reasonPending: false,
    capturedAt: '2026-11-20T20:00:00.000+08:00',
  }
}

const place = ({ deviceId, sequence }: ReceivedEvent): string => `${deviceId}/${sequence}`

/** The end of a canonical event. */
const textAt = (time: Date): string =>
  `{"data":{},"specversion":"1.0","time":"${time.toISOString()}","type":"cn.window24.rating.v1"}`
