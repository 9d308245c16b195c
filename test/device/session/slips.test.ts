/** Slips that come out beside what a page tells: what is offered where none came out, and what never happens by itself. */
import { describe, expect, it } from 'vitest'
import type { PrintPaper, SlipView } from '../../../device/http/contract.ts'
import { hasSlip } from '../../../device/session/slips.ts'
import {
  initialState,
  type SessionEvent,
  type SessionState,
  type Transition,
  type World,
} from '../../../device/session/state.ts'
import { transition } from '../../../device/session/transition.ts'
import { BusinessTypes } from '../../../sync/protocol/queue.ts'
import { sampleWorld } from '../support/samples.ts'
import { feedbackWays } from './feedback-ways.ts'
import { act, pickupWays } from './pickup-ways.ts'
import { printWays, RUN_JOB } from './print-ways.ts'

const [business] = BusinessTypes.parse(sampleWorld().businessTypes)
if (business === undefined) throw new Error('the demonstration hall hands out numbers')
const { businessType, name, area } = business
const ticketWay: SessionEvent[] = [
  act({ type: 'wake' }),
  act({ type: 'open-service', service: 'ticket' }),
  {
    type: 'errand-done',
    number: 1,
    done: {
      kind: 'queue',
      outcome: {
        ok: true,
        value: {
          time: '2026-11-20T10:10:00+08:00',
          types: [
            {
              ...{ businessType, name, area, open: true, opensAt: null },
              ...{ waiting: 3, waitMinutes: 10, quietHours: [] },
            },
          ],
        },
      },
    },
    jobId: 'job-1',
  },
  act({ type: 'choose-queue', businessType }),
  act({ type: 'take-ticket', code: null, key: 'key-1' }),
  {
    type: 'errand-done',
    number: 2,
    done: {
      kind: 'ticket',
      outcome: { outcome: 'given', ticket: { number: 'A012', waiting: 3, area: '1楼', priority: null } },
    },
    jobId: 'job-8',
  },
]

/** Each page with a slip, how it is come by, and its slip's first job. */
const pages = [
  ['ticket', ticketWay, 'job-8'],
  ['collected', pickupWays.collected, 'job-3'],
  ['feedback-kept', feedbackWays['feedback-kept'], 'job-9'],
  ['proof', printWays.proof, RUN_JOB],
] as const
const onEitherPaper = pages.filter(([page]) => page !== 'proof')

const BOTH = sampleWorld()
const onlyA4 = sampleWorld({ printers: { a4: true, receipt: false } })
const none = sampleWorld({ printers: { a4: false, receipt: false } })
const play = (
  events: readonly SessionEvent[],
  world: World = BOTH,
  from: SessionState = initialState(true),
): Transition =>
  events.reduce<Transition>(({ state }, event) => transition(state, event, world), {
    state: from,
    effects: [],
  })
const failed = (jobId: string): SessionEvent => ({
  type: 'print-outcome',
  jobId,
  outcome: { outcome: 'failed', reason: 'paper-out' },
})
const retry = (jobId: string, next: string, known: 'accepted' | null = null): SessionEvent => ({
  type: 'print-wanted',
  action: { type: 'retry-print', jobId, key: `again-${jobId}` },
  jobId: next,
  known:
    known === null
      ? null
      : {
          job: { jobId: next, kind: 'queue-ticket', paper: 'receipt', pages: null },
          state: known,
          reason: null,
          canReportNothing: false,
        },
})
const CHANGED: SessionEvent = { type: 'world-changed' }
const prints = ({ effects }: Transition) => effects.filter(({ type }) => type === 'print')
const slipOf = ({ state: { view } }: Transition): SlipView => {
  if (!hasSlip(view)) throw new Error(`${view.name} has no slip`)
  return view.slip
}

describe.each(pages)('the slip of %s', (page, way, jobId) => {
  const over = play([failed(jobId)], none, play(way).state)

  it('that surely did not come out is offered again when a printer works, and not before', () => {
    expect(slipOf(over)).toMatchObject({ state: 'failed', again: null })
    expect(prints(play([retry(jobId, 'job-20')], none, over.state))).toEqual([])
    const works = play([CHANGED], BOTH, over.state)
    expect(slipOf(works).again).toBe(page === 'proof' ? 'a4' : 'receipt')
    // Never by itself.
    expect(prints(works)).toEqual([])
  })

  it('comes out beside what the page tells, once for each touch that asks for it', () => {
    const works = play([CHANGED], BOTH, over.state)
    const again = play([retry(jobId, 'job-20')], BOTH, works.state)
    expect(prints(again)).toMatchObject([{ key: `again-${jobId}`, retryOf: null, job: { jobId: 'job-20' } }])
    expect(again.state.view.name).toBe(page)
    expect(slipOf(again)).toMatchObject({ state: 'printing', again: null, job: { jobId: 'job-20' } })
    expect(again.state.trail).toEqual(works.state.trail)
    // The second touch comes with the same key, which the ledger knows by then; and as of a page loaded anew.
    const twice = play([retry(jobId, 'job-20', 'accepted')], BOTH, again.state)
    expect(twice.state.view).toEqual(again.state.view)
    for (const event of [retry(jobId, 'job-21'), retry('job-20', 'job-21')])
      expect(prints(play([event], BOTH, again.state))).toEqual([])
  })

  it('may fail again, and is still there to be asked for', () => {
    const again = play([CHANGED, retry(jobId, 'job-20'), failed('job-20')], BOTH, over.state)
    expect(slipOf(again)).toMatchObject({ state: 'failed', again: expect.any(String) })
    expect(prints(play([retry('job-20', 'job-21')], BOTH, again.state))).toHaveLength(1)
  })

  it('that may have come out is tried once more before a witness alone, and then no more', () => {
    const doubted: SessionEvent = {
      type: 'print-outcome',
      jobId,
      outcome: { outcome: 'printed', proof: 'probable' },
    }
    const doubtful = play([doubted], BOTH, play(way).state)
    expect(slipOf(doubtful)).toMatchObject({ canReportNothing: true, again: null })
    expect(prints(play([retry(jobId, 'job-20')], BOTH, doubtful.state))).toEqual([])
    const witnessed = play(
      [{ type: 'nothing-came-out', jobId, noted: true }, retry(jobId, 'job-20')],
      BOTH,
      doubtful.state,
    )
    expect(prints(witnessed)).toMatchObject([{ retryOf: jobId }])
    expect(witnessed.state.view.name).toBe(page)
    const unsure = play([{ ...doubted, jobId: 'job-20' }], BOTH, witnessed.state)
    expect(slipOf(unsure)).toMatchObject({ state: 'probable', canReportNothing: false, again: null })
  })

  it('that no printer’s fault kept back is not tried again: it would fail as it did', () => {
    const ofDocument: SessionEvent = {
      type: 'print-outcome',
      jobId,
      outcome: { outcome: 'failed', reason: null },
    }
    expect(slipOf(play([ofDocument, CHANGED], BOTH, play(way).state)).again).toBeNull()
  })

  it('is gone with its citizen', () => {
    const gone = play([act({ type: 'end' })], BOTH, over.state)
    expect(gone.state.personal.slipPrint).toBeNull()
    expect(prints(play([CHANGED, retry(jobId, 'job-20')], BOTH, gone.state))).toEqual([])
  })
})

describe.each(onEitherPaper)('the slip of %s', (page, way, jobId) => {
  it('that could not even be tried waits on the page until a printer works', () => {
    const there = play(way, none)
    expect(prints(there)).toEqual([])
    expect(there.state.view.name).toBe(page)
    expect(slipOf(there)).toMatchObject({ state: 'none', again: null, canReportNothing: false })
    const works = play([CHANGED], BOTH, there.state)
    expect(slipOf(works)).toMatchObject({ state: 'none', again: 'receipt' })
    expect(prints(play([retry(jobId, 'job-20')], BOTH, works.state))).toMatchObject([
      { job: { jobId: 'job-20', paper: 'receipt' } },
    ])
  })

  it('comes out on A4 where the citizen would rather not wait for the slip printer', () => {
    const over = play([failed(jobId)], onlyA4, play(way).state)
    expect(slipOf(over).again).toBe('a4' satisfies PrintPaper)
    const again = play([retry(jobId, 'job-20')], onlyA4, over.state)
    expect(prints(again)).toMatchObject([{ job: { jobId: 'job-20', paper: 'a4' } }])
    expect(slipOf(again)).toMatchObject({ state: 'printing', job: { paper: 'a4' } })
  })
})

it('an issuer’s paper is never set on receipt paper', () => {
  const onlyReceipt = sampleWorld({ printers: { a4: false, receipt: true } })
  const over = play([failed(RUN_JOB), CHANGED], onlyReceipt, play(printWays.proof).state)
  expect(slipOf(over)).toMatchObject({ state: 'failed', again: null })
})
