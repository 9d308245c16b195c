/** Asking how it was: a case that was shown, or, once in a session, what this terminal has just done. */
import type { IdCard } from '../../../drivers/id-reader/card.ts'
import type { Personal } from '../../../drivers/personal.ts'
import type { RatedCase } from '../../../sync/protocol/events.ts'
import type { PrintEnd, TerminalView } from '../../http/contract.ts'
import type { Question } from '../../rating/rules.ts'
import { hasSlip } from '../slips.ts'
import type { SessionState, Transition } from '../state.ts'
import { goTo, runsHere, stay } from '../steps.ts'
import type { OpenRating, RatingDraft } from './draft.ts'
import { leavingEffects } from './leaving.ts'
import { aboutOf } from './views.ts'

export const withRating = (state: SessionState, change: Partial<RatingDraft>): SessionState => ({
  ...state,
  personal: { ...state.personal, rating: { ...state.personal.rating, ...change } },
})

interface Asking {
  about: RatedCase | null
  /** The one rating after a bad one was handled. */
  followUp?: boolean
  proof: Question['proof']
  card: Personal<IdCard> | null
  next: OpenRating['next']
}

/** The page stays as it is until the question is in the store. */
export const asks = (
  state: SessionState,
  { about, followUp = false, proof, card, next }: Asking,
): Transition => {
  const question = state.lookups + 1
  const open: OpenRating = {
    question,
    about: about === null ? null : { caseNo: about.caseNo, itemName: about.itemName, followUp },
    from: state.view.name,
    next,
    anonymous: false,
    offered: null,
    chosen: [],
    words: '',
  }
  const asking = runsHere(withRating(state, { open }), 'feedback', {
    kind: 'rating',
    wanted: { do: 'ask', question, about, assessNumber: followUp ? 2 : 1, proof, card },
  })
  return { state: asking.state, effects: [...leavingEffects(state, 'timed-out'), ...asking.effects] }
}

/** What this terminal has done in this session. Nobody is named: no case wants it. */
export const asksService = (state: SessionState, next: OpenRating['next']): Transition => {
  if (state.personal.rating.service === 'rated')
    return stay(goTo(state, { name: 'rated-before', about: aboutOf(null) }))
  const asked = withRating(state, { service: 'asked' })
  return asks(asked, { about: null, proof: 'none', card: null, next })
}

const cameOut: readonly string[] = ['confirmed', 'probable'] satisfies PrintEnd[]

/** A service is done here: its paper came out, its number was taken, its words were kept. */
const isDone = (view: TerminalView): boolean => {
  switch (view.name) {
    case 'printed':
      return cameOut.includes(view.outcome)
    case 'proof':
      return cameOut.includes(view.slip.state)
    case 'print-run':
      return view.state === 'over' && view.papers.some(({ state }) => cameOut.includes(state))
    case 'ticket':
    case 'collected':
    case 'feedback-kept':
      return true
    default:
      return false
  }
}

/** Nothing on the page has to be read off it or said about it any more: the paper is there and says it all. */
const isInHand = (view: TerminalView): boolean => {
  if (view.name === 'printed') return view.outcome === 'confirmed'
  if (view.name === 'print-run') return view.papers.every(({ state }) => state === 'confirmed')
  return hasSlip(view) && view.slip.state === 'confirmed'
}

const isUnasked = ({ usage, lookup, personal }: SessionState): boolean =>
  usage !== null && lookup === null && personal.rating.service === 'not-asked'

/** Whether the page goes on to the question by itself when nobody touches it. */
export const passesToRating = (state: SessionState): boolean =>
  isUnasked(state) && isDone(state.view) && isInHand(state.view)

/** Whoever goes on to another service from one that is done is asked on the way; null where there is nothing to ask. */
export const askedOnTheWay = (state: SessionState): Transition | null => {
  const { lookup, personal } = state
  // A second touch, while the question is on its way.
  if (lookup !== null && lookup.number === personal.rating.open?.question) return stay(state)
  return isUnasked(state) && isDone(state.view) ? asksService(state, 'home') : null
}
