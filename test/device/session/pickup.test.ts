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
