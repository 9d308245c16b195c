/** The way from the tile to a number, and what the pages say when there is none. */
import { expect, it } from 'vitest'
import {
  initialState,
  type SessionEvent,
  type SessionState,
  type World,
} from '../../../device/session/state.ts'
import { transition } from '../../../device/session/transition.ts'
import type { TicketOutcome } from '../../../device/tickets/ticket.ts'
import { PERSON, sampleCard, sampleWorld } from '../support/samples.ts'

type Act = Extract<SessionEvent, { type: 'action' }>['action']
const act = (action: Act): SessionEvent => ({ type: 'action', action })
const type = (businessType: string, open = true) => ({
  businessType,
  name: '户籍、身份证与居住证',
  area: '1楼 A区 01–04号窗口',
  open,
  opensAt: open ? null : '2026-11-23T08:30:00+08:00',
  waiting: 3,
  waitMinutes: 10,
  quietHours: [],
})
const shown: SessionEvent = {
  type: 'errand-done',
  number: 1,
  done: {
    kind: 'queue',
    outcome: { ok: true, value: { time: '2026-11-20T10:10:00+08:00', types: [type('A'), type('C', false)] } },
  },
  jobId: 'job-1',
}
const answered = (outcome: TicketOutcome, number = 2): SessionEvent => ({
  type: 'errand-done',
  number,
  done: { kind: 'ticket', outcome },
  jobId: 'job-2',
})
const given = answered({
  outcome: 'given',
  ticket: { number: 'A012', waiting: 3, area: '1楼', priority: null },
})
const card: SessionEvent = { type: 'card-placed', card: sampleCard(), person: 'p', masked: PERSON.masked }

const queue = [act({ type: 'wake' }), act({ type: 'open-service', service: 'ticket' }), shown]
const ways = [...queue, act({ type: 'choose-queue', businessType: 'A' })]
const take = act({ type: 'take-ticket', code: null, key: 'key-1' })

const play = (events: SessionEvent[], world: World = sampleWorld()) =>
  events.reduce<ReturnType<typeof transition>>(({ state }, event) => transition(state, event, world), {
    state: initialState(true),
    effects: [],
  })
const errandOf = ({ effects }: ReturnType<typeof play>) => effects.find(({ type }) => type === 'errand')

it('three touches lead from home to the number, and its slip comes out by itself', () => {
  expect(errandOf(play([...ways, take]))).toMatchObject({
    errand: { kind: 'ticket', wanted: { businessType: 'A', card: null, key: 'key-1' } },
  })
  const { state, effects } = play([...ways, take, given])
  expect(state.view).toMatchObject({
    name: 'ticket',
    ticket: { number: 'A012' },
    slip: { state: 'printing', job: { jobId: 'job-2', kind: 'queue-ticket', paper: 'receipt' } },
  })
  expect(effects).toMatchObject([
    { type: 'print', key: 'slip-key-1', printable: { kind: 'queue-ticket', ticket: { number: 'A012' } } },
  ])
})

it('in an English session the slip is in English too, where the hall has the words', () => {
  const english = act({ type: 'prefer', preferences: { language: 'en' } })
  const { effects } = play([...ways, english, take, given])
  expect(effects).toMatchObject([
    { printable: { ticket: { language: 'en', businessTypeEnglish: expect.stringMatching(/^[A-Z]/) } } },
  ])
})

it('the page follows its slip to the end, and once lets it be said that nothing came out', () => {
  const probable: SessionEvent = {
    type: 'print-outcome',
    jobId: 'job-2',
    outcome: { outcome: 'printed', proof: 'probable' },
  }
  const { state } = play([...ways, take, given, probable])
  expect(state.view).toMatchObject({ name: 'ticket', slip: { state: 'probable', canReportNothing: true } })
  const after = play([
    ...ways,
    take,
    given,
    probable,
    { type: 'nothing-came-out', jobId: 'job-2', noted: true },
  ])
  expect(after.state.view).toMatchObject({ name: 'nothing-came-out', retry: true })
})

it('nobody is warned of idling while the slip is printed', () => {
  expect(play([...ways, take, given]).effects.map(({ type }) => type)).not.toContain('arm')
})

it('without a receipt printer the number stands on the page, to be noted or put on A4', () => {
  const { state, effects } = play(
    [...ways, take, given],
    sampleWorld({ printers: { a4: true, receipt: false } }),
  )
  expect(state.view).toMatchObject({ name: 'ticket', slip: { state: 'none', again: 'a4' } })
  expect(effects).toMatchObject([{ type: 'arm' }])
})

it('a card on the way to a number is asked with, under no other service', () => {
  const { state } = play([...ways, card])
  expect(state.view).toMatchObject({ name: 'ticket-ways', personMasked: PERSON.masked })
  const asked = errandOf(play([...ways, card, take]))
  expect(
    asked?.type === 'errand' && asked.errand.kind === 'ticket' && asked.errand.wanted.card,
  ).not.toBeNull()
  expect(play([...ways, card, { type: 'card-lifted' }]).state.view).toMatchObject({ personMasked: null })
})

it('a business that is closed says when it opens', () => {
  const { state } = play([...queue, act({ type: 'choose-queue', businessType: 'C' })])
  expect(state.view).toMatchObject({ name: 'ticket-refused', refusal: 'closed', type: { businessType: 'C' } })
})

it('a code is of its own kind: an appointment, or a number that was missed', () => {
  const code = (of: 'appointment' | 'missed', text: string) =>
    errandOf(
      play([
        ...ways,
        act({ type: 'open-ticket-code', of }),
        act({ type: 'take-ticket', code: text, key: 'k' }),
      ]),
    )
  expect(code('appointment', 'yya1030')).toMatchObject({
    errand: { wanted: { appointment: 'YYA1030', missed: null } },
  })
  expect(code('missed', 'a012')).toMatchObject({ errand: { wanted: { appointment: null, missed: 'A012' } } })
  expect(code('missed', 'A-NUMBER-LONGER-THAN-ANY')).toBeUndefined()
})

it.each(['https://shop.example/?q=1', '<b>A012</b>', "A012'; DROP TABLE", 'A'.repeat(4096), '\u0000'])(
  'a scanned %j is no code of a queue: the page stands as it is',
  (text) => {
    const page = [...ways, act({ type: 'open-ticket-code', of: 'missed' })]
    const { state, effects } = play([...page, { type: 'scanned', text }])
    expect(state.view).toEqual(play(page).state.view)
    expect(errandOf({ state, effects })).toBeUndefined()
  },
)

it('a scanned code is shown before anything is asked', () => {
  const { state, effects } = play([
    ...ways,
    act({ type: 'open-ticket-code', of: 'missed' }),
    { type: 'scanned', text: ' a012\n' },
  ])
  expect(state.view).toMatchObject({ name: 'ticket-code', scanned: 'A012' })
  expect(errandOf({ state, effects })).toBeUndefined()
})

it('after a lost answer the same number is asked for again, never another', () => {
  const lost = [...ways, take, answered({ outcome: 'unknown' })]
  expect(play(lost).state.view.name).toBe('ticket-unknown')
  expect(errandOf(play([...lost, act({ type: 'ask-ticket-again' })]))).toMatchObject({
    errand: { wanted: { key: 'key-1' } },
  })
})

it('a number that comes when its citizen has gone is shown to nobody', () => {
  const gone = [...ways, take, act({ type: 'end' })]
  expect(play([...gone, given]).state.view.name).toBe('ending')
})

it('the end leaves nothing of what was asked', () => {
  const { state } = play([...ways, card, take, answered({ outcome: 'unknown' }), act({ type: 'end' })])
  const personal: SessionState['personal'] = play([act({ type: 'wake' })]).state.personal
  expect(state.personal).toEqual(personal)
})

it('at night what still gives numbers stands first', () => {
  const night: SessionEvent = {
    ...shown,
    done: {
      kind: 'queue',
      outcome: {
        ok: true,
        value: { time: '2026-11-20T22:40:00+08:00', types: [type('A', false), type('C', false), type('Z')] },
      },
    },
  }
  const { state } = play([...queue.slice(0, 2), night])
  expect(state.view.name === 'queue' && state.view.types.map(({ businessType }) => businessType)).toEqual([
    'Z',
    'A',
    'C',
  ])
})

it('whoever walks back while the hall is asked is shown the number that was taken, and takes no second one', () => {
  const back = [...ways, take, act({ type: 'back' })]
  expect(play(back).state.view.name).toBe('ticket-ways')
  expect(play([...back, given]).state.view).toMatchObject({ name: 'ticket', ticket: { number: 'A012' } })
  const again = [...back, act({ type: 'take-ticket', code: null, key: 'key-of-a-reloaded-page' })]
  expect(errandOf(play(again))).toMatchObject({ errand: { wanted: { key: 'key-1' } } })
  const other = [...back, act({ type: 'open-ticket-code', of: 'missed' })]
  expect(errandOf(play([...other, act({ type: 'take-ticket', code: 'a012', key: 'key-2' })]))).toMatchObject({
    errand: { wanted: { key: 'key-2', missed: 'A012' } },
  })
})

it('a number that is there is taken again under a key of its own', () => {
  const next = [...ways, take, given, act({ type: 'home' }), act({ type: 'open-service', service: 'ticket' })]
  expect(play(next).state.personal.ticketAsked).toBeNull()
})

it('a second try that fails for want of a line does not hide that a number may be there', () => {
  const failed = [
    ...ways,
    take,
    answered({ outcome: 'unknown' }),
    act({ type: 'ask-ticket-again' }),
    answered({ outcome: 'dead-end', deadEnd: 'line-down' }, 3),
  ]
  expect(play(failed).state.view.name).toBe('ticket-unknown')
})

it('with the line known to be down nothing is sent, and that is said', () => {
  const after = transition(play(ways).state, take, sampleWorld({ online: false }))
  expect(after.state.view).toMatchObject({ name: 'dead-end', deadEnd: 'line-down' })
  expect(errandOf(after)).toBeUndefined()
})

it('a card that cannot be read is said on the way to a number', () => {
  expect(play([...ways, { type: 'card-unreadable' }]).state.view).toMatchObject({
    name: 'ticket-ways',
    problem: 'unreadable-card',
  })
  expect(play([...ways, { type: 'card-unreadable' }, card]).state.view).toMatchObject({ problem: null })
})

it('where no slip came out the number stays in sight while it is tried once more', () => {
  const doubted: SessionEvent[] = [
    ...ways,
    take,
    given,
    { type: 'print-outcome', jobId: 'job-2', outcome: { outcome: 'printed', proof: 'probable' } },
    { type: 'nothing-came-out', jobId: 'job-2', noted: true },
  ]
  expect(play([...doubted, act({ type: 'back' })]).state.view).toMatchObject({
    name: 'ticket',
    ticket: { number: 'A012' },
    slip: { canReportNothing: false },
  })
  const again = play([
    ...doubted,
    {
      type: 'print-wanted',
      action: { type: 'retry-print', jobId: 'job-2', key: 'k' },
      jobId: 'job-5',
      known: null,
    },
  ])
  expect(again.state.view).toMatchObject({
    name: 'ticket',
    slip: { state: 'printing', job: { jobId: 'job-5' } },
  })
})
