/** Rating at a terminal, as the session leads through it. */
import { expect, it } from 'vitest'
import type { Level } from '../../../device/http/contract.ts'
import type { RatingWanted } from '../../../device/rating/rating.ts'
import type { SessionEvent, Transition } from '../../../device/session/state.ts'
import { PERSON, sampleCard, sampleWorld } from '../support/samples.ts'
import { action, feedbackWays } from './feedback-ways.ts'
import { act, card, found as caseFound, collect, collected, shown } from './pickup-ways.ts'
import { play, viewOf, wanted } from './rating-play.ts'
import {
  ASKED,
  choose,
  FOUND,
  finish,
  LABELLED,
  LABELS,
  PRESENT,
  ratable,
  rated,
  scanned,
} from './rating-ways.ts'

const timers = ({ effects }: Transition): string[] =>
  effects.flatMap((effect) => (effect.type === 'arm' ? [effect.timer] : []))

const KEPT = [...feedbackWays['feedback-kept']]
const slipOut: SessionEvent = {
  type: 'print-outcome',
  jobId: 'job-9',
  outcome: { outcome: 'printed', proof: 'confirmed' },
}
const home = action({ type: 'home' })

it('asks after a case by its receipt: what the hall found is asked about, with the receipt for its proof', () => {
  expect(viewOf(play(PRESENT), 'rate-present')).toMatchObject({ accepts: ['code', 'card'], problem: null })
  expect(wanted(play([...PRESENT, scanned]))).toEqual([{ do: 'find', by: 'receipt', caseNo: 'YX2026110001' }])
  expect(wanted(play(FOUND))).toEqual([
    {
      do: 'ask',
      question: 2,
      about: ratable('YX2026110001').rated,
      assessNumber: 1,
      proof: 'receipt',
      card: null,
    },
  ])
  expect(viewOf(play(ASKED), 'rate')).toEqual({
    name: 'rate',
    about: { kind: 'case', itemName: '普通护照申领', followUp: false },
    anonymous: false,
    notKept: false,
  })
})

it('offers the cases of a card, and names its owner to the hall alone', () => {
  const cases = [ratable('YX2026110001'), ratable('YX2026110002', 'none')]
  const listed = play([...PRESENT, card, rated(1, { outcome: 'found', cases })])
  expect(viewOf(listed, 'rate-cases').cases.map(({ caseNo, open }) => [caseNo, open])).toEqual([
    ['YX2026110001', 'first'],
    ['YX2026110002', 'none'],
  ])
  const asked = play([action({ type: 'rate-case', caseNo: 'YX2026110001' })], sampleWorld(), listed.state)
  expect(wanted(asked)[0]).toMatchObject({ do: 'ask', proof: 'card', card: expect.anything() })
  expect(JSON.stringify([asked.state, asked.effects])).not.toContain(PERSON.name)

  const over = play(
    [
      rated(2, { outcome: 'asked' }),
      choose('satisfied'),
      rated(3, { outcome: 'chosen', labels: LABELS }),
      finish(),
      rated(4, { outcome: 'kept' }),
    ],
    sampleWorld(),
    asked.state,
  )
  const again = play([{ type: 'timer', timer: 'thanks' }], sampleWorld(), over.state)
  expect(viewOf(again, 'rate-cases').cases.map(({ open }) => open)).toEqual(['none', 'none'])
})

it('shows the same page of labels after each of the five, once the answer is safe, and never the level', () => {
  const levels: Level[] = [
    'very-satisfied',
    'satisfied',
    'fairly-satisfied',
    'dissatisfied',
    'very-dissatisfied',
  ]
  const pages = levels.map((level) => {
    const touched = play([...ASKED, choose(level)])
    expect(touched.state.view.name).toBe('rate')
    expect(wanted(touched)).toEqual([{ do: 'choose', question: 2, level }])
    return play([rated(3, { outcome: 'chosen', labels: LABELS })], sampleWorld(), touched.state).state
  })
  for (const page of pages) expect(page).toEqual(pages[0])
  expect(JSON.stringify(pages[0])).not.toMatch(/satisfied/)
  expect(timers(play(LABELLED))).toEqual(['labels'])
})

it('counts the first touch: a second one, while the first is written, changes nothing', () => {
  const second = play([...ASKED, choose('satisfied'), choose('very-dissatisfied')])
  expect(wanted(second)).toEqual([])
})

it('does not thank for what could not be written', () => {
  const again = play([...ASKED, choose('satisfied'), rated(3, { outcome: 'not-kept' })])
  expect(viewOf(again, 'rate').notKept).toBe(true)
  const unfinished = play([...LABELLED, finish(['510']), rated(4, { outcome: 'not-kept' })])
  expect(viewOf(unfinished, 'rate-labels')).toMatchObject({ notKept: true, chosen: ['510'] })
  expect(timers(unfinished)).toEqual(['labels'])
})

it('keeps labels, words and the wish not to be named, and brings them all with 完成', () => {
  const touched = play([...LABELLED, action({ type: 'set-rating-labels', labels: ['517', '999'] })])
  expect(wanted(touched)).toEqual([{ do: 'amend', question: 2, labels: ['517'], anonymous: false }])
  const written = play(
    [
      action({ type: 'set-rating-anonymous', anonymous: true }),
      action({ type: 'open-rating-words' }),
      action({ type: 'say-rating-words', words: '很' }),
      action({ type: 'finish-rating-words', words: ' 很快 ' }),
    ],
    sampleWorld(),
    touched.state,
  )
  expect(viewOf(written, 'rate-labels')).toMatchObject({ chosen: ['517'], words: ' 很快 ', anonymous: true })
  const finished = play([finish(['517'])], sampleWorld(), written.state)
  const [last] = wanted(finished)
  expect(last).toMatchObject({ do: 'finish', question: 2, labels: ['517'] })
  expect(last?.do === 'finish' && last.words?.reveal()).toBe('很快')
})

it('closes the page of labels by itself, with what was touched; words take as long as they take', () => {
  const closing = play([
    ...LABELLED,
    action({ type: 'set-rating-labels', labels: ['510'] }),
    { type: 'timer', timer: 'labels' },
  ])
  expect(wanted(closing)).toEqual([{ do: 'finish', question: 2, labels: ['510'], words: null }])
  const writing = play([...LABELLED, action({ type: 'open-rating-words' })])
  expect(timers(writing)).toEqual(['idle'])
  const thanks = play([rated(4, { outcome: 'kept' })], sampleWorld(), closing.state)
  expect(viewOf(thanks, 'rate-thanks')).toEqual({ name: 'rate-thanks' })
  expect(play([{ type: 'timer', timer: 'thanks' }], sampleWorld(), thanks.state).state.view.name).toBe('home')
})

it('takes silence for silence, whichever way its owner goes', () => {
  const leaving = (event: SessionEvent): RatingWanted[] => wanted(play([...ASKED, event]))
  const left = (silence: 'not-now' | 'timed-out') => [{ do: 'leave', question: 2, silence, words: null }]
  expect(leaving(action({ type: 'not-now' }))).toEqual(left('not-now'))
  expect(leaving(action({ type: 'back' }))).toEqual(left('not-now'))
  expect(leaving(home)).toEqual(left('not-now'))
  expect(leaving(action({ type: 'end' }))).toEqual(left('not-now'))
  const stranger: SessionEvent = { type: 'card-placed', card: sampleCard(), person: 'another', masked: '古*' }
  expect(wanted(play([...ASKED, card, stranger]))).toEqual(left('timed-out'))
  const idle = play([...ASKED, { type: 'timer', timer: 'idle' }, { type: 'timer', timer: 'warning' }])
  expect(idle.state.view.name).toBe('ending')
  expect(wanted(idle)).toEqual(left('timed-out'))
})

it('refuses a second rating of a case with a friendly page', () => {
  const refused = play([...FOUND, rated(2, { outcome: 'already-rated' })])
  expect(viewOf(refused, 'rated-before').about).toEqual({
    kind: 'case',
    itemName: '普通护照申领',
    followUp: false,
  })
  expect(play([action({ type: 'back' })], sampleWorld(), refused.state).state.view.name).toBe('rate-present')
})

it('goes to the question by itself when a service is done and its paper in hand, once in a session', () => {
  expect(timers(play(KEPT))).toEqual([])
  const done = play([...KEPT, slipOut])
  expect(timers(done)).toEqual(['settled'])
  const asking = play([{ type: 'timer', timer: 'settled' }], sampleWorld(), done.state)
  expect(wanted(asking)).toEqual([
    { do: 'ask', question: 2, about: null, assessNumber: 1, proof: 'none', card: null },
  ])
  // Until the question is in the store, nothing of the page changes.
  expect(asking.state.view).toEqual(done.state.view)
  const asked = play([rated(2, { outcome: 'asked' })], sampleWorld(), asking.state)
  expect(viewOf(asked, 'rate').about).toEqual({ kind: 'service' })
  const declined = play([action({ type: 'not-now' })], sampleWorld(), asked.state)
  expect(declined.state.view.name).toBe('feedback-kept')
  expect(timers(declined)).toEqual(['idle'])
  const again = play([...feedbackWays['feedback-kept'].slice(1)], sampleWorld(), declined.state)
  expect(wanted(play([home], sampleWorld(), again.state))).toEqual([])
})

it('asks whoever goes on to another service on the way, and leaves alone whoever still has to look', () => {
  const way = play([...shown(), collect, collected, home])
  expect(wanted(way)).toHaveLength(1)
  expect(play([rated(3, { outcome: 'asked' })], sampleWorld(), way.state).state.view.name).toBe('rate')
  const unread = play([
    ...KEPT,
    { type: 'print-outcome', jobId: 'job-9', outcome: { outcome: 'failed', reason: null } },
  ])
  expect(timers(unread)).toEqual(['idle'])
})

it('calls nobody back who has gone on before the question was there', () => {
  const gone = play([...KEPT, slipOut, home])
  expect(play([home], sampleWorld(), gone.state).state).toEqual(gone.state)
  const late = play([rated(2, { outcome: 'asked' })], sampleWorld(), {
    ...gone.state,
    view: { name: 'home' },
  })
  expect(late.state.view.name).toBe('home')
  expect(wanted(late)).toEqual([{ do: 'leave', question: 2, silence: 'timed-out', words: null }])
})

it('does without the hall what needs none: this machine, and a case that is shown already', () => {
  const offline = sampleWorld({ online: false })
  expect(viewOf(play(PRESENT, offline), 'rate-present')).toMatchObject({
    accepts: [],
    online: false,
    service: true,
  })
  expect(wanted(play([...PRESENT, scanned], offline))).toEqual([])
  expect(wanted(play([...PRESENT, action({ type: 'rate-service' })], offline))).toHaveLength(1)
  const page = play([act({ type: 'wake' }), scanned, caseFound(null)])
  expect(wanted(play([action({ type: 'rate-case', caseNo: null })], offline, page.state))).toMatchObject([
    { do: 'ask', proof: 'receipt', about: { caseNo: 'YX2026110001' } },
  ])
})

it('says what is no receipt of this hall', () => {
  const wrong = play([...PRESENT, { type: 'scanned', text: 'https://shop.example/?q=1' }])
  expect(wrong.state.view).toEqual({ name: 'dead-end', deadEnd: 'case-not-found', service: 'feedback' })
  const unknown = play([...PRESENT, scanned, rated(1, { outcome: 'dead-end', deadEnd: 'line-down' })])
  expect(unknown.state.view).toMatchObject({ name: 'dead-end', deadEnd: 'line-down' })
  expect(
    viewOf(play([...PRESENT, card, rated(1, { outcome: 'found', cases: [] })]), 'rate-cases').cases,
  ).toEqual([])
})
