/** Playing a rating through the transition, and looking at what comes of it. */
import { expect } from 'vitest'
import type { TerminalView } from '../../../device/http/contract.ts'
import type { RatingWanted } from '../../../device/rating/rating.ts'
import {
  initialState,
  type SessionEvent,
  type SessionState,
  type Transition,
  type World,
} from '../../../device/session/state.ts'
import { transition } from '../../../device/session/transition.ts'
import { sampleWorld } from '../support/samples.ts'

export const play = (
  events: readonly SessionEvent[],
  world: World = sampleWorld(),
  from?: SessionState,
): Transition =>
  events.reduce<Transition>(({ state }, event) => transition(state, event, world), {
    state: from ?? initialState(true),
    effects: [],
  })

export const viewOf = <Name extends TerminalView['name']>(
  { state }: Transition,
  name: Name,
): Extract<TerminalView, { name: Name }> => {
  expect(state.view.name).toBe(name)
  return state.view as Extract<TerminalView, { name: Name }>
}

/** What the last event wanted of the rating room. */
export const wanted = ({ effects }: Transition): RatingWanted[] =>
  effects.flatMap((effect) =>
    effect.type === 'errand' && effect.errand.kind === 'rating' ? [effect.errand.wanted] : [],
  )
