/** A store that cannot be written takes nothing from anybody: the question, the answer and what was said stay. */
import { expect, it, vi } from 'vitest'
import { unseal } from '../../../sync/protocol/sealing.ts'
import { fillDisk } from '../support/full-disk.ts'
import { padAlone } from '../support/pad-alone.ts'
import { DEVICE_ID, question } from '../support/pad-room.ts'

const at = padAlone()
const { ask, finish } = at

const tap = (evaluationId: string) => at.tap(evaluationId, 'dissatisfied')

it('“replace” whose new question cannot be written leaves the old one open, untold and answerable', async () => {
  const first = ask('CASE1')
  at.room.news.length = 0
  const makeRoom = fillDisk(at.room.db, 'INSERT ON', 'question')
  expect(() => ask('CASE2', { replace: true })).toThrow('full')
  makeRoom()
  expect(at.room.pad.evaluation(first)).toBe('waiting')
  expect([at.room.events(), at.room.news]).toEqual([[], []])
  await tap(first)
  await finish(first)
  expect(at.room.ratings()).toMatchObject([{ case: { caseNo: 'CASE1' }, level: 2 }])
})

it('a tap that reaches no question in the store does not go on to the labels', async () => {
  const id = ask()
  at.room.db.exec('DELETE FROM question')
  await expect(tap(id)).rejects.toThrow('not in the store')
  expect(at.room.pad.view().name).toBe('asking')
  await expect(
    at.room.pad.act({ type: 'set-anonymous', evaluationId: id, anonymous: true }),
  ).rejects.toThrow()
  expect(at.room.pad.view()).toMatchObject({ anonymous: false })
})

it('labels and words that could not be written are in the rating that the time-out writes', async () => {
  const id = ask()
  await tap(id)
  const makeRoom = fillDisk(at.room.db, 'UPDATE ON', 'question')
  await expect(finish(id, ['213'], '等了两个小时')).rejects.toThrow('full')
  expect(at.room.pad.view().name).toBe('labels')
  vi.advanceTimersByTime(15_000)
  expect(at.room.troubles).toHaveLength(1)
  makeRoom()
  vi.advanceTimersByTime(5_000)
  expect(at.room.pad.view().name).toBe('thanks')
  const [rating] = at.room.ratings()
  expect(rating).toMatchObject({ labels: ['213'], reasonPending: false })
  const opened = await unseal(rating?.comment ?? '', [at.room.sealingKeys], {
    purpose: 'rating',
    device: DEVICE_ID,
  })
  expect(opened.ok && opened.unsealed.reveal().text).toBe('等了两个小时')
})

it('what one citizen said never reaches the next one’s rating', async () => {
  const first = ask('CASE1')
  await tap(first)
  await finish(first, ['213'], '等了两个小时')
  vi.advanceTimersByTime(3_000)
  await tap(ask('CASE2'))
  vi.advanceTimersByTime(15_000)
  expect(at.room.ratings()[1]).toMatchObject({ case: { caseNo: 'CASE2' }, labels: [], comment: null })
})

it('a waiting question that cannot be opened at rest is tried again until it is', async () => {
  const first = ask('CASE1')
  await tap(first)
  const second = ask('CASE2', { replace: true })
  await finish(first)
  const makeRoom = fillDisk(at.room.db, 'INSERT ON', 'question')
  vi.advanceTimersByTime(3_000)
  expect(at.room.pad.view().name).toBe('rest')
  expect(at.room.onPage).toHaveBeenLastCalledWith('rest')
  expect([at.room.pad.evaluation(first), at.room.pad.evaluation(second)]).toEqual(['rated', 'waiting'])
  expect(at.room.pad.ask(question('CASE3'))).toEqual({ verdict: 'busy' })
  vi.advanceTimersByTime(5_000)
  expect(at.room.troubles).toHaveLength(2)
  makeRoom()
  vi.advanceTimersByTime(5_000)
  expect(at.room.pad.view()).toMatchObject({ name: 'asking', evaluationId: second })
  await tap(second)
  await finish(second)
  expect(at.room.ratings().map((rating) => rating.case?.caseNo)).toEqual(['CASE1', 'CASE2'])
})

it('a waiting question that could not be opened gives way to another', async () => {
  const first = ask('CASE1')
  await tap(first)
  const second = ask('CASE2', { replace: true })
  await finish(first)
  const makeRoom = fillDisk(at.room.db, 'INSERT ON', 'question')
  vi.advanceTimersByTime(3_000)
  makeRoom()
  const third = ask('CASE3', { replace: true })
  expect(at.room.pad.evaluation(second)).toBe('cancelled')
  vi.advanceTimersByTime(5_000)
  expect(at.room.pad.view()).toMatchObject({ name: 'asking', evaluationId: third })
})
