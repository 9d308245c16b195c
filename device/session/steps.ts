/** The few moves that every part of the transition is made of. */
import type { Awaited, DeadEnd, Service, TerminalView } from '../http/contract.ts'
import type { Errand } from './errands.ts'
import { pageTraits } from './pages.ts'
import { leavingEffects } from './rating/leaving.ts'
import {
  type EndedBy,
  emptied,
  type SessionEffect,
  type SessionState,
  type Transition,
  type World,
} from './state.ts'

const MS_PER_SECOND = 1000

export const stay = (state: SessionState): Transition => ({ state, effects: [] })

/** The trail as it is once the present page has been left for a further one. */
export const trailFrom = (state: SessionState): TerminalView[] =>
  pageTraits[state.view.name].place ? [...state.trail, state.view] : state.trail

export const goTo = (state: SessionState, view: TerminalView): SessionState => ({
  ...state,
  view,
  trail: trailFrom(state),
})

/** Somebody is here: the session begins if none has. */
export const begun = (state: SessionState, world: World): SessionState => {
  if (state.usage !== null) return state
  const fresh = emptied(state, { name: 'home' })
  return { ...fresh, usage: { startedAtMs: world.nowMs, services: [] } }
}

export const using = (state: SessionState, service: Service): SessionState => {
  const { usage } = state
  if (usage === null || usage.services.includes(service)) return state
  return { ...state, usage: { ...usage, services: [...usage.services, service] } }
}

/** The fact of a session that is over; nothing when there was none. */
export const endEffects = (state: SessionState, endedBy: EndedBy, world: World): SessionEffect[] => {
  const { usage } = state
  return usage === null
    ? []
    : [
        ...leavingEffects(state, endedBy === 'citizen' ? 'not-now' : 'timed-out'),
        {
          type: 'end',
          services: usage.services,
          seconds: Math.max(0, Math.round((world.nowMs - usage.startedAtMs) / MS_PER_SECOND)),
          endedBy,
        },
      ]
}

/** Wipes the person away and shows the neutral page. */
export const end = (state: SessionState, endedBy: EndedBy, world: World): Transition => {
  if (state.usage === null) return stay(state)
  return {
    state: emptied(state, { name: 'ending', cardOnReader: state.cardOnReader }),
    effects: endEffects(state, endedBy, world),
  }
}

/** Nothing leads on from here by itself: the page says why, and names who helps. */
export const deadEnd = (state: SessionState, service: Service, why: DeadEnd): SessionState => ({
  ...state,
  view: { name: 'dead-end', deadEnd: why, service },
  trail: trailFrom(state),
  lookup: null,
})

/** Sends an errand on its way; the page says what is awaited until it is done, `back` and `home` give it up. */
export const runs = (state: SessionState, service: Service, awaited: Awaited, errand: Errand): Transition => {
  const number = state.lookups + 1
  return {
    state: {
      ...state,
      view: { name: 'waiting', awaited },
      trail: trailFrom(state),
      lookup: { number, service },
      lookups: number,
    },
    effects: [{ type: 'errand', number, errand }],
  }
}

/** As `runs`, for what takes a moment: the page stands as it is until it is done, and the room says what follows. */
export const runsHere = (state: SessionState, service: Service, errand: Errand): Transition => {
  const number = state.lookups + 1
  return {
    state: { ...state, lookup: { number, service }, lookups: number },
    effects: [{ type: 'errand', number, errand }],
  }
}
