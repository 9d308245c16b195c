/** What every store of a hall promises of the questions that it has for pads. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { NewEvaluation, StoredEvaluation } from '../../../sync/hall/store/evaluations.ts'
import type { Store } from '../../../sync/hall/store/store.ts'
import type { StoreUnderTest } from './store-conformance.ts'
import { AT, addDevice, later, status } from './support/store-values.ts'

const PAD = 'P-1'
const OTHER_PAD = 'P-9'
const TOKEN = 'hash of a token'
const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const DAY_MS = 24 * 60 * MINUTE_MS

const question = (caseNo: string): NewEvaluation['question'] => ({
  ...{ caseNo, itemCode: '11330099MB0A00010R3000101010000', itemName: '普通护照申领', serviceName: '受理' },
  ...{ serviceNumber: 1, assessNumber: 1, ticketNo: null, staffId: null, user: null, replace: false },
})

const asked = (caseNo: string, changes: Partial<NewEvaluation> = {}): NewEvaluation => ({
  id: randomUUID(),
  deviceId: PAD,
  question: question(caseNo),
  tokenHash: TOKEN,
  at: AT,
  ...changes,
})

export function evaluationsConformance(engine: string, make: () => Promise<StoreUnderTest>): void {
  describe(`questions for pads in ${engine}`, () => {
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

    const offered = async (caseNo: string, changes: Partial<NewEvaluation> = {}): Promise<string> =>
      (await store.evaluations.offer(asked(caseNo, changes))).evaluation.id
    const stateOf = (evaluation: StoredEvaluation | null) => evaluation?.state
    const answered = async (id: string, said: 'waiting' | 'rated' | 'busy', at = AT) =>
      stateOf(await other.evaluations.answer(id, PAD, said, at))

    test('the same service asked for by many at once, at every instance, is one question of all of them', async () => {
      const asks = Array.from({ length: 12 }, (_, index) =>
        [store, other][index % 2]?.evaluations.offer(asked('A1', { tokenHash: `t${index}` })),
      )
      const answers = await Promise.all(asks)
      expect(answers.filter((one) => one?.isNew)).toHaveLength(1)
      const ids = new Set(answers.map((one) => one?.evaluation.id))
      expect(ids.size).toBe(1)
      const [id = ''] = ids
      for (const index of [0, 5, 11])
        expect(stateOf(await store.evaluations.readFor(`t${index}`, id, AT))).toBe('offered')
      expect(await store.evaluations.readFor('another', id, AT)).toBeNull()
      expect((await store.evaluations.offer(asked('A1', { deviceId: OTHER_PAD }))).isNew).toBe(true)
    })

    test('taken or given up at the same moment, it is one of both for either side', async () => {
      for (let round = 0; round < 10; round += 1) {
        const id = await offered(`A${round}`)
        const [given, taken] = await Promise.all([
          store.evaluations.giveUp(id, AT),
          other.evaluations.answer(id, PAD, 'waiting', AT),
        ])
        expect(given?.state).toMatch(/^(?:waiting|cancelled)$/)
        expect(taken?.state).toMatch(/^(?:waiting|cancelled)$/)
        const final = await store.evaluations.read(id)
        expect([given?.state, taken?.state]).toContain(final?.state)
        expect(given?.takenAt === null).toBe(taken?.state === 'cancelled')
      }
    })

    test('one that was given up is never taken, and leaves room for another', async () => {
      const id = await offered('A1')
      expect(await store.evaluations.giveUp(id, AT)).toMatchObject({
        ...{ state: 'cancelled', refusal: 'pad-offline', takenAt: null },
      })
      expect(await answered(id, 'waiting')).toBe('cancelled')
      expect(await offered('A1')).not.toBe(id)
    })

    test('one whose instance died may be taken for ten seconds, and not after them', async () => {
      const [early, late] = [await offered('A1'), await offered('A2')]
      expect(await answered(early, 'waiting', later(9 * SECOND_MS))).toBe('waiting')
      expect(await other.evaluations.openOf(PAD, later(10 * SECOND_MS))).toMatchObject([{ id: early }])
      expect(await answered(late, 'waiting', later(10 * SECOND_MS))).toBe('cancelled')
    })

    test('an end that was told stays, and only its own pad tells it', async () => {
      const id = await offered('A1')
      expect(await store.evaluations.answer(id, OTHER_PAD, 'waiting', AT)).toBeNull()
      expect(await answered(id, 'waiting')).toBe('waiting')
      expect(await store.evaluations.answer(id, OTHER_PAD, 'rated', AT)).toBeNull()
      expect(await answered(id, 'rated')).toBe('rated')
      expect(await answered(id, 'waiting')).toBe('rated')
      expect(await answered(id, 'busy')).toBe('rated')
      expect(await store.evaluations.cancel(TOKEN, id, AT)).toMatchObject({
        state: 'rated',
        cancelAsked: false,
      })
      expect(await other.evaluations.answer(randomUUID(), PAD, 'rated', AT)).toBeNull()
    })

    test('what is to be asked lies there no longer than it may be asked', async () => {
      const ended = await offered('C4711')
      await answered(ended, 'busy')
      expect(JSON.stringify(await under.rows('SELECT * FROM evaluations'))).not.toContain('C4711')
      const silent = await offered('C4711')
      await answered(silent, 'waiting')
      expect((await other.evaluations.openOf(PAD, later(MINUTE_MS)))[0]?.question?.caseNo).toBe('C4711')
      expect(await other.evaluations.openOf(PAD, later(MINUTE_MS + 1))).toMatchObject([
        { id: silent, question: null },
      ])
      await store.evaluations.tidy(later(6 * MINUTE_MS))
      expect(JSON.stringify(await under.rows('SELECT * FROM evaluations'))).not.toContain('C4711')
      expect(await answered(silent, 'rated', later(29 * DAY_MS))).toBe('rated')
    })

    test('another that is asked for long after is another question, also where nobody has tidied', async () => {
      const first = await offered('A1')
      await answered(first, 'waiting')
      expect(await offered('A1', { at: later(5 * MINUTE_MS) })).toBe(first)
      expect(await offered('A1', { at: later(6 * MINUTE_MS) })).not.toBe(first)
    })

    test('whoever waits for a word of a pad is found at every instance', async () => {
      const [untaken, taken, back] = [await offered('A1'), await offered('A2'), await offered('A3')]
      for (const id of [taken, back]) await answered(id, 'waiting')
      await store.evaluations.cancel(TOKEN, back, AT)
      const found = await other.evaluations.unanswered(AT)
      expect(found.map(({ id, cancelAsked }) => [id, cancelAsked]).sort()).toEqual(
        [
          [untaken, false],
          [back, true],
        ].sort(),
      )
      expect(stateOf(await store.evaluations.cancel(TOKEN, untaken, AT))).toBe('cancelled')
      expect(await store.evaluations.cancel('another', taken, AT)).toBeNull()
    })

    test('after thirty days nothing of it is left', async () => {
      await answered(await offered('A1'), 'waiting')
      await answered(await offered('A2'), 'rated')
      await store.evaluations.tidy(later(30 * DAY_MS - 1))
      expect(await under.rows('SELECT id FROM evaluations')).toHaveLength(2)
      await store.evaluations.tidy(later(30 * DAY_MS))
      expect(await under.rows('SELECT id FROM evaluations')).toEqual([])
      expect(await under.rows('SELECT id FROM evaluation_askers')).toEqual([])
    })

    test('the pads of a window are those that are enrolled with it, with when they were heard', async () => {
      await addDevice(store)
      expect(await store.evaluations.padsAt('12')).toEqual([{ deviceId: PAD, heardAt: null }])
      await store.putStatus({ ...status('b', 1), at: later(5) })
      expect(await store.evaluations.padsAt('12')).toEqual([{ deviceId: PAD, heardAt: later(5) }])
      expect(await store.evaluations.padsAt('13')).toEqual([])
      const id = await offered('A1')
      await answered(id, 'waiting')
      await store.revokeDevice(PAD, later(6))
      expect(await store.evaluations.padsAt('12')).toEqual([])
      expect(stateOf(await other.evaluations.readFor(TOKEN, id, later(7)))).toBe('cancelled')
    })
  })
}
