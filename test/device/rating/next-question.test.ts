/** A question that has to wait for the citizen before it: as the window's system sees it, and as it is kept. */
import { expect, it, vi } from 'vitest'
import { THANKS_MS } from '../../../device/rating/pad-types.ts'
import { padAlone } from '../support/pad-alone.ts'

const at = padAlone()
const { tap, finish } = at

const ask = (caseNo: string, replace = true): string => at.ask(caseNo, { replace })
const answer = async (evaluationId: string): Promise<void> => {
  await finish(evaluationId)
  vi.advanceTimersByTime(THANKS_MS)
}
const statesOf = (id: string) =>
  at.room.news.flatMap((one) => (one.type === 'evaluation' && one.id === id ? [one.state] : []))

it('gives way to the next that is asked, and the window is told of it once', async () => {
  const first = ask('CASE1')
  await tap(first)
  const second = ask('CASE2')
  const third = ask('CASE3')
  expect(statesOf(second)).toEqual(['cancelled'])
  expect([at.room.pad.evaluation(second), at.room.pad.evaluation(third)]).toEqual(['cancelled', 'waiting'])
  await answer(first)
  expect(at.room.pad.view()).toMatchObject({ name: 'asking', evaluationId: third })
})

it('is asked once: after its answer the pad is at rest', async () => {
  const first = ask('CASE1')
  await tap(first)
  const second = ask('CASE2')
  await answer(first)
  expect(statesOf(second)).toEqual(['waiting'])
  await tap(second)
  await answer(second)
  expect(at.room.pad.view().name).toBe('rest')
  expect(statesOf(second)).toEqual(['waiting', 'rated'])
  expect(at.room.ratings().map((rating) => rating.case?.caseNo)).toEqual(['CASE1', 'CASE2'])
})

it('is taken back by a cancel, while the citizen before it goes on undisturbed', async () => {
  const first = ask('CASE1')
  await tap(first)
  const second = ask('CASE2')
  expect(at.room.pad.cancel(second)).toBe(true)
  expect(statesOf(second)).toEqual(['cancelled'])
  expect(at.room.pad.view()).toMatchObject({ name: 'labels', evaluationId: first })
  await answer(first)
  expect(at.room.pad.view().name).toBe('rest')
})
