/**
 * Rating: five equal choices, then for each of them the same page of labels and words, then the same thanks
 * (DOMAIN.md §2). Silence is never an answer, and a touch is durable before the next page.
 */

import { CaseNo } from '../../../sync/protocol/case-number.ts'
import type { RatedCase } from '../../../sync/protocol/events.ts'
import { ratedCaseOf } from '../../rating/rated-case.ts'
import type { RatableCase, RatingOutcome } from '../../rating/rating.ts'
import type { ErrandOutcome } from '../errands.ts'
import type { Room } from '../room.ts'
import type { PlainAction, SessionState, Transition, World } from '../state.ts'
import { deadEnd, goTo, runs, runsHere, stay } from '../steps.ts'
import { asks, asksService, withRating } from './asking.ts'
import type { OpenRating } from './draft.ts'
import { leavingEffects, ratingEffect, wordsOf } from './leaving.ts'
import { aboutOf, askingView, casesView, labelsView, presentRating } from './views.ts'

const act = (state: SessionState, action: PlainAction, world: World): Transition => {
  const { view, personal } = state
  switch (action.type) {
    case 'open-rating':
      return view.name === 'feedback' ? openRating(state, world) : stay(state)
    case 'rate-service':
      return view.name === 'rate-present' && state.lookup === null ? asksService(state, 'home') : stay(state)
    case 'rate-case':
      return state.lookup === null ? rateCase(state, action.caseNo) : stay(state)
    case 'not-now':
      return view.name === 'rate' ? leaves(state, personal.rating.open?.next ?? 'back') : stay(state)
    default: {
      const { open } = personal.rating
      // The first touch counts: while it is being written, a second one changes nothing.
      return open === null || state.lookup !== null ? stay(state) : answer(state, open, action)
    }
  }
}

const openRating = (state: SessionState, world: World): Transition => {
  const here = goTo(state, presentRating(state.personal.rating, world))
  const { card } = state.personal
  return card === null || !world.online ? stay(here) : findByCard(here)
}

const findByCard = (state: SessionState): Transition => {
  const { card } = state.personal
  if (card === null) return stay(state)
  const asking = withRating(state, { found: { proof: 'card', cases: [] } })
  return runs(asking, 'feedback', 'case', { kind: 'rating', wanted: { do: 'find', by: 'card', card } })
}

/** A case of the list, or the one whose page stands. */
const rateCase = (state: SessionState, caseNo: string | null): Transition => {
  const { view, personal } = state
  if (view.name === 'case' && caseNo === null) {
    const about = ratedCaseOf(view.case)
    if (about === null) return stay(state)
    const { openRating = 'first' } = view.case
    if (openRating === 'none') return stay(ratedBefore(state, about))
    const card = view.provedBy === 'card' ? personal.card : null
    const followUp = openRating === 'follow-up'
    return asks(state, { about, followUp, proof: view.provedBy, card, next: 'back' })
  }
  if (view.name !== 'rate-cases') return stay(state)
  const { found } = personal.rating
  const one = found?.cases.find(({ rated }) => rated.caseNo === caseNo)
  if (found === null || one === undefined) return stay(state)
  const next = found.cases.length > 1 ? 'back' : 'home'
  return asksCase(state, one, { proof: found.proof, card: personal.card, next })
}

const asksCase = (
  state: SessionState,
  { rated, open }: RatableCase,
  by: Omit<Parameters<typeof asks>[1], 'about' | 'followUp'>,
): Transition => {
  if (open === 'none') return stay(ratedBefore(state, rated))
  return asks(state, { ...by, about: rated, followUp: open === 'follow-up' })
}

const ratedBefore = (state: SessionState, { caseNo, itemName }: RatedCase): SessionState =>
  goTo(state, { name: 'rated-before', about: aboutOf({ caseNo, itemName, followUp: false }) })

const answer = (state: SessionState, open: OpenRating, action: PlainAction): Transition => {
  const { view } = state
  switch (action.type) {
    case 'choose-rating': {
      if (view.name !== 'rate') return stay(state)
      const wanted = { do: 'choose', question: open.question, level: action.level } as const
      return runsHere(state, 'feedback', { kind: 'rating', wanted })
    }
    case 'set-rating-anonymous':
      return amended(state, { ...open, anonymous: action.anonymous })
    case 'set-rating-labels':
      return view.name === 'rate-labels' ? amended(state, { ...open, chosen: action.labels }) : stay(state)
    case 'open-rating-words':
      if (view.name !== 'rate-labels') return stay(state)
      return stay({ ...state, view: { name: 'rate-words', words: open.words } })
    case 'say-rating-words':
    case 'finish-rating-words': {
      if (view.name !== 'rate-words') return stay(state)
      const said = { ...open, words: action.words }
      const next = action.type === 'finish-rating-words' ? labelsView(said) : { ...view, words: action.words }
      return stay({ ...withRating(state, { open: said }), view: next })
    }
    case 'finish-rating':
      return view.name === 'rate-labels' ? finishes(state, { ...open, chosen: action.labels }) : stay(state)
    default:
      return stay(state)
  }
}

const amended = (state: SessionState, open: OpenRating): Transition => {
  const { view } = state
  if (view.name !== 'rate' && view.name !== 'rate-labels') return stay(state)
  const chosen = open.chosen.filter((code) => open.offered?.some((label) => label.code === code))
  const next = { ...open, chosen }
  const { question, anonymous } = next
  return {
    state: {
      ...withRating(state, { open: next }),
      view: view.name === 'rate' ? askingView(next) : labelsView(next),
    },
    effects: [ratingEffect({ do: 'amend', question, labels: chosen, anonymous })],
  }
}

const finishes = (state: SessionState, open: OpenRating): Transition => {
  const { question, chosen } = open
  const wanted = { do: 'finish', question, labels: chosen, words: wordsOf(open) } as const
  return runsHere(withRating(state, { open }), 'feedback', { kind: 'rating', wanted })
}

/** The page of labels has waited long enough, or is left: what was touched stands. */
export const closesLabels = (state: SessionState): Transition => {
  const { open } = state.personal.rating
  return open === null || state.lookup !== null ? stay(state) : finishes(state, open)
}

/** Thanks have been shown long enough. */
export const passesOn = (state: SessionState): Transition => stay(before(state))

const leaves = (state: SessionState, to: 'home' | 'back'): Transition => {
  const left = withRating(state, { open: null })
  const next =
    to === 'home' ? { ...left, view: { name: 'home' } as const, trail: [], lookup: null } : before(left)
  return { state: next, effects: leavingEffects(state, 'not-now') }
}

const before = (state: SessionState): SessionState => {
  const view = state.trail.at(-1) ?? ({ name: 'home' } as const)
  const there = { ...state, view, trail: state.trail.slice(0, -1), lookup: null }
  return view.name === 'rate-cases' ? { ...there, view: casesView(there) } : there
}

const errandDone = (state: SessionState, done: ErrandOutcome): Transition => {
  if (done.kind !== 'rating') return stay(state)
  const { outcome } = done
  if (outcome.outcome === 'dead-end') return stay(deadEnd(state, 'feedback', outcome.deadEnd))
  if (outcome.outcome === 'found') return found(state, outcome)
  const { open } = state.personal.rating
  if (open === null) return stay(state)
  switch (outcome.outcome) {
    case 'asked':
      return wasAsked(state, open)
    case 'already-rated': {
      const over = withRating(state, { open: null })
      return stay(goTo(over, { name: 'rated-before', about: aboutOf(open.about) }))
    }
    case 'chosen': {
      const chosen = { ...open, offered: outcome.labels }
      return stay({ ...withRating(state, { open: chosen }), view: labelsView(chosen) })
    }
    case 'kept':
      return stay(thanked(state, open))
    case 'not-kept':
      return notKept(state, open)
  }
}

const found = (state: SessionState, { cases }: Extract<RatingOutcome, { outcome: 'found' }>): Transition => {
  const { personal } = state
  const proof = personal.rating.found?.proof ?? 'receipt'
  const byCard = proof === 'card'
  const known = withRating(state, { found: { proof, cases } })
  const [only] = cases
  if (only === undefined && !byCard) return stay(deadEnd(known, 'feedback', 'case-not-found'))
  if (only === undefined || cases.length > 1) return stay({ ...known, view: casesView(known) })
  const card = byCard ? personal.card : null
  return asksCase(known, only, { proof, card, next: 'home' })
}

/** Whoever has gone on meanwhile is not called back. */
const wasAsked = (state: SessionState, open: OpenRating): Transition => {
  if (state.view.name !== open.from)
    return { state: withRating(state, { open: null }), effects: leavingEffects(state, 'timed-out') }
  return stay(goTo(state, askingView(open)))
}

const thanked = (state: SessionState, { about, next }: OpenRating): SessionState => {
  const { service, found: shown } = state.personal.rating
  const cases = shown?.cases.map((one) =>
    one.rated.caseNo === about?.caseNo ? { ...one, open: 'none' as const } : one,
  )
  const rated = withRating(state, {
    open: null,
    service: about === null ? 'rated' : service,
    found: shown === null || cases === undefined ? null : { ...shown, cases },
  })
  return { ...rated, view: { name: 'rate-thanks' }, trail: next === 'home' ? [] : rated.trail }
}

/** A question that could not be opened is not asked; an answer that could not be written is not thanked for. */
const notKept = (state: SessionState, open: OpenRating): Transition => {
  const { view } = state
  if (view.name === 'rate') return stay({ ...state, view: askingView(open, true) })
  if (view.name === 'rate-labels' || view.name === 'rate-words')
    return stay({ ...state, view: labelsView(open, true) })
  return leaves(state, open.next)
}

export const ratingRoom: Room = {
  pages: ['rate-present', 'rate-cases', 'rate', 'rate-labels', 'rate-words', 'rate-thanks', 'rated-before'],
  actions: [
    'open-rating',
    'rate-service',
    'rate-case',
    'not-now',
    'choose-rating',
    'set-rating-anonymous',
    'set-rating-labels',
    'open-rating-words',
    'say-rating-words',
    'finish-rating-words',
    'finish-rating',
  ],
  errands: ['rating'],
  act,
  errandDone,
  cardPlaced: (state, world) =>
    state.view.name === 'rate-present' && world.online && state.lookup === null
      ? findByCard(state)
      : stay(state),
  scanned(state, text, world) {
    if (state.view.name !== 'rate-present' || state.lookup !== null) return stay(state)
    const caseNo = text.trim()
    if (!CaseNo.safeParse(caseNo).success) return stay(deadEnd(state, 'feedback', 'case-not-found'))
    if (!world.online) return stay(state)
    const known = withRating(state, { found: { proof: 'receipt', cases: [] } })
    return runs(known, 'feedback', 'case', { kind: 'rating', wanted: { do: 'find', by: 'receipt', caseNo } })
  },
  leaves(state, by) {
    const { view, personal, lookup } = state
    switch (view.name) {
      case 'rate':
        return leaves(state, by)
      case 'rate-words':
        if (by === 'back' && personal.rating.open !== null)
          return stay({ ...state, view: labelsView(personal.rating.open) })
        return closesLabels(state)
      case 'rate-labels':
        return lookup === null ? closesLabels(state) : stay(state)
      case 'rate-thanks':
        return passesOn(state)
      default:
        return null
    }
  },
  refreshed(view, state, world) {
    if (view.name === 'rate-present') return presentRating(state.personal.rating, world, view.problem)
    return view.name === 'rate-cases' ? casesView(state) : view
  },
}
