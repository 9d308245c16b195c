/** What was rated before, and the one follow-up of a bad rating, as the session leads to it. */
import { expect, it } from 'vitest'
import type { SessionEvent } from '../../../device/session/state.ts'
import { sampleCase, sampleWorld } from '../support/samples.ts'
import { action } from './feedback-ways.ts'
import { card } from './pickup-ways.ts'
import { play, viewOf, wanted } from './rating-play.ts'
import { choose, finish, LABELS, PRESENT, ratable, rated } from './rating-ways.ts'

it('offers the one follow-up of a bad rating that was handled, and says of what was rated that it was', () => {
  const cases = [ratable('YX2026110001', 'follow-up'), ratable('YX2026110002', 'none')]
  const listed = play([...PRESENT, card, rated(1, { outcome: 'found', cases })])
  const done = play([action({ type: 'rate-case', caseNo: 'YX2026110002' })], sampleWorld(), listed.state)
  expect(viewOf(done, 'rated-before').about).toMatchObject({ kind: 'case' })
  expect(wanted(done)).toEqual([])
  const again = play([action({ type: 'rate-case', caseNo: 'YX2026110001' })], sampleWorld(), listed.state)
  expect(wanted(again)).toMatchObject([
    { do: 'ask', assessNumber: 2, proof: 'card', card: expect.anything() },
  ])
  const asked = play([rated(2, { outcome: 'asked' })], sampleWorld(), again.state)
  expect(viewOf(asked, 'rate').about).toMatchObject({ kind: 'case', followUp: true })
  // By a card whose one case may be rated once more, it is asked about at once.
  const only = play([...PRESENT, card, rated(1, { outcome: 'found', cases: cases.slice(0, 1) })])
  expect(wanted(only)).toMatchObject([{ do: 'ask', assessNumber: 2 }])
  // Once it was rated so, it is over.
  const over = play(
    [
      choose('satisfied'),
      rated(3, { outcome: 'chosen', labels: LABELS }),
      finish(),
      rated(4, { outcome: 'kept' }),
    ],
    sampleWorld(),
    asked.state,
  )
  const back = play([{ type: 'timer', timer: 'thanks' }], sampleWorld(), over.state)
  expect(viewOf(back, 'rate-cases').cases.map(({ open }) => open)).toEqual(['none', 'none'])
})

it.each([
  ['follow-up', { do: 'ask', assessNumber: 2 }],
  ['first', { do: 'ask', assessNumber: 1 }],
] as const)('on the page of a case whose %s rating is open, that one is asked for', (openRating, ask) => {
  const events: SessionEvent[] = [
    card,
    { type: 'answer', lookup: 1, answer: { ok: true, cases: [sampleCase('YX2026110001', { openRating })] } },
    action({ type: 'open-case', caseNo: 'YX2026110001' }),
    action({ type: 'rate-case', caseNo: null }),
  ]
  expect(wanted(play(events))).toMatchObject([ask])
})

it('a case that was rated at a window is not asked about again at a terminal', () => {
  const cases = [sampleCase('YX2026110001', { openRating: 'none' })]
  const shownCase: SessionEvent[] = [
    { type: 'scanned', text: 'YX2026110001' },
    { type: 'answer', lookup: 1, answer: { ok: true, cases } },
    action({ type: 'rate-case', caseNo: null }),
  ]
  const before = play(shownCase)
  expect(viewOf(before, 'rated-before').about).toMatchObject({ itemName: '普通护照申领' })
  expect(wanted(before)).toEqual([])
})
