/** What a touch does. */
import type { Service } from '../http/contract.ts'
import { withWishes } from '../preferences.ts'
import { lookUpCard } from './arrivals.ts'
import type { PlainAction, SessionState, Transition, World } from './state.ts'
import { begun, end, goTo, stay, using } from './steps.ts'
import { guidesView, guideView, presentView } from './views.ts'

export const act = (state: SessionState, action: PlainAction, world: World): Transition => {
  switch (action.type) {
    case 'wake':
      return state.usage === null ? stay(begun(state, world)) : stay(state)
    case 'open-service':
      return openService(state, action.service, world)
    case 'choose-life-event':
      if (state.view.name !== 'guides') return stay(state)
      return stay(goTo(state, guidesView(world, action.lifeEvent)))
    case 'open-guide': {
      const guide = world.guides.find(({ itemCode }) => itemCode === action.itemCode)
      if (guide === undefined || !['guides', 'papers', 'case'].includes(state.view.name)) return stay(state)
      return stay(goTo(using(state, 'guides'), guideView(guide, world)))
    }
    case 'open-case': {
      if (state.view.name !== 'papers') return stay(state)
      const found = state.view.cases.find(({ caseNo }) => caseNo === action.caseNo)
      if (found === undefined) return stay(state)
      const { personMasked } = state.view
      return stay(goTo(state, { name: 'case', personMasked, provedBy: 'card', case: found }))
    }
    case 'back':
      return back(state, world)
    case 'home':
      // Paper that moves is not walked away from by mistake; ending is always possible.
      if (state.usage === null || state.view.name === 'printing') return stay(state)
      return stay({ ...state, view: { name: 'home' }, trail: [], lookup: null })
    case 'end':
      return end(state, 'citizen', world)
    case 'touch':
      return stay(state)
    case 'prefer':
      // The neutral page lasts its 8 s; a wish at rest is a person who has come.
      if (state.view.name === 'ending') return stay(state)
      return stay(wishing(begun(state, world), action.preferences))
  }
}

const wishing = (
  state: SessionState,
  wishes: Extract<PlainAction, { type: 'prefer' }>['preferences'],
): SessionState => ({ ...state, preferences: withWishes(state.preferences, wishes) })

const openService = (state: SessionState, service: Service, world: World): Transition => {
  const tile = world.tiles.find((one) => one.service === service)
  if (state.view.name !== 'home' || tile === undefined || tile.unavailable !== null) return stay(state)
  const opened = using(state, service)
  if (service === 'guides') return stay(goTo(opened, guidesView(world, null)))
  const { card } = state.personal
  if (card !== null) return lookUpCard(opened, card, service, world)
  const view = presentView(service, world, null)
  return stay(view === null ? state : goTo(opened, view))
}

const back = (state: SessionState, world: World): Transition => {
  const { view } = state
  if (state.usage === null || view.name === 'printing' || view.name === 'home') return stay(state)
  if (view.name === 'dead-end') {
    // One more try, where something has to be shown first; with the card still lying there, home.
    const again = state.personal.card === null ? presentView(view.service, world, null) : null
    if (again !== null && state.trail.at(-1)?.name === 'home') return stay({ ...state, view: again })
  }
  return stay({
    ...state,
    view: state.trail.at(-1) ?? { name: 'home' },
    trail: state.trail.slice(0, -1),
    lookup: null,
  })
}
