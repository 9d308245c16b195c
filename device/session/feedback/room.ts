/** What citizens leave: chosen and written row by row, looked through, kept. */
import { Personal } from '../../../drivers/personal.ts'
import type { FeedbackPlace, Said } from '../../../sync/protocol/feedback.ts'
import { userOf as userOfCard } from '../../cases/card-user.ts'
import type { FeedbackFacts } from '../../reports/feedback.ts'
import type { ErrandOutcome } from '../errands.ts'
import type { Room } from '../room.ts'
import { withSlipIfWorks } from '../slips.ts'
import type { PlainAction, SessionState, Transition, World } from '../state.ts'
import { goTo, runs, stay } from '../steps.ts'
import { answered } from './answers.ts'
import { firstAsked, itemView, officesOf, searchView } from './choices.ts'
import { type FeedbackDraft, lacksOf, newDraft, userOf } from './draft.ts'
import { keptView, slipOf } from './slip.ts'
import { answerOf, fieldView, formView, groundView, paceOf, refreshedView } from './views.ts'

const withDraft = (state: SessionState, feedback: FeedbackDraft | null): SessionState => ({
  ...state,
  personal: { ...state.personal, feedback },
})

/** The form, wherever its citizen comes from: `back` leads from it to before it. */
const toForm = (
  state: SessionState,
  draft: FeedbackDraft,
  world: World,
  notKept: Parameters<typeof formView>[2] = null,
): SessionState => {
  const kept = withDraft(state, draft)
  const view = formView(draft, world, notKept)
  if (view === null) return goTo(kept, groundView(draft))
  const before = kept.trail.findIndex(({ name }) => name === 'feedback-form')
  const menu = kept.trail.findIndex(({ name }) => name === 'feedback')
  return { ...kept, view, trail: kept.trail.slice(0, before >= 0 ? before : menu + 1) }
}

const begin = (state: SessionState, kind: FeedbackDraft['kind'], world: World): Transition => {
  if (state.view.name !== 'feedback') return stay(state)
  const { feedback: before } = state.personal
  if (before !== null && before.kind === kind && before.ground !== null)
    return stay(toForm({ ...state, trail: [...state.trail, state.view] }, before, world))
  const draft = newDraft(kind, before)
  return stay(goTo(withDraft(state, draft), groundView(draft)))
}

const act = (state: SessionState, action: PlainAction, world: World): Transition => {
  const { view } = state
  const draft = state.personal.feedback
  if (action.type === 'begin-feedback') return begin(state, action.kind, world)
  if (draft === null) return stay(state)
  switch (action.type) {
    case 'read-excluded':
      return stay(view.name === 'feedback-ground' ? goTo(state, { name: 'feedback-excluded' }) : state)
    case 'edit-feedback': {
      const page =
        view.name === 'feedback-form' ? fieldView(action.field, draft, world, state.personal) : null
      return stay(page === null ? state : goTo(state, page))
    }
    case 'browse-feedback-items':
      if (view.name !== 'feedback-item') return stay(state)
      return stay(browsing(state, itemView(world, action.by, action.group), action.group !== null))
    case 'open-feedback-search':
      if (view.name !== 'feedback-item') return stay(state)
      return stay(goTo(state, searchView(world, '', state.preferences.language)))
    case 'search-feedback-items':
      if (view.name !== 'feedback-search') return stay(state)
      return stay({ ...state, view: searchView(world, action.query, state.preferences.language) })
    case 'browse-feedback-place': {
      if (view.name !== 'feedback-place') return stay(state)
      const found = officesOf(world).some(({ office }) => office === action.office)
      return stay(found ? goTo(state, { ...view, office: action.office }) : state)
    }
    case 'name-by-card': {
      const isAsked = draft.kind !== 'complaint' || draft.named === true
      return view.name === 'feedback-contact' && isAsked ? namedByCard(state, draft, world) : stay(state)
    }
    case 'finish-feedback-field':
      if (view.name !== 'feedback-said' && view.name !== 'feedback-contact') return stay(state)
      return stay(toForm(state, draft, world))
    case 'keep-feedback':
      return keep(state, draft, action.key, world)
    default: {
      const answer = answered(draft, view, action, world)
      if (answer === null) return stay(state)
      const next = { ...answer.draft, key: null }
      if (!answer.stays) return stay(toForm(state, next, world))
      if (beginsToName(draft, next)) return namedByCard(state, next, world)
      return stay(shown(state, next, world))
    }
  }
}

const shown = (state: SessionState, draft: FeedbackDraft, world: World): SessionState => {
  const { view, personal, preferences } = state
  return {
    ...withDraft(state, draft),
    view: refreshedView(view, draft, personal, world, preferences.language),
  }
}

/** Whoever wants a complaint to bear their name, and has written none. */
const beginsToName = (before: FeedbackDraft, { named, card, name }: FeedbackDraft): boolean =>
  before.named !== true && named === true && card === null && name.trim() === ''

/** The card that lies on the reader tells the name; without one the page stands as it was answered. */
const namedByCard = (state: SessionState, draft: FeedbackDraft, world: World): Transition => {
  const { card, masked } = state.personal
  if (card === null) return stay(shown(state, draft, world))
  const named = draft.kind === 'complaint' ? true : draft.named
  const byCard = { user: userOfCard(card), masked: masked ?? '' }
  return stay(shown(state, { ...draft, named, card: byCard, name: '', key: null }, world))
}

/** Opening a group is a step; another way to look is the same page. */
const browsing = (state: SessionState, view: SessionState['view'], isStep: boolean): SessionState =>
  isStep ? goTo(state, view) : { ...state, view }

const keep = (state: SessionState, draft: FeedbackDraft, key: string, world: World): Transition => {
  if (state.view.name !== 'feedback-form' || lacksOf(draft).length > 0) return stay(state)
  const about = factsOf(draft, world)
  if (about === null) return stay(state)
  const intent = draft.key ?? key
  return runs(withDraft(state, { ...draft, key: intent }), 'feedback', 'keeping', {
    kind: 'feedback',
    wanted: { key: intent, about, said: saidOf(draft), user: userOf(draft), answer: answerOf(draft, world) },
  })
}

const itemOf = ({ item }: FeedbackDraft): Said['item'] =>
  item === null || item === 'unknown' ? null : { itemCode: item.itemCode, itemName: item.name }

const placeOf = ({ place }: FeedbackDraft): FeedbackPlace | null =>
  place === null || place === 'unknown' ? null : { office: place.office, window: place.window }

const factsOf = (draft: FeedbackDraft, world: World): FeedbackFacts | null => {
  const { ground, named, slot } = draft
  const item = itemOf(draft)
  switch (ground) {
    case null:
      return null
    case 'not-accepted':
    case 'not-approved':
    case 'again-and-again':
    case 'attitude':
      return { type: 'report', facts: { ground, pace: paceOf(draft, world), item, place: placeOf(draft) } }
    case 'over-time':
    case 'procedure':
    case 'rules':
    case 'handling':
    case 'favours':
    case 'quality':
      return { type: 'complaint', facts: { ground, named: named === true } }
    case 'question':
    case 'agent':
    case 'home-visit':
    case 'appointment': {
      const first = firstAsked(world)?.name ?? '综合窗口'
      const facts = { kind: ground, item, slot: ground === 'appointment' ? slot : null, firstAsked: first }
      return { type: 'request', facts }
    }
  }
}

/** What is sealed: of a complaint all of it, of the others what does not stand in the clear. */
const saidOf = (draft: FeedbackDraft): Personal<Said> | null => {
  const { kind, day, reasons } = draft
  const words = draft.words.trim()
  const isComplaint = kind === 'complaint'
  const said: Said = {
    item: isComplaint ? itemOf(draft) : null,
    place: isComplaint ? placeOf(draft) : null,
    day: isComplaint ? day : null,
    reasons,
    words,
  }
  const isEmpty = said.item === null && said.place === null && said.day === null && reasons.length === 0
  return isEmpty && words === '' ? null : new Personal(said)
}

const errandDone = (state: SessionState, done: ErrandOutcome, world: World, jobId: string): Transition => {
  const draft = state.personal.feedback
  if (done.kind !== 'feedback' || draft === null) return stay(state)
  const { outcome } = done
  if (outcome.outcome === 'not-kept') return stay(toForm(state, draft, world, outcome.why))
  const kept = keptView(draft, outcome.kept, world)
  if (kept === null) return stay(state)
  // It is said: from here only home, and nothing of it stays but the slip.
  const over: SessionState = { ...withDraft(state, null), trail: [{ name: 'home' }] }
  const paper = world.printers.a4 && !world.printers.receipt ? 'a4' : 'receipt'
  const slip = slipOf(draft, outcome.kept, world, state.preferences.language)
  const job = { jobId, kind: 'feedback-slip', paper, pages: null } as const
  // The intent's key is the store's: its slip is printed once under a key of its own.
  const key = `slip-${draft.key ?? jobId}`
  const printed = withSlipIfWorks(over, { key, job, printable: { kind: 'feedback-slip', slip } }, world)
  const view = { name: 'feedback-kept', kept, slip: printed.slip } as const
  return { state: { ...printed.state, view }, effects: printed.effects }
}

export const feedbackRoom: Room = {
  pages: [
    'feedback',
    'feedback-ground',
    'feedback-excluded',
    'feedback-form',
    'feedback-item',
    'feedback-search',
    'feedback-place',
    'feedback-day',
    'feedback-slot',
    'feedback-said',
    'feedback-contact',
    'feedback-kept',
  ],
  actions: [
    'begin-feedback',
    'choose-ground',
    'read-excluded',
    'edit-feedback',
    'browse-feedback-items',
    'open-feedback-search',
    'search-feedback-items',
    'choose-feedback-item',
    'browse-feedback-place',
    'choose-feedback-place',
    'choose-feedback-day',
    'choose-feedback-slot',
    'say-feedback',
    'leave-contact',
    'name-by-card',
    'finish-feedback-field',
    'keep-feedback',
  ],
  errands: ['feedback'],
  act,
  open: {
    feedback: (state) =>
      stay(goTo(state, { name: 'feedback', begun: state.personal.feedback?.kind ?? null })),
  },
  errandDone,
  /** On the page of the contact a card writes the name; elsewhere here it waits on the plate. */
  cardPlaced(state, world) {
    const draft = state.personal.feedback
    if (state.view.name !== 'feedback-contact' || draft === null) return stay(state)
    if (draft.kind === 'complaint' && draft.named === false) return stay(shown(state, draft, world))
    return namedByCard(state, draft, world)
  },
  /** Before a kind is chosen a receipt leads to its case; it is no part of what is being written. */
  scanned: (state) => (state.view.name === 'feedback' ? null : stay(state)),
  refreshed: (view, { personal, preferences }, world) =>
    refreshedView(view, personal.feedback, personal, world, preferences.language),
}
