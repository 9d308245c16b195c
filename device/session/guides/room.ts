/** Guides: browsed by life event, read, taken along. */
import type { TerminalView } from '../../http/contract.ts'
import type { Room } from '../room.ts'
import type { PlainAction, SessionState, Transition, World } from '../state.ts'
import { goTo, stay, using } from '../steps.ts'
import { guidesView, guideView } from './views.ts'

/** Pages that name an item whose guide may be opened from there. */
const NAMES_ITEMS: readonly TerminalView['name'][] = ['guides', 'papers', 'case']

const act = (state: SessionState, action: PlainAction, world: World): Transition => {
  switch (action.type) {
    case 'choose-life-event':
      if (state.view.name !== 'guides') return stay(state)
      return stay(goTo(state, guidesView(world, action.lifeEvent)))
    case 'open-guide': {
      const guide = world.guides.find(({ itemCode }) => itemCode === action.itemCode)
      if (guide === undefined || !NAMES_ITEMS.includes(state.view.name)) return stay(state)
      return stay(goTo(using(state, 'guides'), guideView(guide, world)))
    }
    default:
      return stay(state)
  }
}

export const guidesRoom: Room = {
  pages: ['guides', 'guide'],
  actions: ['choose-life-event', 'open-guide'],
  act,
  open: { guides: (state, world) => stay(goTo(state, guidesView(world, null))) },
  refreshed(view, _state, world) {
    if (view.name === 'guides') return guidesView(world, view.lifeEvent)
    if (view.name !== 'guide') return view
    const { itemCode } = view.guide
    return guideView(world.guides.find((guide) => guide.itemCode === itemCode) ?? view.guide, world)
  },
}
