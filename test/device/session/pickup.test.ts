/** A result is fetched: where it lies, what proves it, and that it is handed over once. */
import { expect, it } from 'vitest'
import type { SessionEvent } from '../../../device/session/state.ts'
import { initialState, type World } from '../../../device/session/state.ts'
import { transition } from '../../../device/session/transition.ts'
import { sampleWorld } from '../support/samples.ts'
import {
  act,
  answered,
  card,
  collect,
  collected,
  found,
  LOCKER,
  pickupWays,
  scanned,
  shown,
  WINDOW,
} from './pickup-ways.ts'

const play = (events: SessionEvent[], world: World = sampleWorld()) =>
  events.reduce<ReturnType<typeof transition>>(({ state }, event) => transition(state, event, world), {
    state: initialState(true),
    effects: [],
  })
const errandOf = ({ effects }: ReturnType<typeof play>) =>
  effects.flatMap((effect) =>
    effect.type === 'errand' && effect.errand.kind === 'pickup' ? [effect.errand] : [],
  )[0]

it('the receipt shows at once where its result lies, and what it takes', () => {
  expect(play(shown()).state.view).toMatchObject({
    name: 'pickup',
    provedBy: 'receipt',
    result: { caseNo: 'YX2026110001', pickup: LOCKER, window: null },
  })
})

it('a result at a window says when the window is open, and is not noted as fetched at night', () => {
  const { state } = play(shown(WINDOW))
  expect(state.view).toMatchObject({
    result: { window: { openNow: false, opensAt: expect.stringContaining('T') } },
  })
  expect(errandOf(play([...shown(WINDOW), collect]))).toBeUndefined()
})

it('by day the window is open now', () => {
  const world = sampleWorld({ now: new Date('2026-11-20T10:00:00+08:00') })
  expect(play(shown(WINDOW), world).state.view).toMatchObject({
    result: { window: { openNow: true, opensAt: null } },
  })
})

it('a case with nothing to fetch opens as a case', () => {
  const nothing = [...shown().slice(0, 3), found(null)]
  expect(play(nothing).state.view.name).toBe('case')
  expect(play([...nothing, act({ type: 'open-pickup' })]).state.view.name).toBe('case')
})

it('a case that was opened for its progress leads to its result', () => {
  const case_ = [
    act({ type: 'wake' }),
    act({ type: 'open-service', service: 'progress' }),
    scanned,
    found(LOCKER),
  ]
  expect(play(case_).state.view.name).toBe('case')
  expect(play([...case_, act({ type: 'open-pickup' })]).state.view.name).toBe('pickup')
})

it('the receipt proves it, and the card where it lies there', () => {
  expect(errandOf(play([...shown(), collect]))?.wanted).toEqual({
    caseNo: 'YX2026110001',
    card: null,
    key: 'intent-1',
  })
  expect(errandOf(play([...shown(), card, collect]))?.wanted.card).not.toBeNull()
})

it('what is handed over comes with its slip, once', () => {
  const { state, effects } = play(pickupWays.collected)
  expect(state.view).toMatchObject({
    name: 'collected',
    slip: { state: 'printing', job: { kind: 'pickup-slip' } },
  })
  expect(effects).toMatchObject([
    {
      type: 'print',
      key: 'slip-intent-1',
      printable: { kind: 'pickup-slip', slip: { code: 'YX2026110001' } },
    },
  ])
  // A late second answer to the same errand changes nothing.
  expect(play([...pickupWays.collected, collected]).effects).not.toContainEqual(
    expect.objectContaining({ type: 'print' }),
  )
})

it('where the hall wants the card, the page asks for it and the next touch brings it', () => {
  const refused = [...shown(), collect, answered({ outcome: 'refused', refusal: 'card-needed', words: '' })]
  expect(play(refused).state.view).toMatchObject({ name: 'pickup', problem: 'card-needed' })
  expect(errandOf(play([...refused, collect]))).toBeUndefined()
  const again = [...refused, card, act({ type: 'collect', key: 'intent-2' })]
  expect(errandOf(play(again))?.wanted).toMatchObject({ key: 'intent-2' })
  expect(errandOf(play(again))?.wanted.card).not.toBeNull()
})

it('who came in by card and lifted it has to show it again', () => {
  const byCard = [
    act({ type: 'wake' }),
    act({ type: 'open-service', service: 'pickup' }),
    card,
    found(LOCKER),
    act({ type: 'open-case', caseNo: 'YX2026110001' }),
    act({ type: 'open-pickup' }),
  ]
  expect(play(byCard).state.view).toMatchObject({ name: 'pickup', provedBy: 'card' })
  const lifted = play([...byCard, { type: 'card-lifted' }, collect])
  expect(lifted.state.view).toMatchObject({ name: 'pickup', problem: 'card-needed' })
  expect(errandOf(lifted)).toBeUndefined()
})

it('a card of somebody else is refused, and the way back leads on', () => {
  const other = [
    ...shown(),
    card,
    collect,
    answered({ outcome: 'refused', refusal: 'other-person', words: '' }),
  ]
  expect(play(other).state.view).toMatchObject({ name: 'pickup', problem: 'other-person' })
  expect(play([...other, act({ type: 'back' })]).state.view.name).toBe('home')
})

it('after a lost answer the same handing over is asked for again', () => {
  expect(
    errandOf(play([...pickupWays['pickup-unknown'], act({ type: 'ask-pickup-again' })]))?.wanted.key,
  ).toBe('intent-1')
})

it('a place can be taken along on paper before anything is fetched', () => {
  const { effects } = play([
    ...shown(WINDOW),
    { type: 'print-wanted', action: { type: 'print-pickup', key: 'k' }, jobId: 'job-5', known: null },
  ])
  expect(effects).toContainEqual(
    expect.objectContaining({
      type: 'print',
      printable: {
        kind: 'pickup-slip',
        slip: expect.objectContaining({ where: WINDOW.where, collectedAt: null }),
      },
    }),
  )
})

it('whoever walks back while the hall is asked reads at once what came of it', () => {
  const back = [...shown(), collect, act({ type: 'back' })]
  expect(play(back).state.view.name).toBe('pickup')
  expect(play([...back, collected]).state.view).toMatchObject({
    name: 'collected',
    slip: { state: 'printing' },
  })
  const home = [...shown(), collect, act({ type: 'home' })]
  expect(play([...home, collected]).state.view.name).toBe('collected')
})

it('whoever walks away asks for the same handing over the next time, and reads nobody else’s answer', () => {
  const away = [...shown(), collect, act({ type: 'back' })]
  const again = [...away, act({ type: 'collect', key: 'intent-2' })]
  expect(errandOf(play(again))?.wanted.key).toBe('intent-1')
  // The first sending's answer comes late, the second's is the one that is waited for.
  expect(play([...again, collected]).state.view.name).toBe('waiting')
  const told = answered(
    {
      outcome: 'collected',
      pickup: { caseNo: 'YX2026110001', collectedAt: '2026-11-20T22:40:00+08:00', where: LOCKER.where },
    },
    3,
  )
  expect(play([...again, told]).state.view.name).toBe('collected')
  const elsewhere = [...away, act({ type: 'home' }), act({ type: 'open-service', service: 'guides' })]
  expect(play([...elsewhere, collected]).state.view.name).toBe('guides')
  expect(play([...away, act({ type: 'end' }), collected]).state.view.name).toBe('ending')
})

it('a second try that fails for want of a line does not hide that the first may have been heard', () => {
  const lost = pickupWays['pickup-unknown']
  const failed = [
    ...lost,
    act({ type: 'ask-pickup-again' }),
    answered({ outcome: 'dead-end', deadEnd: 'line-down' }, 3),
  ]
  expect(play(failed).state.view.name).toBe('pickup-unknown')
  const later = [...lost, act({ type: 'back' }), act({ type: 'collect', key: 'intent-2' })]
  expect(errandOf(play(later))?.wanted.key).toBe('intent-1')
  const { state, effects } = play([...lost, act({ type: 'back' })])
  const offline = transition(state, act({ type: 'collect', key: 'intent-2' }), sampleWorld({ online: false }))
  expect([effects.length, offline.state.view.name]).toEqual([1, 'pickup-unknown'])
})

it('with the line known to be down nothing is sent, and that is said', () => {
  const { state } = play(shown())
  const after = transition(state, collect, sampleWorld({ online: false }))
  expect(after.state.view).toMatchObject({ name: 'dead-end', deadEnd: 'line-down' })
  expect(errandOf(after)).toBeUndefined()
})

it('what was refused is over: the next try is another, and a page that is no longer true is not come back to', () => {
  const refused = [
    ...shown(),
    collect,
    answered({ outcome: 'refused', refusal: 'already-collected', words: '' }),
  ]
  expect(play([...refused, act({ type: 'back' })]).state.view.name).toBe('home')
  expect(play(refused).state.personal.pickupAsked).toBeNull()
})

it('a card that was put down while the hall was asked for it is tried by the next touch', () => {
  const during = [
    ...shown(),
    collect,
    card,
    answered({ outcome: 'refused', refusal: 'card-needed', words: '' }),
  ]
  expect(play(during).state.view).toMatchObject({ name: 'pickup', problem: null, cardMasked: '林*' })
  const again = play([...during, act({ type: 'collect', key: 'intent-2' })])
  expect(errandOf(again)?.wanted).toMatchObject({ key: 'intent-2' })
})

it('the window’s hours are those of now, whenever the page is looked at', () => {
  const { state } = play(shown(WINDOW))
  const day = sampleWorld({ now: new Date('2026-11-20T10:00:00+08:00') })
  expect(transition(state, { type: 'world-changed' }, day).state.view).toMatchObject({
    result: { window: { openNow: true, opensAt: null } },
  })
})

it('a card that cannot be read is said where it was asked for', () => {
  const asked = [...shown(), collect, answered({ outcome: 'refused', refusal: 'card-needed', words: '' })]
  expect(play([...asked, { type: 'card-unreadable' }]).state.view).toMatchObject({
    name: 'pickup',
    problem: 'unreadable-card',
  })
  const wrong: SessionEvent = { type: 'card-unreadable', numberWrong: true }
  expect(play([...asked, wrong]).state.view).toMatchObject({ problem: 'card-number-wrong' })
  expect(play([...asked, wrong, card]).state.view).toMatchObject({ problem: null })
})

it('one result that waits is led to by the card; the way back leads to everything else', () => {
  const byCard = [
    act({ type: 'wake' }),
    act({ type: 'open-service', service: 'pickup' }),
    card,
    found(LOCKER),
  ]
  expect(play(byCard).state.view).toMatchObject({ name: 'pickup', provedBy: 'card' })
  expect(play([...byCard, act({ type: 'back' })]).state.view.name).toBe('papers')
})

it('where nothing came out, the slip is tried once more beside the place, which stays in sight', () => {
  const doubted: SessionEvent[] = [
    ...pickupWays.collected,
    { type: 'print-outcome', jobId: 'job-3', outcome: { outcome: 'unknown', reason: 'line-lost' } },
    { type: 'nothing-came-out', jobId: 'job-3', noted: true },
  ]
  expect(play([...doubted, act({ type: 'back' })]).state.view).toMatchObject({
    name: 'collected',
    slip: { canReportNothing: false },
  })
  const again: SessionEvent[] = [
    ...doubted,
    {
      type: 'print-wanted',
      action: { type: 'retry-print', jobId: 'job-3', key: 'k' },
      jobId: 'job-4',
      known: null,
    },
  ]
  expect(play(again).state.view).toMatchObject({
    name: 'collected',
    slip: { state: 'printing', job: { jobId: 'job-4' } },
  })
  expect(play(again).effects).toContainEqual(expect.objectContaining({ type: 'print', retryOf: 'job-3' }))
  const { state } = play([
    ...again,
    { type: 'print-outcome', jobId: 'job-4', outcome: { outcome: 'unknown', reason: 'line-lost' } },
  ])
  expect(state.view).toMatchObject({ name: 'collected', slip: { state: 'unknown', canReportNothing: false } })
})
