/** Guides: browsed by life event, office and letter, searched, read, taken along with their forms. */
import type { TerminalView } from '../../http/contract.ts'
import type { Room } from '../room.ts'
import type { PlainAction, SessionState, Transition, World } from '../state.ts'
import { goTo, stay, using } from '../steps.ts'
import {
  guideFormsView,
  guidesView,
  guideView,
  lifeEventView,
  nothingChosen,
  searchView,
  withLetter,
} from './views.ts'

/** Pages that name an item whose guide may be opened from there. */
const NAMES_ITEMS: readonly TerminalView['name'][] = ['guides', 'guide-search', 'papers', 'case']

const BROWSING: readonly TerminalView['name'][] = ['guides', 'guide-search']

const act = (state: SessionState, action: PlainAction, world: World): Transition => {
  const { view } = state
  const { language } = state.preferences
  switch (action.type) {
    case 'browse-guides': {
      if (view.name !== 'guides' && view.name !== 'guide-search') return stay(state)
      const groups = guidesView(world, nothingChosen(action.by), language)
      // From one way of browsing to another: `back` leads out, not through all that were looked at.
      return stay({
        ...state,
        view: groups,
        trail: state.trail.filter(({ name }) => !BROWSING.includes(name)),
      })
    }
    case 'choose-life-event':
      if (view.name !== 'guides') return stay(state)
      return stay(goTo(state, lifeEventView(world, action.lifeEvent, language)))
    case 'choose-office': {
      if (view.name !== 'guides' || !view.offices.some(({ office }) => office === action.office))
        return stay(state)
      const chosen = { ...nothingChosen('office'), office: action.office }
      return stay(goTo(state, guidesView(world, chosen, language)))
    }
    case 'choose-letter': {
      if (view.name !== 'guides' || !view.nextLetters.some(({ letter }) => letter === action.letter))
        return stay(state)
      const { by, lifeEvent, office, letters } = view
      return stay(goTo(state, withLetter(world, { by, lifeEvent, office, letters }, action.letter, language)))
    }
    case 'open-guide-search':
      if (view.name !== 'guides') return stay(state)
      return stay(goTo(state, searchView(world, '', language)))
    case 'search-guides':
      if (view.name !== 'guide-search') return stay(state)
      return stay({ ...state, view: searchView(world, action.query, language) })
    case 'open-guide': {
      const guide = world.guides.find(({ itemCode }) => itemCode === action.itemCode)
      if (guide === undefined || !NAMES_ITEMS.includes(view.name)) return stay(state)
      return stay(goTo(using(state, 'guides'), guideView(guide, world)))
    }
    case 'open-guide-forms':
      if (view.name !== 'guide' || view.forms.length === 0) return stay(state)
      return stay(goTo(state, guideFormsView(view.guide, world)))
    default:
      return stay(state)
  }
}

export const guidesRoom: Room = {
  pages: ['guides', 'guide-search', 'guide', 'guide-forms'],
  actions: [
    'browse-guides',
    'choose-life-event',
    'choose-office',
    'choose-letter',
    'open-guide-search',
    'search-guides',
    'open-guide',
    'open-guide-forms',
  ],
  act,
  open: {
    guides: (state, world) =>
      stay(goTo(state, guidesView(world, nothingChosen('life-event'), state.preferences.language))),
  },
  refreshed(view, { preferences: { language } }, world) {
    const guideOf = (itemCode: string) => world.guides.find((guide) => guide.itemCode === itemCode)
    switch (view.name) {
      case 'guides':
        return guidesView(world, view, language)
      case 'guide-search':
        return searchView(world, view.query, language)
      case 'guide':
        return guideView(guideOf(view.guide.itemCode) ?? view.guide, world)
      case 'guide-forms': {
        const guide = guideOf(view.guide.itemCode)
        return guide === undefined ? view : guideFormsView(guide, world)
      }
      default:
        return view
    }
  },
}
