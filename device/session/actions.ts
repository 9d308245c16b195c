/** What a touch does. */
import type { Service, TerminalView } from '../http/contract.ts'
import { withWishes } from '../preferences.ts'
import { lookUpCard } from './arrivals.ts'
import { paperMoves } from './pages.ts'
import { askedOnTheWay } from './rating/asking.ts'
import { roomOfAction, roomOfPage, rooms } from './rooms.ts'
import type { PlainAction, SessionState, Transition, World } from './state.ts'
import { begun, end, goTo, stay, using } from './steps.ts'
import { presentView } from './views.ts'

export const act = (state: SessionState, action: PlainAction, world: World): Transition => {
  switch (action.type) {
    case 'wake':
      return state.usage === null ? stay(begun(state, world)) : stay(state)
    case 'open-service':
      return openService(state, action.service, world)
    case 'back':
      return roomOfPage(state.view.name)?.leaves?.(state, 'back', world) ?? back(state, world)
    case 'home':
      // Paper that moves is not walked away from by mistake; ending is always possible.
      if (state.usage === null || paperMoves(state.view)) return stay(state)
      return (
        roomOfPage(state.view.name)?.leaves?.(state, 'home', world) ??
        askedOnTheWay(state) ??
        stay({ ...state, view: { name: 'home' }, trail: [], lookup: null })
      )
    case 'end':
      return end(state, 'citizen', world)
    case 'touch':
      return stay(state)
    case 'prefer':
      // The neutral page lasts its 8 s; a wish at rest is a person who has come.
      if (state.view.name === 'ending') return stay(state)
      return stay(inItsLanguage(wishing(begun(state, world), action.preferences), world))
    default:
      return roomOfAction(action.type)?.act(state, action, world) ?? stay(state)
  }
}

/** Lists that stand in the order of a language's letters. */
const inItsLanguage = (state: SessionState, world: World): SessionState => {
  const { view } = state
  return { ...state, view: roomOfPage(view.name)?.refreshed?.(view, state, world) ?? view }
}

const wishing = (
  state: SessionState,
  wishes: Extract<PlainAction, { type: 'prefer' }>['preferences'],
): SessionState => ({ ...state, preferences: withWishes(state.preferences, wishes) })

const openService = (state: SessionState, service: Service, world: World): Transition => {
  const tile = world.tiles.find((one) => one.service === service)
  if (state.view.name !== 'home' || tile === undefined || tile.unavailable !== null) return stay(state)
  const opened = using(state, service)
  const open = rooms.find((room) => room.open?.[service] !== undefined)?.open?.[service]
  if (open !== undefined) return open(opened, world)
  const { card } = state.personal
  if (card !== null) return lookUpCard(opened, card, service, world)
  const view = presentView(service, world, null)
  return stay(view === null ? state : goTo(opened, view))
}

const back = (state: SessionState, world: World): Transition => {
  const { view } = state
  if (state.usage === null || paperMoves(view) || view.name === 'home') return stay(state)
  if (view.name === 'dead-end') {
    // One more try, where something has to be shown first; with the card still lying there, home.
    const again = state.personal.card === null ? presentView(view.service, world, null) : null
    if (again !== null && state.trail.at(-1)?.name === 'home') return stay({ ...state, view: again })
  }
  const before: TerminalView = state.trail.at(-1) ?? { name: 'home' }
  const there = { ...state, view: before, trail: state.trail.slice(0, -1), lookup: null }
  // What was said on the pages after it shows there too.
  return stay({ ...there, view: roomOfPage(before.name)?.refreshed?.(before, there, world) ?? before })
}
