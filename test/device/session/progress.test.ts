/** What a receipt and a card open of a case, whoever they belong to, and what is said of codes and cards that do not. */
import { describe, expect, it } from 'vitest'
import { initialState, type SessionEvent, type World } from '../../../device/session/state.ts'
import { transition } from '../../../device/session/transition.ts'
import type { IdCard } from '../../../drivers/id-reader/card.ts'
import { Personal } from '../../../drivers/personal.ts'
import type { Case } from '../../../sync/protocol/cases.ts'
import { PERSON, sampleCard, sampleCase, sampleWorld } from '../support/samples.ts'
import { act, card } from './pickup-ways.ts'

const CASE_NO = 'YX2026110001'
const play = (events: SessionEvent[], world: World = sampleWorld()) =>
  events.reduce<ReturnType<typeof transition>>(({ state }, event) => transition(state, event, world), {
    state: initialState(true),
    effects: [],
  })
const answer = (lookup: number, cases: Case[]): SessionEvent => ({
  type: 'answer',
  lookup,
  answer: { ok: true, cases },
})
const scanned: SessionEvent = { type: 'scanned', text: CASE_NO }
const waiting = [act({ type: 'wake' }), act({ type: 'open-service', service: 'progress' })]
const byReceipt = [...waiting, scanned, answer(1, [sampleCase(CASE_NO)])]
const kindsOf = ({ state: { view } }: ReturnType<typeof play>) =>
  view.name === 'case' ? view.case.papers.map(({ kind }) => kind) : null

describe('a receipt', () => {
  it('opens receipts, notices and progress, and no result, whatever the hall sends', () => {
    const shown = play(byReceipt)
    expect(shown.state.view).toMatchObject({ name: 'case', provedBy: 'receipt', personMasked: null })
    expect(kindsOf(shown)).toEqual(['receipt'])
    expect(JSON.stringify(shown.state)).not.toContain('handle-of-result')
  })

  it('names its applicant only as the hall has masked them', () => {
    expect(play(byReceipt).state.view).toMatchObject({ case: { applicantMasked: PERSON.masked } })
    expect(JSON.stringify(play(byReceipt).state)).not.toContain(PERSON.name)
  })

  it('with its applicant’s card leads to the same case with its result, and back to where one came from', () => {
    const asked = play([...byReceipt, card])
    expect(asked.state.view).toEqual({ name: 'looking-up', by: 'card' })
    const proved = [...byReceipt, card, answer(2, [sampleCase('YX2026110002'), sampleCase(CASE_NO)])]
    expect(play(proved).state.view).toMatchObject({
      name: 'case',
      provedBy: 'card',
      personMasked: PERSON.masked,
      case: { caseNo: CASE_NO },
    })
    expect(kindsOf(play(proved))).toEqual(['receipt', 'result'])
    expect(play([...proved, act({ type: 'back' })]).state.view.name).toBe('home')
  })

  it('with somebody else’s card is a session that is over: that card’s papers, and no way back to the receipt', () => {
    const other = [...byReceipt, card, answer(2, [sampleCase('YX2026119999')])]
    const { state, effects } = play(other)
    expect(state.view).toMatchObject({ name: 'papers', cases: [{ caseNo: 'YX2026119999' }] })
    expect(effects).toContainEqual(expect.objectContaining({ type: 'end', endedBy: 'next-card' }))
    expect(state.trail).toEqual([])
    expect(JSON.stringify(state)).not.toContain(CASE_NO)
    expect(state.personal.card).not.toBeNull()
    expect(play([...other, act({ type: 'back' })]).state.view.name).toBe('home')
  })

  it('stays in reach while the card cannot be asked about', () => {
    const lost: SessionEvent = { type: 'answer', lookup: 2, answer: { ok: false, deadEnd: 'line-down' } }
    const failed = [...byReceipt, card, lost]
    expect(play(failed).state.view).toMatchObject({ name: 'dead-end', deadEnd: 'line-down' })
    expect(play([...failed, act({ type: 'back' })]).state.view).toMatchObject({ name: 'case' })
  })
})

describe('a code that is no receipt', () => {
  it.each([
    'https://shop.example/?q=<script>1</script>',
    '<img src=x onerror=alert(1)>',
    "YX'; DROP TABLE cases; --",
    '\u0003\u001b[2J\u007f',
    '\t\r\n',
    'YX2026110001 YX2026110002',
    'Y'.repeat(51),
    'Y'.repeat(4096),
    '办件编号一二三',
  ])('is told to be none, and nothing is asked: %j', (text) => {
    const { state, effects } = play([...waiting, { type: 'scanned', text }])
    expect(state.view).toMatchObject({ name: 'dead-end', deadEnd: 'case-not-found', service: 'progress' })
    expect(effects.map(({ type }) => type)).not.toContain('search-code')
    expect(JSON.stringify(state)).not.toContain(text.trim() === '' ? '\\t\\r' : text.slice(0, 40))
  })

  it('leaves room for the right one', () => {
    const wrong: SessionEvent = { type: 'scanned', text: 'https://shop.example' }
    expect(play([...waiting, wrong, scanned]).effects).toContainEqual({
      type: 'search-code',
      lookup: 1,
      caseNo: CASE_NO,
    })
  })

  it.each(['too-long', 'not-text'] as const)(
    '%s is said on the page that waits, and after a dead end',
    (reason) => {
      const problem = reason === 'too-long' ? 'code-too-long' : 'code-not-text'
      const rejected: SessionEvent = { type: 'scan-rejected', reason }
      const dead: SessionEvent[] = [...waiting, { type: 'scanned', text: 'https://shop.example' }]
      for (const way of [waiting, dead])
        expect(play([...way, rejected]).state.view).toMatchObject({
          name: 'present',
          service: 'progress',
          problem,
        })
    },
  )
})

describe('a card', () => {
  const wrong: SessionEvent = { type: 'card-unreadable', numberWrong: true }

  it('whose number breaks its rule opens nothing and is said to be wrong', () => {
    expect(play([...waiting, wrong]).state.view).toMatchObject({
      name: 'present',
      problem: 'card-number-wrong',
    })
    expect(play([...waiting, { type: 'card-unreadable' }]).state.view).toMatchObject({
      problem: 'unreadable-card',
    })
    expect(play([act({ type: 'wake' }), wrong]).state.view).toMatchObject({ problem: 'card-number-wrong' })
  })

  it('that cannot be read on a receipt’s page is said, and the receipt is come back to', () => {
    const unread = [...byReceipt, wrong]
    expect(play(unread).state.view).toMatchObject({ name: 'present', problem: 'card-number-wrong' })
    expect(play([...unread, act({ type: 'back' })]).state.view).toMatchObject({ name: 'case' })
    const read = [...unread, card, answer(2, [sampleCase(CASE_NO)])]
    expect(play(read).state.view).toMatchObject({ name: 'case', provedBy: 'card' })
  })

  const until = (validTo: string): SessionEvent => ({
    type: 'card-placed',
    card: new Personal<IdCard>({ ...sampleCard().reveal(), validTo }),
    person: 'digest-of-lin',
    masked: PERSON.masked,
  })

  it('that has expired still shows progress and papers, and that it has is told', () => {
    const { state } = play([...waiting, until('2026-11-19'), answer(1, [sampleCase(CASE_NO)])])
    expect(state.view).toMatchObject({ name: 'papers', cases: [{ caseNo: CASE_NO }] })
    expect(state.personal.cardExpired).toBe(true)
    const opened = play([
      ...waiting,
      until('2026-11-19'),
      answer(1, [sampleCase(CASE_NO)]),
      act({ type: 'open-case', caseNo: CASE_NO }),
    ])
    expect(kindsOf(opened)).toContain('result')
    expect(play([...waiting, until('2026-11-19'), act({ type: 'end' })]).state.personal.cardExpired).toBe(
      false,
    )
  })

  it.each(['2026-11-20', '2040-01-01', '长期'])('valid until %s is told to be nothing else', (validTo) => {
    expect(play([...waiting, until(validTo)]).state.personal.cardExpired).toBe(false)
  })
})

describe('a case', () => {
  const shown = (change: Partial<Case>, world?: World) => {
    const { state } = play([...waiting, scanned, answer(1, [sampleCase(CASE_NO, change)])], world)
    return state.view.name === 'case' ? state.view.case : null
  }

  it('says how many working days the hall still has', () => {
    // A Friday evening; the promised day is the Friday after it.
    expect(shown({})?.workingDaysLeft).toBe(5)
    const monday = sampleWorld({
      calendars: [{ year: 2026, holidays: ['2026-11-23'], workingWeekends: [] }],
    })
    expect(shown({}, monday)?.workingDaysLeft).toBe(4)
    expect(shown({ promisedBy: '2026-11-20' })?.workingDaysLeft).toBe(0)
  })

  it.each<[string, Partial<Case>]>([
    ['is overdue', { overdue: true, promisedBy: '2026-11-18' }],
    ['is done', { state: 'ready' }],
    ['stands still', { state: 'special-procedure', clockFrom: null }],
    ['has none promised', { promisedBy: null }],
  ])('counts no days where it %s', (_, change) => {
    expect(shown(change)).not.toHaveProperty('workingDaysLeft')
  })

  it('hands on who must act when it is overdue, and since when silence is consent', () => {
    const whenOverdue = { actor: '不动产登记科', consentedSince: '2026-11-18' }
    expect(shown({ overdue: true, whenOverdue, promisedByProvisional: true })).toMatchObject({
      whenOverdue,
      promisedByProvisional: true,
    })
  })
})
