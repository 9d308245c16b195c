/** Papers chosen together and printed one after the other: what comes out, what does not, and what is said of it. */
import { expect, it } from 'vitest'
import type { TerminalView } from '../../../device/http/contract.ts'
import {
  initialState,
  type SessionEvent,
  type SessionState,
  type Transition,
  type World,
} from '../../../device/session/state.ts'
import { transition } from '../../../device/session/transition.ts'
import { sampleWorld } from '../support/samples.ts'
import {
  act,
  card,
  choice,
  chosen,
  ended,
  failed,
  fetched,
  LIFTED,
  PDF,
  papers,
  printChosen,
  RUN_JOB,
  run,
  SECOND_JOB,
  sending,
} from './print-ways.ts'

const play = (events: SessionEvent[], world: World = sampleWorld(), from = initialState(true)): Transition =>
  events.reduce<Transition>(({ state }, event) => transition(state, event, world), {
    state: from,
    effects: [],
  })
const noPaper = sampleWorld({
  printers: { a4: false, receipt: true },
  printerTroubles: { a4: 'paper-out', receipt: null },
})
const CHANGED: SessionEvent = { type: 'world-changed' }

const runIn = ({ view }: SessionState): Extract<TerminalView, { name: 'print-run' }> => {
  if (view.name !== 'print-run') throw new Error(view.name)
  return view
}
const states = (state: SessionState): string[] => runIn(state).papers.map((paper) => paper.state)
const printed = ({ effects }: Transition) => effects.filter(({ type }) => type === 'print')

/** As far as the second paper, whose PDF the hall has given. */
const second = [...run, ended(RUN_JOB, 'confirmed'), fetched(PDF)]

it('papers of all cases are chosen one by one or all at once, and none is chosen for anybody', () => {
  const { view } = play(choice).state
  expect(view.name === 'paper-choice' && view.papers.map((paper) => paper.chosen)).toEqual([
    false,
    false,
    false,
    false,
  ])
  const all = play([...choice, act({ type: 'choose-all-papers', chosen: true })]).state.view
  expect(all.name === 'paper-choice' && all.papers.every((paper) => paper.chosen)).toBe(true)
})

it('one touch prints them one after the other, each under a key of its own', () => {
  const first = play(run)
  expect(printed(first)).toMatchObject([{ key: 'run-1-0', job: { jobId: RUN_JOB, kind: 'receipt' } }])
  expect(states(first.state)).toEqual(['preparing', 'waiting'])
  const next = play([ended(RUN_JOB, 'confirmed')], sampleWorld(), first.state)
  expect(next.effects).toMatchObject([
    {
      type: 'errand',
      errand: {
        kind: 'document',
        wanted: { caseNo: 'YX2026110001', document: { handle: 'handle-of-result' } },
      },
    },
  ])
  expect(states(next.state)).toEqual(['confirmed', 'fetching'])
  const last = play([fetched(PDF)], sampleWorld(), next.state)
  expect(printed(last)).toMatchObject([
    { key: 'run-1-1', job: { jobId: SECOND_JOB, kind: 'result', paper: 'a4' } },
  ])
  const over = play([ended(SECOND_JOB, 'confirmed')], sampleWorld(), last.state)
  expect(runIn(over.state)).toMatchObject({ state: 'over', again: false })
})

it('a second touch with the same key prints nothing new', () => {
  const over = play([...second, ended(SECOND_JOB, 'confirmed'), act({ type: 'back' }), printChosen])
  expect(over.state.view.name).toBe('paper-choice')
  expect(printed(over)).toEqual([])
})

it('nobody is led away or warned of idling while they are printed', () => {
  for (const leave of [act({ type: 'home' }), act({ type: 'back' }), printChosen])
    expect(play([...run, leave]).state.view.name).toBe('print-run')
  expect(play([...run, { type: 'timer', timer: 'idle' }]).state.warning).toBe(false)
})

it('paper out at page 3 of 5 says what came out, never prints it again, and goes on with the rest when mended', () => {
  const sides: SessionEvent = { type: 'print-sides', jobId: SECOND_JOB, count: 3 }
  const all = [...choice, act({ type: 'choose-all-papers', chosen: true }), printChosen]
  const stopped = play([...all, ended(RUN_JOB, 'confirmed'), fetched(PDF), sending(SECOND_JOB), sides])
  const waits = play([CHANGED], noPaper, stopped.state)
  expect(runIn(waits.state)).toMatchObject({ state: 'going', trouble: { paper: 'a4', reason: 'paper-out' } })
  const given = play([ended(SECOND_JOB, 'unknown')], noPaper, waits.state)
  expect(runIn(given.state).papers[1]).toMatchObject({ state: 'unknown', done: 3, canReportNothing: true })
  // The other receipt needs no A4; the other result waits for it.
  const receipt = runIn(given.state).papers[2]?.jobId ?? ''
  const held = play([ended(receipt, 'confirmed')], noPaper, given.state)
  expect(runIn(held.state)).toMatchObject({ state: 'held', trouble: { reason: 'paper-out' } })
  expect(states(held.state)).toEqual(['confirmed', 'unknown', 'confirmed', 'waiting'])
  const mended = play([CHANGED], sampleWorld(), held.state)
  expect(states(mended.state)).toEqual(['confirmed', 'unknown', 'confirmed', 'fetching'])
  expect(mended.effects).toContainEqual({ type: 'disarm' })
})

it('what surely did not come out because its printer stopped is begun again by itself when it works', () => {
  const held = play([failed(SECOND_JOB)], noPaper, play(second).state)
  expect(states(held.state)).toEqual(['confirmed', 'waiting'])
  const mended = play([CHANGED, fetched(PDF, 3)], sampleWorld(), held.state)
  expect(printed(mended)).toMatchObject([{ key: 'run-1-2', retryOf: null }])
})

it('a printer that stops at each try is given up, and asked again by a touch alone', () => {
  let state = play(second).state
  let number = 3
  for (let jobs = 0; jobs < 3; jobs += 1) {
    const job = runIn(state).papers[1]?.jobId ?? ''
    state = play([failed(job)], noPaper, state).state
    if (jobs < 2) state = play([CHANGED, fetched(PDF, number)], sampleWorld(), state).state
    number += 1
  }
  expect(runIn(state)).toMatchObject({ state: 'over', again: false })
  const works = play([CHANGED], sampleWorld(), state).state
  expect(runIn(works)).toMatchObject({ state: 'over', again: true })
  expect(states(play([act({ type: 'print-rest' })], sampleWorld(), works).state)).toEqual([
    'confirmed',
    'fetching',
  ])
})

it.each(['gone', 'unusable', 'too-long', 'unavailable', 'line-down', 'hall-trouble'] as const)(
  'a PDF that is %s is told of its paper alone; the others are printed',
  (problem) => {
    const { state } = play([...run, ended(RUN_JOB, 'confirmed'), fetched({ ok: false, problem })])
    expect(runIn(state)).toMatchObject({
      state: 'over',
      papers: [{ state: 'confirmed' }, { state: 'failed', problem }],
    })
    expect(runIn(state).again).toBe(!['unusable', 'too-long'].includes(problem))
  },
)

it('a PDF whose handle has grown too old is asked for anew once the card lies there', () => {
  const gone = fetched({ ok: false, problem: 'gone' })
  const lifted = play([...run, LIFTED, ended(RUN_JOB, 'confirmed'), gone])
  expect(runIn(lifted.state).again).toBe(false)
  const shown = play([card], sampleWorld(), lifted.state)
  expect(runIn(shown.state).again).toBe(true)
  const again = play([act({ type: 'print-rest' })], sampleWorld(), shown.state)
  expect(again.effects).toMatchObject([{ type: 'errand' }, { type: 'disarm' }])
})

it('"nothing came out" of one of several leads to one witnessed retry of that one', () => {
  const over = [...second, ended(SECOND_JOB, 'probable')]
  const doubted: SessionEvent = { type: 'nothing-came-out', jobId: SECOND_JOB, noted: true }
  expect(play([...over, doubted]).state.view).toMatchObject({ name: 'nothing-came-out', retry: true })
  const retried = play([
    ...over,
    doubted,
    {
      type: 'print-wanted',
      action: { type: 'retry-print', jobId: SECOND_JOB, key: 'k2' },
      jobId: 'job-2',
      known: null,
    },
  ])
  expect(printed(retried)).toMatchObject([
    { key: 'k2', retryOf: SECOND_JOB, printable: { kind: 'issued', pages: 1 } },
  ])
  const after = play([ended('job-2', 'probable'), act({ type: 'back' })], sampleWorld(), retried.state)
  expect(runIn(after.state).papers[1]).toMatchObject({ state: 'probable', canReportNothing: false })
})

it('a single paper that surely did not come out may be asked for again when its printer works', () => {
  const wanted: SessionEvent = {
    type: 'print-wanted',
    action: { type: 'print-paper', paperId: '1-0-0', key: 'k1' },
    jobId: 'job-1',
    known: null,
  }
  const down = sampleWorld({ printers: { a4: false, receipt: false } })
  const gone = play([failed('job-1')], down, play([...papers, wanted]).state)
  expect(gone.state.view).toMatchObject({ name: 'printed', outcome: 'failed', again: false })
  const works = play([CHANGED], sampleWorld(), gone.state)
  expect(works.state.view).toMatchObject({ name: 'printed', again: true })
  const again: SessionEvent = {
    type: 'print-wanted',
    action: { type: 'retry-print', jobId: 'job-1', key: 'k2' },
    jobId: 'job-2',
    known: null,
  }
  // Nothing of the first came out: this one is a first try, and may be doubted like any.
  expect(printed(play([again], sampleWorld(), works.state))).toMatchObject([{ key: 'k2', retryOf: null }])
})

it('idle waits for a stopped printer, 5 min at most', () => {
  let state = play([failed(SECOND_JOB)], noPaper, play(second).state).state
  let waits = 0
  for (let nowMs = 1_000_000; !state.warning; nowMs += 60_000) {
    state = transition(state, { type: 'timer', timer: 'idle' }, { ...noPaper, nowMs }).state
    waits += 1
    if (waits > 10) throw new Error('it waits for ever')
  }
  // One idle time of its own, and five minutes more.
  expect(waits).toBe(6)
  expect(play([{ type: 'timer', timer: 'idle' }], sampleWorld(), play(papers).state).state.warning).toBe(true)
})

it('the end leaves nothing of a run, and what has not begun is never printed', () => {
  const { state, effects } = play([...run, act({ type: 'end' })])
  expect(state.personal).toEqual(play([act({ type: 'wake' })]).state.personal)
  expect(effects.map(({ type }) => type)).toEqual(['end', 'arm'])
  expect(play([ended(RUN_JOB, 'confirmed'), CHANGED], sampleWorld(), state).effects).toEqual([])
})

it('no paper is printed that was not chosen, or whose printer is out of work', () => {
  expect(play([...choice, printChosen]).state.view.name).toBe('paper-choice')
  const none = sampleWorld({ printers: { a4: false, receipt: false } })
  const { view } = play([CHANGED], none, play(chosen).state).state
  expect(view.name === 'paper-choice' && view.papers.some((paper) => paper.chosen)).toBe(false)
})
