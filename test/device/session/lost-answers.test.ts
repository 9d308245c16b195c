/** An answer that is lost, or is a refusal, or breaks: whoever waits is told, and waits no longer. */
import { describe, expect, it, onTestFinished } from 'vitest'
import type { DeadEnd, PaperProblem, PrintEnd, TerminalView } from '../../../device/http/contract.ts'
import { type JobOutcome, PrintLedger } from '../../../device/printing/ledger.ts'
import type { ErrandOutcome } from '../../../device/session/errands.ts'
import { Session } from '../../../device/session/session.ts'
import { initialState, type SessionEvent, type SessionState } from '../../../device/session/state.ts'
import { transition } from '../../../device/session/transition.ts'
import { openStore } from '../../../device/store/store.ts'
import { temporaryFolder } from '../support/house.ts'
import { PERSON, sampleCard, sampleWorld } from '../support/samples.ts'
import { action, card, outcome, PRINTING, play, QUEUE_ASKED, TICKET_ASKED } from './every-page.ts'
import { keepFeedback, REPORT_SAID } from './feedback-ways.ts'
import { worldWithout } from './lost-parts-worlds.ts'
import { collect, shown } from './pickup-ways.ts'
import { failed, papers, proofs, RUN_JOB, takeProof } from './print-ways.ts'
import { PRESENT, scanned } from './rating-ways.ts'

type Page = TerminalView['name']

const RESULT: SessionEvent = {
  type: 'print-wanted',
  action: { type: 'print-paper', paperId: '1-0-1', key: 'k' },
  jobId: RUN_JOB,
  known: null,
}
/** Each way to be waiting for the hall or for the device's own store, and the number of what is awaited. */
const waits = {
  'cases by card': { way: [card()], number: 1 },
  'a case by its receipt': { way: [scanned], number: 1 },
  'the queue': { way: QUEUE_ASKED, number: 1 },
  'a number': { way: TICKET_ASKED, number: 2 },
  'a handing over': { way: [...shown(), collect], number: 2 },
  'a proof': { way: [...proofs, takeProof], number: 2 },
  'a document': { way: [...papers, RESULT], number: 2 },
  'a report being kept': { way: [...REPORT_SAID, keepFeedback()], number: 1 },
  'a case to rate': { way: [...PRESENT, scanned], number: 1 },
} satisfies Record<string, { way: SessionEvent[]; number: number }>
type Wait = keyof typeof waits

const DEAD_ENDS: DeadEnd[] = ['case-not-found', 'no-cases', 'line-down', 'hall-trouble', 'too-many-searches']
const PROBLEMS: PaperProblem[] = ['gone', 'unusable', 'too-long', 'unavailable', 'line-down', 'hall-trouble']

const search = (deadEnd: DeadEnd): SessionEvent => ({
  type: 'answer',
  lookup: 1,
  answer: { ok: false, deadEnd },
})
const done = (number: number, what: ErrandOutcome): SessionEvent => ({
  type: 'errand-done',
  number,
  done: what,
  jobId: 'job-x',
})

/** What may come instead of an answer, and the page that it leads to. */
const comes = (wait: Wait): [SessionEvent, Page][] => {
  const { number } = waits[wait]
  // A defect of ours; a search tells of it as any trouble.
  const broke: [SessionEvent, Page] = [
    { type: 'errand-broke', number },
    wait === 'a document' ? 'print-run' : 'dead-end',
  ]
  const deadEnds = (kind: 'pickup' | 'proof' | 'ticket' | 'rating'): [SessionEvent, Page][] =>
    DEAD_ENDS.map((deadEnd) => [
      done(number, { kind, outcome: { outcome: 'dead-end', deadEnd } }),
      'dead-end',
    ])
  switch (wait) {
    case 'cases by card':
    case 'a case by its receipt':
      return DEAD_ENDS.map((one) => [search(one), 'dead-end'])
    case 'the queue':
      return [
        broke,
        ...DEAD_ENDS.map((deadEnd): [SessionEvent, Page] => [
          done(number, { kind: 'queue', outcome: { ok: false, deadEnd } }),
          'dead-end',
        ]),
      ]
    case 'a number':
      return [
        broke,
        ...deadEnds('ticket'),
        [done(number, { kind: 'ticket', outcome: { outcome: 'unknown' } }), 'ticket-unknown'],
      ]
    case 'a handing over':
      return [
        broke,
        ...deadEnds('pickup'),
        [done(number, { kind: 'pickup', outcome: { outcome: 'unknown' } }), 'pickup-unknown'],
      ]
    case 'a proof':
      return [
        broke,
        ...deadEnds('proof'),
        [done(number, { kind: 'proof', outcome: { outcome: 'unknown' } }), 'proof-unknown'],
        ...PROBLEMS.map((problem): [SessionEvent, Page] => [
          done(number, {
            kind: 'proof',
            outcome: {
              outcome: 'made',
              title: 't',
              verificationCode: 'c',
              verifyAddress: null,
              paper: { ok: false, problem },
            },
          }),
          'proof-unknown',
        ]),
      ]
    case 'a document':
      return [
        broke,
        ...PROBLEMS.map((problem): [SessionEvent, Page] => [
          done(number, { kind: 'document', outcome: { ok: false, problem } }),
          'print-run',
        ]),
      ]
    case 'a report being kept':
      return [
        broke,
        ...(['no-hall', 'no-room'] as const).map((why): [SessionEvent, Page] => [
          done(number, { kind: 'feedback', outcome: { outcome: 'not-kept', why } }),
          'feedback-form',
        ]),
      ]
    case 'a case to rate':
      return [broke, ...deadEnds('rating')]
  }
}

const everyAnswer = (Object.keys(waits) as Wait[]).flatMap((wait) =>
  comes(wait).map(([event, page]) => ({ wait, event, page })),
)
const types = ({ effects }: { effects: { type: string }[] }): string[] => effects.map(({ type }) => type)
const ended = (before: SessionState): SessionState =>
  transition(before, action({ type: 'end' }), sampleWorld()).state
const isWiped = (state: SessionState): void => {
  expect(state.personal).toEqual(initialState(true).personal)
  expect(JSON.stringify(state)).not.toContain(PERSON.masked)
}

describe('whoever waits for the hall', () => {
  it('is told in the end, whatever comes instead of an answer, and the page then ends by itself', () => {
    for (const { wait, event, page } of everyAnswer) {
      const waiting = play(waits[wait].way).state
      expect(types(play(waits[wait].way)), wait).not.toContain('arm')
      for (const world of [sampleWorld(), worldWithout('line'), worldWithout('reader')]) {
        const answered = transition(waiting, event, world)
        const { view } = answered.state
        expect(view.name, `${wait}: ${JSON.stringify(event)}`).toBe(page)
        if (view.name === 'print-run')
          expect(view).toMatchObject({ state: 'over', papers: [{ state: 'failed' }] })
        expect(answered.state.lookup).toBeNull()
        expect(answered.effects).toContainEqual({ type: 'arm', timer: 'idle' })
        isWiped(ended(answered.state))
      }
    }
  })

  it('may end before it comes: what comes late then is told to nobody, and changes nothing', () => {
    for (const { wait, event } of everyAnswer) {
      const over = ended(play(waits[wait].way).state)
      isWiped(over)
      for (const after of [over, transition(over, { type: 'timer', timer: 'ending' }, sampleWorld()).state]) {
        const late = transition(after, event, sampleWorld())
        expect(late.state, wait).toEqual(after)
        expect(late.effects).toEqual([])
      }
    }
  })

  it('goes on waiting while the line, a reader or a printer comes and goes: the answer is what counts', () => {
    for (const wait of Object.keys(waits) as Wait[]) {
      const before = play(waits[wait].way).state
      for (const loss of ['line', 'reader', 'scanner'] as const) {
        const { state, effects } = transition(before, { type: 'world-changed' }, worldWithout(loss))
        expect(state.view, wait).toEqual(before.view)
        expect(effects).toEqual([])
      }
    }
  })
})

describe('a part of the device that breaks where it is asked', () => {
  const breaks = (): never => {
    throw new Error('a defect')
  }
  const START: Record<string, (session: Session) => void> = {
    'a card': (session) => session.card({ kind: 'placed', card: sampleCard() }),
    'a code': (session) => session.scan({ kind: 'scanned', text: 'YX2026110001', symbology: null }),
    'the queue': (session) => {
      session.act({ type: 'wake' })
      session.act({ type: 'open-service', service: 'ticket' })
    },
  }

  it.each(Object.keys(START))('leaves nobody waiting for %s', async (what) => {
    await using parts = new AsyncDisposableStack()
    const db = openStore(await temporaryFolder(parts))
    parts.defer(() => void db.close())
    const troubles: unknown[] = []
    const errands = { queue: breaks, ticket: breaks, pickup: breaks, feedback: breaks, rating: breaks }
    const session = new Session({
      world: () => sampleWorld(),
      cases: { byCard: breaks, byReceipt: breaks },
      errands: { ...errands, proof: breaks, document: breaks },
      printing: { start: breaks, close: () => {} },
      ledger: new PrintLedger(db, () => {}),
      onEnd: () => {},
      onChange: () => {},
      onTrouble: (error) => troubles.push(error),
    })
    onTestFinished(() => session.close())
    START[what]?.(session)
    await expect.poll(() => session.view).toMatchObject({ name: 'dead-end', deadEnd: 'hall-trouble' })
    expect(troubles).toHaveLength(1)
  })
})

describe('whoever waits for paper', () => {
  const REASONS = ['paper-out', 'line-lost', 'offline', 'cover-open', 'no-answer'] as const
  const ends: [JobOutcome, PrintEnd][] = [
    ...REASONS.map((reason): [JobOutcome, PrintEnd] => [{ outcome: 'failed', reason }, 'failed']),
    ...REASONS.map((reason): [JobOutcome, PrintEnd] => [{ outcome: 'unknown', reason }, 'unknown']),
    [{ outcome: 'failed', reason: null }, 'failed'],
  ]
  const SENT: SessionEvent[] = [
    ...PRINTING,
    { type: 'print-sending', jobId: 'job-1', pages: null },
    { type: 'print-sent', jobId: 'job-1' },
  ]

  it('is told how it ended at whichever stage its printer was lost, and the page then ends by itself', () => {
    for (const stage of [PRINTING, SENT.slice(0, -1), SENT]) {
      for (const [end, shownAs] of ends) {
        const gone = worldWithout('both printers')
        const stopped = transition(play(stage).state, { type: 'world-changed' }, gone).state
        // Before the first byte the driver is asked, and says no: nothing has stopped yet.
        expect(stopped.view).toMatchObject({
          name: 'printing',
          trouble: stage === PRINTING ? null : 'line-lost',
        })
        const told = transition(stopped, outcome('job-1', end), gone)
        expect(told.state.view).toMatchObject({
          name: 'printed',
          outcome: shownAs,
          reason: end.outcome === 'printed' ? null : end.reason,
          again: false,
        })
        expect(told.effects).toContainEqual({ type: 'arm', timer: 'idle' })
        const works = transition(told.state, { type: 'world-changed' }, sampleWorld()).state
        const surelyNot = end.outcome === 'failed' && end.reason !== null
        expect(works.view).toMatchObject({ again: surelyNot, canReportNothing: shownAs === 'unknown' })
        isWiped(ended(told.state))
      }
    }
  })

  it('has what is left of several papers held for its printer, and none of it printed after the end', () => {
    const going = play([
      ...papers,
      RESULT,
      done(2, { kind: 'document', outcome: { ok: true, pdf: new Uint8Array(9), pages: 1 } }),
    ]).state
    const held = transition(going, failed(RUN_JOB), worldWithout('page printer'))
    expect(held.state.view).toMatchObject({ name: 'print-run', state: 'held', trouble: { paper: 'a4' } })
    expect(held.effects).toContainEqual({ type: 'arm', timer: 'idle' })
    const over = ended(held.state)
    isWiped(over)
    expect(types(transition(over, { type: 'world-changed' }, sampleWorld()))).toEqual([])
    expect(types(transition(held.state, { type: 'world-changed' }, sampleWorld()))).toContain('errand')
  })
})
