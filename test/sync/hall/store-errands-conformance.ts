/** What every store of a hall keeps for papers and errands: handles, sealings, a demonstration's tickets. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DemoTicket } from '../../../sync/hall/store/demo-hall.ts'
import type { Store } from '../../../sync/hall/store/store.ts'
import type { StoreUnderTest } from './store-conformance.ts'
import { AT, later } from './support/store-values.ts'

const DEVICE = 'T-0001-AAAA'
const OTHER = 'T-0002-BBBB'
const MINUTE_MS = 60_000

const paper = (reference: string) => ({ reference, pages: 3 })

export function errandsConformance(engine: string, make: () => Promise<StoreUnderTest>): void {
  describe(`papers and errands in ${engine}`, () => {
    let under: StoreUnderTest
    let store: Store
    let other: Store
    beforeEach(async () => {
      under = await make()
      store = under.store
      other = await under.reopen()
    })
    afterEach(async () => {
      await other.close()
      await under.remove()
    })

    test('a technician’s code is good once, at one device, at every instance, until it expires', async () => {
      const code = {
        codeHash: 'hash of a code',
        deviceId: DEVICE,
        createdAt: AT,
        expiresAt: later(MINUTE_MS),
      }
      await store.technicianCodes.add(code)
      await store.technicianCodes.add({ ...code, codeHash: 'late' })
      expect(await other.technicianCodes.take('late', DEVICE, later(MINUTE_MS))).toBe(false)
      expect(await other.technicianCodes.take('unknown', DEVICE, AT)).toBe(false)
      expect(await other.technicianCodes.take(code.codeHash, OTHER, AT)).toBe(false)
      const takes = [store, other, store, other].map(({ technicianCodes }) =>
        technicianCodes.take(code.codeHash, DEVICE, later(MINUTE_MS - 1)),
      )
      expect((await Promise.all(takes)).filter((taken) => taken)).toHaveLength(1)
    })

    test('a handle opens its paper at every instance, for its device, for ten minutes', async () => {
      const [first = '', second = ''] = await store.documents.give(
        DEVICE,
        'case',
        [paper('A.result'), paper('B.result')],
        AT,
      )
      expect(await other.documents.find(DEVICE, second, later(9 * MINUTE_MS))).toEqual({
        source: 'case',
        reference: 'B.result',
        pages: 3,
      })
      expect(await other.documents.find(OTHER, second, AT)).toBeNull()
      expect(await other.documents.find(DEVICE, second, later(10 * MINUTE_MS))).toBeNull()
      expect(await other.documents.find(DEVICE, 'A'.repeat(22), AT)).toBeNull()
      expect(first).not.toBe(second)
    })

    test('neither a handle nor what it stands for can be read from the database', async () => {
      const [handle = ''] = await store.documents.give(DEVICE, 'proof', [paper('tax:secret-reference')], AT)
      const rows = JSON.stringify(await under.rows('SELECT * FROM document_handles'))
      expect(rows).not.toContain(handle)
      expect(rows).not.toContain('secret-reference')
    })

    test('handles that are over are forgotten when new ones are given', async () => {
      await store.documents.give(DEVICE, 'case', ['A', 'B', 'C'].map(paper), AT)
      await store.documents.give(DEVICE, 'case', [paper('D')], later(11 * MINUTE_MS))
      expect(await under.rows('SELECT handle_hash FROM document_handles')).toHaveLength(1)
    })

    test('a thousand handles at once are a thousand different ones', async () => {
      const references = Array.from({ length: 1000 }, (_, index) => paper(`paper-${index}`))
      const handles = await store.documents.give(DEVICE, 'case', references, AT)
      expect(new Set(handles).size).toBe(1000)
      expect((await store.documents.find(DEVICE, handles[777] ?? '', AT))?.reference).toBe('paper-777')
    })

    test('a sealing belongs to the request that it came with first, at whichever instance', async () => {
      expect(await store.sealed.known(DEVICE, 'jti-1', 'request-1', AT)).toBe(false)
      expect(await store.sealed.take(DEVICE, 'jti-1', 'request-1', AT)).toBe('new')
      expect(await other.sealed.take(DEVICE, 'jti-1', 'request-1', AT)).toBe('same')
      expect(await other.sealed.take(DEVICE, 'jti-1', 'request-2', AT)).toBe('other')
      expect(await other.sealed.take(OTHER, 'jti-1', 'request-2', AT)).toBe('new')
      expect(await store.sealed.known(DEVICE, 'jti-1', 'request-1', later(9 * MINUTE_MS))).toBe(true)
    })

    test('a sealing is forgotten after ten minutes, whether or not another came', async () => {
      await store.sealed.take(DEVICE, 'jti-1', 'request-1', AT)
      expect(await store.sealed.known(DEVICE, 'jti-1', 'request-1', later(10 * MINUTE_MS))).toBe(false)
    })

    test('answers are kept for a day', async () => {
      const answer = { requestHash: 'h', status: 201, body: 'locked' }
      const HOUR_MS = 60 * MINUTE_MS
      await store.keepAnswer(DEVICE, 'key-1', answer, AT)
      await store.keepAnswer(DEVICE, 'key-2', answer, later(23 * HOUR_MS))
      expect(await other.keptAnswer(DEVICE, 'key-1')).toEqual(answer)
      await store.keepAnswer(DEVICE, 'key-3', answer, later(24 * HOUR_MS))
      expect(await other.keptAnswer(DEVICE, 'key-1')).toBeNull()
      expect(await other.keptAnswer(DEVICE, 'key-2')).toEqual(answer)
    })

    test('whether one more is allowed can be asked without counting it', async () => {
      const allowance = { use: 'miss', by: DEVICE, limit: 1, windowMs: MINUTE_MS, at: AT }
      for (let times = 0; times < 2; times += 1)
        expect(await store.allow({ ...allowance, ask: 'only' })).toEqual({ allowed: true })
      expect(await store.allow(allowance)).toEqual({ allowed: true })
      expect(await other.allow({ ...allowance, ask: 'only' })).toMatchObject({ allowed: false })
    })

    test('a result is handed over to the first of many errands', async () => {
      const stores = [store, other]
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          stores[index % 2]?.demo.collect('YX1', `errand-${index}`, AT),
        ),
      )
      expect(outcomes.filter((outcome) => outcome?.mine)).toHaveLength(1)
      expect((await other.demo.collectedAt(['YX1', 'YX2'])).get('YX1')).toEqual(AT)
    })

    test('numbers taken at once at two instances are different ones, and an errand gets its own again', async () => {
      const take = (from: Store, errand: string) =>
        from.demo.takeTicket<never>('2026-11-20', errand, (before) => {
          const ticket: DemoTicket = {
            day: '2026-11-20',
            at: AT.getTime() + before.length,
            what: 'taken',
            number: `A${before.length + 1}`,
            businessType: 'A',
            priority: null,
            appointment: null,
          }
          return { ticket }
        })
      const taken = await Promise.all(
        Array.from({ length: 8 }, (_, index) => take(index % 2 === 0 ? store : other, `errand-${index}`)),
      )
      const numbers = taken.map((one) => ('ticket' in one ? one.ticket.number : ''))
      expect(new Set(numbers).size).toBe(8)
      expect(await take(other, 'errand-3')).toMatchObject({ ticket: { number: numbers[3] }, again: true })
      expect((await store.demo.ticketsOf('2026-11-20')).map(({ number }) => number)).toHaveLength(8)
    })
  })
}
