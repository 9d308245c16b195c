/** Reader, scanner, printer or line lost in every state: what is shown then, afterwards, and once its citizen has gone. */
import { describe, expect, it } from 'vitest'
import type { Paper, TerminalView } from '../../../device/http/contract.ts'
import { initialState, type SessionEvent, type SessionState } from '../../../device/session/state.ts'
import { transition } from '../../../device/session/transition.ts'
import { PERSON, sampleWorld } from '../support/samples.ts'
import { events } from './every-event.ts'
import { action, card, pages, play, stateAt, ways } from './every-page.ts'
import { CHANGED, foundAgain, LOSSES, type Loss, lost, lostAt, worldWithout } from './lost-parts-worlds.ts'
import { LIFTED } from './print-ways.ts'

type Page = TerminalView['name']

const NO_RECEIPT = { printable: { a4: true, receipt: false } }
const NO_A4 = { printable: { a4: false, receipt: true } }
const NEITHER = { printable: { a4: false, receipt: false } }
const printable = { 'receipt printer': NO_RECEIPT, 'page printer': NO_A4, 'both printers': NEITHER }

/** What a page says of a loss; where none is named it is the same page word for word. */
const told: Partial<Record<Page, Partial<Record<Loss, object>>>> = {
  present: { reader: { accepts: ['code'] }, scanner: { accepts: ['card'] } },
  guides: printable,
  'guide-search': printable,
  guide: printable,
  'guide-forms': printable,
  papers: {
    'page printer': { proofs: 'no-printer', printable: 2, cases: expect.anything() },
    'receipt printer': { cases: expect.anything() },
    'both printers': { proofs: 'no-printer', printable: 0, cases: expect.anything() },
    line: { proofs: 'line-down', printable: 2, cases: expect.anything() },
  },
  case: {
    'page printer': { case: expect.anything() },
    'receipt printer': { case: expect.anything() },
    'both printers': { case: expect.anything() },
    line: { case: expect.anything() },
  },
  'paper-choice': {
    'page printer': { papers: expect.anything() },
    'receipt printer': { papers: expect.anything() },
    'both printers': { papers: expect.anything() },
    line: { papers: expect.anything() },
  },
  proofs: {
    'page printer': { works: 'no-printer' },
    'both printers': { works: 'no-printer' },
    line: { works: 'line-down' },
  },
  'proof-card': { reader: { acceptsCard: false } },
  // Its paper is on its way to a printer that has stopped.
  proof: {
    'page printer': { trouble: 'line-lost' },
    'receipt printer': { checkSlip: false },
    'both printers': { trouble: 'line-lost', checkSlip: false },
  },
  'print-run': {
    'receipt printer': { trouble: { paper: 'receipt', reason: 'line-lost' } },
    'both printers': { trouble: { paper: 'receipt', reason: 'line-lost' } },
  },
  pickup: {
    reader: { acceptsCard: false },
    'receipt printer': { printable: false },
    'both printers': { printable: false },
  },
  'ticket-ways': { reader: { acceptsCard: false } },
  'ticket-code': { scanner: { acceptsCode: false } },
  'rate-present': {
    reader: { accepts: ['code'] },
    scanner: { accepts: ['card'] },
    line: { accepts: [], online: false },
  },
  'feedback-contact': { reader: { readsCards: false } },
  // It reminds of a card that is seen there.
  ending: { reader: { cardOnReader: false } },
}

const everywhere = pages.flatMap((page) => LOSSES.map((loss) => [page, loss] as const))

/** What the papers of the two cases lack to come out: the receipt and the result of each. */
const lacks = ({ view }: SessionState): Paper['lacks'][] => {
  if (view.name === 'paper-choice') return view.papers.map((paper) => paper.lacks)
  const cases = view.name === 'papers' ? view.cases : view.name === 'case' ? [view.case] : []
  return cases.flatMap((one) => one.papers.map((paper) => paper.lacks))
}

describe('whatever is lost, wherever', () => {
  it('the page stands as it is, and says what does not work', () => {
    for (const [page, loss] of everywhere) {
      if (page === 'not-enrolled') continue
      const { view } = stateAt(page)
      expect(lostAt(page, loss).view, `${page} without ${loss}`).toEqual({ ...view, ...told[page]?.[loss] })
    }
  })

  it('a paper can come out while its printer works, on the other paper where it can, a result with the line; else the page says which', () => {
    for (const page of ['papers', 'case', 'paper-choice'] as const) {
      const cases = page === 'case' ? 1 : 2
      const each = (receipt: Paper['lacks'], result: Paper['lacks']) =>
        Array(cases).fill([receipt, result]).flat()
      expect(lacks(stateAt(page)), page).toEqual(each(null, null))
      expect(lacks(lostAt(page, 'receipt printer')), page).toEqual(each(null, null))
      expect(lacks(lostAt(page, 'page printer')), page).toEqual(each(null, 'printer'))
      expect(lacks(lostAt(page, 'both printers')), page).toEqual(each('printer', 'printer'))
      expect(lacks(lostAt(page, 'line')), page).toEqual(each(null, 'line'))
    }
  })

  it('the page is what it was once that is back', () => {
    for (const [page, loss] of everywhere) {
      const before = stateAt(page)
      const after = foundAgain(lost(before, loss), loss, before.cardOnReader)
      expect(after.view, `${page}, ${loss} back`).toEqual(
        page === 'not-enrolled' ? { name: 'rest' } : before.view,
      )
      expect(after.personal.card === null, `${page}, ${loss} back`).toBe(before.personal.card === null)
      expect(after.trail.map(({ name }) => name)).toEqual(before.trail.map(({ name }) => name))
    }
  })

  it('nothing that is touched or told then throws, and nobody is led to a page that waits for nothing', () => {
    for (const [page, loss] of everywhere) {
      const there = lostAt(page, loss)
      const world = worldWithout(loss)
      for (const event of events) {
        const { state, effects } = transition(there, event, world)
        const { name } = state.view
        if (name === page || (name !== 'waiting' && name !== 'looking-up')) continue
        const asked = effects.filter(({ type }) => type === 'errand' || type.startsWith('search'))
        expect(asked.length, `${page} without ${loss}, ${event.type}`).toBe(1)
      }
    }
  })

  it('the end leaves nothing of the person, there and once it is back', () => {
    let ends = 0
    for (const [page, loss] of everywhere) {
      const there = lostAt(page, loss)
      const back = foundAgain(there, loss, stateAt(page).cardOnReader)
      for (const [before, world] of [
        [there, worldWithout(loss)],
        [back, sampleWorld()],
      ] as const) {
        if (before.usage === null) continue
        ends += 1
        const { state, effects } = transition(before, action({ type: 'end' }), world)
        const { view, cardOnReader, lookups, leftCard, ...rest } = state
        const { view: _, cardOnReader: __, lookups: ___, leftCard: ____, ...fresh } = initialState(true)
        expect(view).toEqual({ name: 'ending', cardOnReader })
        expect(rest).toEqual(fresh)
        expect(JSON.stringify(state)).not.toContain(PERSON.masked)
        expect(effects.map(({ type }) => type)).toContain('end')
      }
    }
    expect(ends).toBe((pages.length - 3) * LOSSES.length * 2)
  })
})

describe('a reader that is lost with a card on it', () => {
  const NOW = sampleWorld().nowMs
  const at = (afterMs: number) => sampleWorld({ nowMs: NOW + afterMs })
  const types = ({ effects }: { effects: { type: string }[] }): string[] => effects.map(({ type }) => type)
  const onCard = (page: Page): SessionEvent[] => [...ways[page], card()]

  it('leads nobody away from what they read when it is back', () => {
    for (const page of ['home', 'guides', 'guide', 'guide-search', 'guide-forms'] as const) {
      const known = play([...ways['looking-up'], action({ type: 'home' })]).state
      const before = play(ways[page].slice(1), sampleWorld(), known).state
      const after = foundAgain(lost(before, 'reader'), 'reader', true)
      expect(before.view.name).toBe(page)
      expect(after.view).toEqual(before.view)
      expect(after.personal.card).not.toBeNull()
    }
  })

  it('keeps nobody’s page alive who has gone, however often it comes and goes', () => {
    let { state } = transition(play(onCard('rest')).state, action({ type: 'home' }), sampleWorld())
    state = transition(state, { type: 'timer', timer: 'idle' }, sampleWorld()).state
    expect(state.warning).toBe(true)
    for (let round = 0; round < 5; round += 1) {
      const unseen = transition(state, LIFTED, at(round * 10_000))
      const again = transition(unseen.state, card(), at(round * 10_000 + 900))
      expect([...types(unseen), ...types(again)]).toEqual([])
      state = again.state
    }
    expect(state.warning).toBe(true)
    expect(transition(state, { type: 'timer', timer: 'warning' }, sampleWorld()).state.view.name).toBe(
      'ending',
    )
  })

  it('opens nothing by itself when it is back after its owner’s session', () => {
    for (const page of ['papers', 'case', 'printed', 'feedback-contact'] as const) {
      const before = lost(play([...ways[page], card()]).state, 'reader')
      const ended = transition(
        before,
        action({ type: 'end' }),
        worldWithout('reader', { nowMs: NOW + 60_000 }),
      ).state
      const rest = transition(ended, { type: 'timer', timer: 'ending' }, worldWithout('reader')).state
      const back = transition(rest, CHANGED, at(120_000)).state
      const again = transition(back, card(), at(120_900))
      expect(again.state.view.name).toBe('rest')
      expect(again.state.personal.person).toBeNull()
      expect(types(again)).not.toContain('search-card')
      // Who comes later with the same card is served.
      const taken = transition(transition(again.state, LIFTED, at(121_000)).state, CHANGED, at(121_000)).state
      expect(transition(taken, card(), at(125_000)).state.view.name).toBe('looking-up')
    }
  })

  it('is a new showing where the card was surely lifted, or is somebody else’s', () => {
    const before = lost(
      transition(play(onCard('rest')).state, action({ type: 'home' }), sampleWorld()).state,
      'reader',
    )
    const back = transition(before, CHANGED, at(60_000)).state
    expect(transition(back, card(), at(63_100)).state.view.name).toBe('looking-up')
    const other = transition(back, card('digest-of-another'), at(60_100))
    expect(other.state.view.name).toBe('looking-up')
    expect(types(other)).toContain('end')
  })

  it('asks nobody to show a card or a code again that it cannot take', () => {
    const problems: [Page, SessionEvent, Loss][] = [
      ['present', { type: 'card-unreadable' }, 'reader'],
      ['present', { type: 'scan-rejected', reason: 'too-long' }, 'scanner'],
      ['rate-present', { type: 'card-unreadable' }, 'reader'],
      ['rate-present', { type: 'scan-rejected', reason: 'not-text' }, 'scanner'],
      ['rate-present', { type: 'scan-rejected', reason: 'not-text' }, 'line'],
      ['ticket-ways', { type: 'card-unreadable' }, 'reader'],
      ['proof-card', { type: 'card-unreadable' }, 'reader'],
    ]
    for (const [page, event, loss] of problems) {
      const tried = transition(stateAt(page), event, sampleWorld()).state
      expect(tried.view, page).not.toMatchObject({ problem: null })
      expect(lost(tried, loss).view, `${page} without ${loss}`).toMatchObject({ name: page, problem: null })
    }
  })
})
