/** A question that has to wait for the citizen before it: as the window's system sees it, and as it is kept. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { THANKS_MS } from '../../../device/rating/pad-types.ts'
import { temporaryFolder } from '../support/house.ts'
import { openPadRoom, type PadRoom, question } from '../support/pad-room.ts'

let parts: AsyncDisposableStack
let room: PadRoom

beforeEach(async () => {
  parts = new AsyncDisposableStack()
  vi.useFakeTimers({ now: new Date('2026-11-21T10:00:00+08:00') })
  room = openPadRoom(await temporaryFolder(parts))
})
afterEach(async () => {
  room.close()
  vi.useRealTimers()
  await parts.disposeAsync()
})

const ask = (caseNo: string, replace = true): string => {
  const answer = room.pad.ask(question(caseNo, { replace }))
  if (!('id' in answer)) throw new Error(`refused: ${answer.verdict}`)
  return answer.id
}
const tap = (evaluationId: string) => room.pad.act({ type: 'choose-level', evaluationId, level: 'satisfied' })
const answer = async (evaluationId: string): Promise<void> => {
  await room.pad.act({ type: 'finish', evaluationId, labels: [], comment: null })
  vi.advanceTimersByTime(THANKS_MS)
}
const statesOf = (id: string) =>
  room.news.flatMap((one) => (one.type === 'evaluation' && one.id === id ? [one.state] : []))

it('gives way to the next that is asked, and the window is told of it once', async () => {
  const first = ask('CASE1')
  await tap(first)
  const second = ask('CASE2')
  const third = ask('CASE3')
  expect(statesOf(second)).toEqual(['cancelled'])
  expect([room.pad.evaluation(second), room.pad.evaluation(third)]).toEqual(['cancelled', 'waiting'])
  await answer(first)
  expect(room.pad.view()).toMatchObject({ name: 'asking', evaluationId: third })
})

it('is asked once: after its answer the pad is at rest', async () => {
  const first = ask('CASE1')
  await tap(first)
  const second = ask('CASE2')
  await answer(first)
  expect(statesOf(second)).toEqual(['waiting'])
  await tap(second)
  await answer(second)
  expect(room.pad.view().name).toBe('rest')
  expect(statesOf(second)).toEqual(['waiting', 'rated'])
  expect(room.ratings().map((rating) => rating.case?.caseNo)).toEqual(['CASE1', 'CASE2'])
})

it('is taken back by a cancel, while the citizen before it goes on undisturbed', async () => {
  const first = ask('CASE1')
  await tap(first)
  const second = ask('CASE2')
  expect(room.pad.cancel(second)).toBe(true)
  expect(statesOf(second)).toEqual(['cancelled'])
  expect(room.pad.view()).toMatchObject({ name: 'labels', evaluationId: first })
  await answer(first)
  expect(room.pad.view().name).toBe('rest')
})
