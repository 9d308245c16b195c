import { describe, expect, it } from 'vitest'
import type { TerminalAction } from '../../../device/http/contract.ts'
import {
  initialState,
  type PrintAction,
  type SessionEvent,
  type SessionState,
  type Transition,
  type World,
} from '../../../device/session/state.ts'
import { transition } from '../../../device/session/transition.ts'
import { PERSON, sampleCase, sampleGuide, sampleWorld } from '../support/samples.ts'
import { events, job } from './every-event.ts'
import {
  action,
  answer,
  card,
  outcome,
  PAPERS,
  PRINTING,
  pages,
  play,
  printPaper,
  probable,
  stateAt,
  ways,
} from './every-page.ts'

const worlds: World[] = [
  sampleWorld(),
  sampleWorld({
    online: false,
    accepts: { card: false, code: false },
    printers: { a4: false, receipt: false },
    guides: [],
  }),
]
describe('every page × every event', () => {
  it('is reached by its way', () => {
    for (const page of pages) expect(stateAt(page).view.name).toBe(page)
  })

  it('has a next page, and nothing throws', () => {
    for (const page of pages) {
      for (const event of events) {
        for (const world of worlds) {
          const { state, effects } = transition(stateAt(page), event, world)
          expect(pages, `${page}, ${event.type}`).toContain(state.view.name)
          expect(effects.length).toBeLessThan(5)
        }
      }
    }
  })

  it('shows nothing that the device cannot take where it is not enrolled', () => {
    for (const event of events) {
      if (event.type === 'world-changed') continue
      expect(transition(stateAt('not-enrolled'), event, sampleWorld()).state.view.name).toBe('not-enrolled')
    }
    expect(play([{ type: 'world-changed' }], sampleWorld(), initialState(false)).state.view.name).toBe('rest')
  })

  it('has one timer at most: none at rest, none while paper moves or the hall is asked', () => {
    for (const page of pages) {
      const armed = ways[page].length > 0 ? play(ways[page]).effects.filter(({ type }) => type === 'arm') : []
      expect(armed.length, page).toBeLessThanOrEqual(1)
    }
    expect(play(PRINTING).effects.at(-1)).toEqual({ type: 'disarm' })
    expect(play([action({ type: 'wake' }), card()]).effects.at(-1)).toEqual({ type: 'disarm' })
  })
})

describe('the end', () => {
  it('from every page leaves nothing of the person', () => {
    const seen: string[] = []
    for (const page of pages) {
      const before: SessionState = {
        ...stateAt(page),
        preferences: { language: 'en', largeType: true, highContrast: true, reach: true, sound: false },
      }
      const { state } = transition(before, action({ type: 'end' }), sampleWorld())
      if (before.usage === null) continue
      seen.push(page)
      const { view, cardOnReader, lookups, leftCard, ...rest } = state
      const { view: _, cardOnReader: __, lookups: ___, leftCard: ____, ...fresh } = initialState(true)
      expect(view).toEqual({ name: 'ending', cardOnReader })
      expect(rest).toEqual(fresh)
      expect(lookups).toBe(before.lookups)
      // Of a card that still lies there a digest is kept, so that it does not open its owner's papers again.
      expect(leftCard?.person).toBe(before.personal.card === null ? undefined : 'digest-of-lin')
    }
    expect(seen).toEqual(pages.filter((page) => !['not-enrolled', 'rest', 'ending'].includes(page)))
  })

  it('comes 30 s after the warning, 60 s after the last touch, from a page that waits', () => {
    const warned = play([...PAPERS, { type: 'timer', timer: 'idle' }])
    expect(warned.state.warning).toBe(true)
    expect(warned.effects).toEqual([{ type: 'arm', timer: 'warning' }])
    const ended = transition(warned.state, { type: 'timer', timer: 'warning' }, sampleWorld())
    expect(ended.state.view).toEqual({ name: 'ending', cardOnReader: true })
    expect(ended.effects).toContainEqual({
      type: 'end',
      services: ['my-papers'],
      seconds: 0,
      endedBy: 'idle',
    })
    expect(ended.effects).toContainEqual({ type: 'arm', timer: 'ending' })
  })

  it('is put off by any touch while the warning stands', () => {
    const warned = play([...PAPERS, { type: 'timer', timer: 'idle' }])
    const kept = transition(warned.state, action({ type: 'touch' }), sampleWorld())
    expect(kept.state.warning).toBe(false)
    expect(kept.effects).toEqual([{ type: 'arm', timer: 'idle' }])
    // A timer that fired a moment too late is not obeyed.
    expect(transition(kept.state, { type: 'timer', timer: 'warning' }, sampleWorld()).state.view.name).toBe(
      'papers',
    )
  })

  it('page forgets the card lying there once it is lifted, and gives way to rest', () => {
    const ending = play([...PAPERS, action({ type: 'end' })])
    expect(ending.state.view).toEqual({ name: 'ending', cardOnReader: true })
    const lifted = transition(ending.state, { type: 'card-lifted' }, sampleWorld())
    expect(lifted.state.view).toEqual({ name: 'ending', cardOnReader: false })
    expect(lifted.effects).toEqual([])
    expect(transition(lifted.state, { type: 'timer', timer: 'ending' }, sampleWorld()).state.view.name).toBe(
      'rest',
    )
  })
})

describe('a card that its owner left on the plate', () => {
  const END = action({ type: 'end' })
  const ASK = action({ type: 'open-service', service: 'my-papers' })
  const LIFTED: SessionEvent = { type: 'card-lifted' }
  const CHANGED: SessionEvent = { type: 'world-changed' }
  /** Each event so many milliseconds after the one before; with the reader out of work where it says so. */
  const later = (from: SessionState, ...steps: [ms: number, SessionEvent, 'reader-down'?][]): Transition => {
    let nowMs = sampleWorld().nowMs
    return steps.reduce<Transition>(
      ({ state }, [ms, event, down]) => {
        nowMs += ms
        const accepts = { card: down === undefined, code: true }
        return transition(state, event, sampleWorld({ nowMs, accepts }))
      },
      { state: from, effects: [] },
    )
  }
  const ended = play([...PAPERS, END]).state
  const names = ({ effects }: Transition): string[] => effects.map(({ type }) => type)

  it('opens nothing when it is seen again at once, at rest, at home or where a card is asked for', () => {
    for (const page of [[], [action({ type: 'wake' })], [action({ type: 'wake' }), ASK]]) {
      const there = page.reduce((state, event) => transition(state, event, sampleWorld()).state, ended)
      const again = later(there, [5, LIFTED], [900, card()])
      expect(again.state.view.name).toBe(there.view.name)
      expect(again.state.personal.person).toBeNull()
      expect(again.state.cardOnReader).toBe(true)
      expect(names(again)).not.toContain('search-card')
      expect(names(again)).not.toContain('arm')
    }
  })
  it('opens nothing however often it is seen again, and counts as no touch', () => {
    const home = transition(ended, action({ type: 'wake' }), sampleWorld()).state
    const warned = transition(home, { type: 'timer', timer: 'idle' }, sampleWorld()).state
    const again = later(warned, [5, LIFTED], [900, card()], [9000, LIFTED], [900, card()])
    expect(again.state.warning).toBe(true)
    expect(again.state.personal.person).toBeNull()
  })

  it('opens its session again once it was surely lifted, and another card at once', () => {
    expect(later(ended, [5, LIFTED], [3100, card()]).state.view.name).toBe('looking-up')
    expect(later(ended, [5, LIFTED], [2900, card()]).state.view.name).toBe('ending')
    const other = later(ended, [5, LIFTED], [100, card('digest-of-another')])
    expect(other.state.view.name).toBe('looking-up')
    expect(other.state.leftCard).toBeNull()
  })

  it('is not lifted by a reader that is gone: time counts from when it works again', () => {
    const lost = later(ended, [5, LIFTED], [5, CHANGED, 'reader-down'])
    const back = later(lost.state, [60_000, CHANGED, 'reader-down'], [5, CHANGED], [800, card()])
    expect(back.state.personal.person).toBeNull()
    const early = later(lost.state, [60_000, card(), 'reader-down'])
    expect(early.state.personal.person).toBeNull()
    const lifted = later(lost.state, [60_000, CHANGED], [3100, card()])
    expect(lifted.state.view.name).toBe('looking-up')
  })

  it('that was taken before the end opens the next session at once', () => {
    const taken = play([...PAPERS, LIFTED, END]).state
    expect(taken.leftCard).toBeNull()
    expect(later(taken, [5, card()]).state.view.name).toBe('looking-up')
  })

  it('stays the same one through the sessions of people who touch the screen only', () => {
    const through = later(
      ended,
      [5, action({ type: 'wake' })],
      [5, END],
      [5, { type: 'timer', timer: 'ending' }],
    )
    expect(later(through.state, [5, LIFTED], [900, card()]).state.view.name).toBe('rest')
  })
})

describe('a card', () => {
  it('that lies badly is no touch but where it changes the page, nor is one that is lifted', () => {
    const idle = (state: SessionState): SessionState =>
      transition(state, { type: 'timer', timer: 'idle' }, sampleWorld()).state
    for (const page of ['guides', 'guide', 'papers', 'case', 'dead-end', 'printed'] as const) {
      const warned = idle(stateAt(page))
      for (const type of ['card-unreadable', 'card-lifted'] as const) {
        const { state, effects } = transition(warned, { type }, sampleWorld())
        expect([page, state.warning, effects]).toEqual([page, true, []])
      }
    }
    const asking = play([
      action({ type: 'wake' }),
      action({ type: 'open-service', service: 'my-papers' }),
    ]).state
    const told = transition(idle(asking), { type: 'card-unreadable' }, sampleWorld())
    expect(told.state).toMatchObject({ warning: false, view: { problem: 'unreadable-card' } })
    expect(told.effects).toEqual([{ type: 'arm', timer: 'idle' }])
    const again = transition(idle(told.state), { type: 'card-unreadable' }, sampleWorld())
    expect(again.state.warning).toBe(true)
    expect(again.effects).toEqual([])
  })

  it('at rest is an intent: it is looked up, and the papers greet the masked name', () => {
    const { state, effects } = play([card()])
    expect(state.view).toEqual({ name: 'looking-up', by: 'card' })
    expect(effects[0]).toMatchObject({ type: 'search-card', lookup: 1 })
    expect(play(PAPERS).state.view).toMatchObject({ name: 'papers', personMasked: PERSON.masked })
  })

  it('that is lifted at rest does nothing', () => {
    expect(play([{ type: 'card-lifted' }]).state.view.name).toBe('rest')
  })

  it('that is lifted does not end the session', () => {
    const { state } = play([...PAPERS, { type: 'card-lifted' }])
    expect(state.view.name).toBe('papers')
    expect(state.personal.card).toBeNull()
  })

  it('of another person ends the first session before the second begins', () => {
    const { state, effects } = play([
      ...PAPERS,
      action({ type: 'prefer', preferences: { language: 'en' } }),
      card('digest-of-another'),
    ])
    expect(state.view).toEqual({ name: 'looking-up', by: 'card' })
    expect(state.personal).toMatchObject({ person: 'digest-of-another', documents: {}, lastPrint: null })
    expect(state.trail).toEqual([{ name: 'home' }])
    expect(state.preferences.language).toBe('zh')
    expect(effects.map(({ type }) => type)).toEqual(['end', 'search-card', 'disarm'])
    // What the hall says of the first person comes too late.
    expect(transition(state, answer(1), sampleWorld()).state.view.name).toBe('looking-up')
  })

  it('of the same person, put down again, leaves the page as it is', () => {
    const lifted = play([...PAPERS, { type: 'card-lifted' }]).state
    const later = sampleWorld({ nowMs: sampleWorld().nowMs + 3000 })
    const { state, effects } = transition(lifted, card(), later)
    expect(state.view.name).toBe('papers')
    expect(effects.map(({ type }) => type)).toEqual(['arm'])
  })

  it('that still lies there is used by the next service without being asked for again', () => {
    const { state } = play([
      ...PAPERS,
      action({ type: 'home' }),
      action({ type: 'open-service', service: 'progress' }),
    ])
    expect(state.view).toEqual({ name: 'looking-up', by: 'card' })
  })

  it('that cannot be read is asked for again, saying why', () => {
    expect(play([{ type: 'card-unreadable' }]).state.view).toMatchObject({
      name: 'present',
      service: 'my-papers',
      problem: 'unreadable-card',
    })
  })

  it('with the line down leads to a dead end at once', () => {
    const { state, effects } = play([card()], sampleWorld({ online: false }))
    expect(state.view).toEqual({ name: 'dead-end', deadEnd: 'line-down', service: 'my-papers' })
    expect(effects.map(({ type }) => type)).toEqual(['arm'])
  })
})

describe('a code', () => {
  it('of a receipt opens that case', () => {
    const scan: SessionEvent = { type: 'scanned', text: ' YX2026110001\n' }
    expect(play([scan]).effects[0]).toEqual({ type: 'search-code', lookup: 1, caseNo: 'YX2026110001' })
    expect(play([scan, answer(1, [sampleCase('YX2026110001')])]).state.view).toMatchObject({
      name: 'case',
      provedBy: 'receipt',
      personMasked: null,
    })
  })

  it('that is no case number is never sent to the hall', () => {
    for (const text of ['https://shop.example/', 'a'.repeat(51), '\u0000', '<script>', '../v1/devices', '']) {
      const { state, effects } = play([{ type: 'scanned', text }])
      expect(state.view).toEqual({ name: 'dead-end', deadEnd: 'case-not-found', service: 'progress' })
      expect(effects.map(({ type }) => type)).toEqual(['arm'])
    }
  })

  it('is not asked for where its scanner is down', () => {
    const world = sampleWorld({ accepts: { card: true, code: false } })
    const { state } = play(
      [action({ type: 'wake' }), action({ type: 'open-service', service: 'progress' })],
      world,
    )
    expect(state.view).toMatchObject({ name: 'present', accepts: ['card'] })
  })
})

describe('papers', () => {
  it('stand in the order of what can be done now', () => {
    const cases = [
      sampleCase('A1', { state: 'collected' }),
      sampleCase('A2', { state: 'ready' }),
      sampleCase('A3', { state: 'supplement' }),
      sampleCase('A4', { state: 'accepted', acceptedAt: '2026-11-20T10:00:00+08:00' }),
    ]
    const { view } = play([card(), answer(1, cases)]).state
    expect(view.name === 'papers' && view.cases.map(({ caseNo }) => caseNo)).toEqual(['A3', 'A2', 'A4', 'A1'])
  })

  it('that are results are printed on A4 as their issuer made them, while the line is up', () => {
    const { view } = play(PAPERS).state
    const papers = view.name === 'papers' ? view.cases[0]?.papers : []
    expect(papers?.map(({ kind, lacks }) => [kind, lacks])).toEqual([
      ['receipt', null],
      ['result', null],
    ])
    expect(play([...PAPERS, printPaper('1-0-1')]).state.view.name).toBe('print-run')
    const offline = transition(play(PAPERS).state, { type: 'world-changed' }, sampleWorld({ online: false }))
    expect(transition(offline.state, printPaper('1-0-1'), sampleWorld({ online: false })).state.view).toEqual(
      offline.state.view,
    )
  })

  it('say at once when their printer goes, and use the other one', () => {
    const gone = transition(
      play(PAPERS).state,
      { type: 'world-changed' },
      sampleWorld({ printers: { a4: true, receipt: false } }),
    )
    const { view } = gone.state
    expect(view.name === 'papers' && view.cases[0]?.papers[0]).toMatchObject({
      onReceiptPaper: false,
      lacks: null,
    })
    const none = transition(gone.state, { type: 'world-changed' }, worlds[1] as World)
    expect(none.state.view.name === 'papers' && none.state.view.cases[0]?.papers[0]?.lacks).toBe('printer')
  })
})

describe('a print', () => {
  it('is sent once for one key', () => {
    const first = play(PRINTING)
    expect(first.effects[0]).toMatchObject({ type: 'print', key: 'key-of-job-1', retryOf: null })
    const again = transition(first.state, printPaper('1-0-0', 'job-2'), sampleWorld())
    expect(again.effects.filter(({ type }) => type === 'print')).toEqual([])
    expect(again.state.view).toEqual(first.state.view)
  })

  it('with a used key shows the job that it stands for', () => {
    const known = { job, state: 'printed', reason: null, canReportNothing: false } as const
    const wanted: SessionEvent = {
      type: 'print-wanted',
      action: { type: 'print-paper', paperId: '1-0-0', key: 'k' },
      jobId: 'job-2',
      known,
    }
    const { state, effects } = transition(play(PAPERS).state, wanted, sampleWorld())
    expect(state.view).toMatchObject({ name: 'printed', outcome: 'confirmed', job: { jobId: 'job-1' } })
    expect(effects.filter(({ type }) => type === 'print')).toEqual([])
  })

  it('can be doubted once when the printer gave no proof, and repeated once before a witness', () => {
    const printed = play([...PRINTING, probable])
    expect(printed.state.view).toMatchObject({ name: 'printed', canReportNothing: true })
    const doubted = transition(
      printed.state,
      { type: 'nothing-came-out', jobId: 'job-1', noted: true },
      sampleWorld(),
    )
    expect(doubted.state.view).toMatchObject({ name: 'nothing-came-out', retry: true })
    const retried = transition(
      doubted.state,
      {
        type: 'print-wanted',
        action: { type: 'retry-print', jobId: 'job-1', key: 'k2' },
        jobId: 'job-2',
        known: null,
      },
      sampleWorld(),
    )
    expect(retried.effects[0]).toMatchObject({ type: 'print', key: 'k2', retryOf: 'job-1' })
    const over = transition(
      retried.state,
      outcome('job-2', { outcome: 'unknown', reason: 'no-answer' }),
      sampleWorld(),
    )
    expect(over.state.view).toMatchObject({ name: 'printed', outcome: 'unknown', canReportNothing: false })
  })

  it('that the printer has proved, or surely refused, is not doubted', () => {
    for (const value of [
      { outcome: 'printed', proof: 'confirmed' },
      { outcome: 'failed', reason: 'paper-out' },
    ] as const) {
      expect(play([...PRINTING, outcome('job-1', value)]).state.view).toMatchObject({
        canReportNothing: false,
      })
    }
  })

  it('goes on when its citizen has gone, and tells nobody else', () => {
    const { state } = play([...PRINTING, action({ type: 'end' })])
    expect(transition(state, probable, sampleWorld()).state.view.name).toBe('ending')
  })

  it('that a restart cut off: whoever is there is told only that paper may lie in the tray', () => {
    const { state, effects } = play([{ type: 'interrupted-print', paper: 'a4' }])
    expect(state.view).toEqual({ name: 'paper-left', paper: 'a4' })
    expect(effects).toEqual([{ type: 'arm', timer: 'idle' }])
  })
})

describe('the way back', () => {
  const walk = (actions: Exclude<TerminalAction, { type: PrintAction['type'] | 'nothing-came-out' }>[]) =>
    play(actions.map(action)).state.view

  it('leads to where one came from', () => {
    const toGuide = [
      { type: 'wake' },
      { type: 'open-service', service: 'guides' },
      { type: 'choose-life-event', lifeEvent: 'travel' },
      { type: 'open-guide', itemCode: sampleGuide.itemCode },
    ] as const
    expect(walk([...toGuide, { type: 'back' }])).toMatchObject({ name: 'guides', lifeEvent: 'travel' })
    expect(walk([...toGuide, { type: 'back' }, { type: 'back' }])).toMatchObject({
      name: 'guides',
      lifeEvent: null,
    })
    expect(walk([...toGuide, { type: 'back' }, { type: 'back' }, { type: 'back' }])).toEqual({ name: 'home' })
  })

  it('from a printed paper leads to its case', () => {
    const printed = [...ways.case, printPaper('1-0-0'), probable, action({ type: 'back' })]
    expect(play(printed).state.view.name).toBe('case')
  })

  it('from papers found by a card leads home, and from a dead end to one more try', () => {
    expect(play([...PAPERS, action({ type: 'back' })]).state.view.name).toBe('home')
    const wrongCode = [...ways.present, { type: 'scanned', text: '!' } as const, action({ type: 'back' })]
    expect(play(wrongCode).state.view).toMatchObject({ name: 'present', service: 'progress', problem: null })
  })

  it('is closed while paper moves', () => {
    expect(play([...PRINTING, action({ type: 'back' })]).state.view.name).toBe('printing')
    expect(play([...PRINTING, action({ type: 'home' })]).state.view.name).toBe('printing')
  })
})
