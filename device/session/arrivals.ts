/** What a card, a code and the hall's answer do. */
import type { IdCard } from '../../drivers/id-reader/card.ts'
import type { Personal } from '../../drivers/personal.ts'
import type { Case } from '../../sync/protocol/cases.ts'
import { isExpired } from '../cases/card-validity.ts'
import type { CaseView, Service, TerminalView, WaitingResult } from '../http/contract.ts'
import { guideView } from './guides/views.ts'
import { isSeenAgain } from './left-card.ts'
import { pageTraits } from './pages.ts'
import { casesInOrder, caseViews, papersView } from './papers/views.ts'
import { pickupView, waitingResult } from './pickup/views.ts'
import { roomOfPage } from './rooms.ts'
import type { SessionEvent, SessionState, Transition, World } from './state.ts'
import { begun, deadEnd, endEffects, goTo, stay, trailFrom, using } from './steps.ts'
import { presentView } from './views.ts'

type EventOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>

/** PROTOCOLS.md §1.4: a case number is opaque, letters and digits. */
const CASE_NUMBER = /^[0-9A-Za-z]{1,50}$/

const lookUp = (state: SessionState, service: Service, by: 'card' | 'code'): SessionState => {
  const number = state.lookups + 1
  return {
    ...state,
    view: { name: 'looking-up', by },
    trail: trailFrom(state),
    lookup: { number, service },
    lookups: number,
  }
}

/** Asks the hall for this person's cases; where the line is known to be down, says so at once. */
export const lookUpCard = (
  state: SessionState,
  card: Personal<IdCard>,
  service: Service,
  world: World,
): Transition => {
  if (!world.online) return stay(deadEnd(state, service, 'line-down'))
  const next = lookUp(state, service, 'card')
  return { state: next, effects: [{ type: 'search-card', lookup: next.lookups, card }] }
}

export const cardPlaced = (state: SessionState, event: EventOf<'card-placed'>, world: World): Transition => {
  const { person } = state.personal
  const stranger = person !== null && person !== event.person
  const before = { ...state, cardOnReader: true }
  // Another person's card: the first person's session is over before anything of the second is taken in.
  const effects = stranger ? endEffects(state, 'next-card', world) : []
  const base = begun(stranger ? { ...before, usage: null } : before, world)
  const known: SessionState = {
    ...base,
    leftCard: null,
    personal: {
      ...base.personal,
      person: event.person,
      masked: event.masked,
      card: event.card,
      cardMissing: null,
      cardExpired: isExpired(event.card, world.now),
    },
  }
  const here = stranger ? undefined : roomOfPage(known.view.name)?.cardPlaced?.(known, world)
  if (here !== undefined) return { state: here.state, effects: [...effects, ...here.effects] }
  const service = serviceAsked(known)
  // One that its reader had lost out of sight is no wish of anybody, but where it is asked for.
  const meant = !isSeenAgain(state, event) || asksForCard(known.view)
  if (service === null || !meant) return { state: known, effects }
  const lookup = lookUpCard(using(known, service), event.card, service, world)
  return { state: lookup.state, effects: [...effects, ...lookup.effects] }
}

/** Which service a card means here; null where the page goes on as it is. */
const serviceAsked = ({ view, lookup }: SessionState): Service | null => {
  switch (view.name) {
    case 'home':
    case 'paper-left':
    case 'guides':
    case 'guide-search':
    case 'guide':
    case 'guide-forms':
      return 'my-papers'
    case 'present':
      return view.service
    case 'dead-end':
      return view.service === 'guides' || view.service === 'feedback' ? 'my-papers' : view.service
    case 'looking-up':
      // The same card put down again while it is being asked for changes nothing; a code gives way to a card.
      return view.by === 'code' ? (lookup?.service ?? 'my-papers') : null
    case 'case':
      return view.provedBy === 'receipt' ? 'my-papers' : null
    default:
      return null
  }
}

/** The page says that a card may be put down now, or is about what a code alone has shown. */
const asksForCard = ({ name }: TerminalView): boolean =>
  name === 'present' || name === 'case' || name === 'looking-up'

/** Lifting ends nothing: people take their card and go on reading. A page that counted on the card is told. */
export const cardLifted = (state: SessionState, world: World): Transition => {
  const { personal } = state
  const cardMissing = personal.card === null ? personal.cardMissing : { sinceMs: null, unseen: false }
  const lifted = { ...state, cardOnReader: false, personal: { ...personal, card: null, cardMissing } }
  const { view } = state
  if (view.name === 'ending') return stay({ ...lifted, view: { name: 'ending', cardOnReader: false } })
  return stay({ ...lifted, view: roomOfPage(view.name)?.refreshed?.(view, lifted, world) ?? view })
}

export const unreadable = (
  state: SessionState,
  service: 'my-papers' | 'progress',
  problem: NonNullable<Extract<TerminalView, { name: 'present' }>['problem']>,
  world: World,
): Transition => {
  const { view } = state
  const ofCard = problem === 'unreadable-card' || problem === 'card-number-wrong'
  // Pages that take a card besides what they show.
  const takesCard = view.name === 'pickup' || view.name === 'ticket-ways' || view.name === 'proof-card'
  if (takesCard && ofCard)
    return stay(view.problem === problem ? state : { ...state, view: { ...view, problem } })
  if (view.name === 'present' || view.name === 'rate-present') {
    const wanted = ofCard ? 'card' : 'code'
    const isNew = view.accepts.includes(wanted) && view.problem !== problem
    return stay(isNew ? { ...state, view: { ...view, problem } } : state)
  }
  const ofReceipt = view.name === 'case' && view.provedBy === 'receipt' && ofCard
  // A card that lies badly is nobody's try where none was asked for.
  const afterDeadEnd = view.name === 'dead-end' && !ofCard
  if (view.name !== 'rest' && view.name !== 'home' && !ofReceipt && !afterDeadEnd) return stay(state)
  // After a dead end it is another try of the same service, where that takes codes.
  const again = view.name === 'dead-end' ? presentView(view.service, world, problem) : null
  const present = again?.accepts.includes('code') === true ? again : presentView(service, world, problem)
  if (present === null) return stay(state)
  const begin = begun(state, world)
  return stay({ ...begin, view: present, trail: trailFrom(begin) })
}

export const scanned = (state: SessionState, text: string, world: World): Transition => {
  const { view } = state
  const here = roomOfPage(view.name)?.scanned?.(state, text, world) ?? null
  if (here !== null) return here
  if (pageTraits[view.name].timer === null && view.name !== 'rest') return stay(state)
  if (view.name === 'present' && !view.accepts.includes('code')) return stay(state)
  const caseNo = text.trim()
  // The code of an item, as on its one-time notice, leads to its guide.
  const guide = world.guides.find(({ itemCode }) => itemCode === caseNo)
  if (guide !== undefined) return stay(goTo(using(begun(state, world), 'guides'), guideView(guide, world)))
  const service: Service = view.name === 'present' ? view.service : 'progress'
  const base = using(begun(state, world), service)
  if (!CASE_NUMBER.test(caseNo)) return stay(deadEnd(base, service, 'case-not-found'))
  if (!world.online) return stay(deadEnd(base, service, 'line-down'))
  const next = lookUp(base, service, 'code')
  return { state: next, effects: [{ type: 'search-code', lookup: next.lookups, caseNo }] }
}

export const searchAnswered = (state: SessionState, event: EventOf<'answer'>, world: World): Transition => {
  const { view, lookup } = state
  if (view.name !== 'looking-up' || lookup === null || lookup.number !== event.lookup) return stay(state)
  const { answer } = event
  if (!answer.ok) return stay(deadEnd(state, lookup.service, answer.deadEnd))
  const shown = view.by === 'code' ? answer.cases.map(withoutResults) : answer.cases
  const { views, documents } = caseViews(casesInOrder(shown), event.lookup, world)
  const [first] = views
  if (first === undefined && view.by === 'code') return stay(deadEnd(state, lookup.service, 'case-not-found'))
  const { personal } = state
  const next = {
    ...state,
    lookup: null,
    personal: { ...personal, documents: { ...personal.documents, ...documents } },
  }
  if (first !== undefined && view.by === 'code') {
    const result = lookup.service === 'pickup' ? waitingResult(first, world) : null
    if (result !== null)
      return stay({ ...next, view: pickupView(result, { provedBy: 'receipt', problem: null }, next, world) })
    return stay({ ...next, view: { name: 'case', personMasked: null, provedBy: 'receipt', case: first } })
  }
  const behind = state.trail.at(-1)
  if (behind?.name === 'case' && behind.provedBy === 'receipt')
    return provedByCard(next, behind.case.caseNo, { views, documents }, world)
  // Nobody's cases are no dead end: proofs need none.
  const papers: SessionState = { ...next, view: papersView(personal.masked ?? '', views, world) }
  const [result, ...others] = lookup.service === 'pickup' ? waitingResults(views, world) : []
  if (result === undefined || others.length > 0) return stay(papers)
  // Whoever comes to fetch the one thing that waits for them is led to it; the way back leads to all the rest.
  return stay(goTo(papers, pickupView(result, { provedBy: 'card', problem: null }, papers, world)))
}

/** A receipt lies about and is found by anybody: results need the card (PROTOCOLS.md §1.4). */
const withoutResults = (one: Case): Case => ({
  ...one,
  documents: one.documents.filter(({ kind }) => kind !== 'result'),
})

const waitingResults = (views: readonly CaseView[], world: World): WaitingResult[] =>
  views.flatMap((one) => waitingResult(one, world) ?? [])

/** A card on the page of a receipt: its applicant sees the same case with all that is theirs. */
const provedByCard = (
  state: SessionState,
  caseNo: string,
  { views, documents }: ReturnType<typeof caseViews>,
  world: World,
): Transition => {
  const { personal } = state
  const one = views.find((view) => view.caseNo === caseNo)
  if (one !== undefined) {
    const { masked: personMasked } = personal
    const view = { name: 'case', personMasked, provedBy: 'card', case: one } as const
    return stay({ ...state, view, trail: state.trail.slice(0, -1) })
  }
  // Somebody else's card: the session of whoever scanned the receipt is over, and its page out of reach.
  const fresh = using(begun({ ...state, usage: null }, world), 'my-papers')
  const view = papersView(personal.masked ?? '', views, world)
  const { person, masked, card, cardExpired } = personal
  return {
    state: {
      ...fresh,
      view,
      leftCard: null,
      personal: { ...fresh.personal, person, masked, card, cardExpired, documents },
    },
    effects: endEffects(state, 'next-card', world),
  }
}
