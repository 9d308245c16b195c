/** What a card, a code and the hall's answer do. */
import type { IdCard } from '../../drivers/id-reader/card.ts'
import type { Personal } from '../../drivers/personal.ts'
import type { Service } from '../http/contract.ts'
import { pageTraits } from './pages.ts'
import { casesInOrder, caseViews } from './papers/views.ts'
import { pickupView, waitingResult } from './pickup/views.ts'
import { roomOfPage } from './rooms.ts'
import type { SessionEvent, SessionState, Transition, World } from './state.ts'
import { begun, deadEnd, endEffects, stay, trailFrom, using } from './steps.ts'
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
    personal: { ...base.personal, person: event.person, masked: event.masked, card: event.card },
  }
  const here = stranger ? undefined : roomOfPage(known.view.name)?.cardPlaced?.(known, world)
  if (here !== undefined) return { state: here.state, effects: [...effects, ...here.effects] }
  const service = serviceAsked(known)
  if (service === null) return { state: known, effects }
  const lookup = lookUpCard(using(known, service), event.card, service, world)
  return { state: lookup.state, effects: [...effects, ...lookup.effects] }
}

/** Which service a card means here; null where the page goes on as it is. */
const serviceAsked = ({ view, lookup }: SessionState): Service | null => {
  switch (view.name) {
    case 'home':
    case 'guides':
    case 'guide':
      return 'my-papers'
    case 'present':
      return view.service
    case 'dead-end':
      return view.service === 'guides' ? 'my-papers' : view.service
    case 'looking-up':
      // The same card put down again while it is being asked for changes nothing; a code gives way to a card.
      return view.by === 'code' ? (lookup?.service ?? 'my-papers') : null
    case 'case':
      return view.provedBy === 'receipt' ? 'my-papers' : null
    default:
      return null
  }
}

/** Lifting ends nothing: people take their card and go on reading. A page that counted on the card is told. */
export const cardLifted = (state: SessionState, world: World): Transition => {
  const lifted = { ...state, cardOnReader: false, personal: { ...state.personal, card: null } }
  const { view } = state
  if (view.name === 'ending') return stay({ ...lifted, view: { name: 'ending', cardOnReader: false } })
  return stay({ ...lifted, view: roomOfPage(view.name)?.refreshed?.(view, lifted, world) ?? view })
}

export const unreadable = (
  state: SessionState,
  service: 'my-papers' | 'progress',
  problem: 'unreadable-card' | 'code-too-long' | 'code-not-text',
  world: World,
): Transition => {
  const { view } = state
  if (view.name === 'present') {
    const wanted = problem === 'unreadable-card' ? 'card' : 'code'
    const isNew = view.accepts.includes(wanted) && view.problem !== problem
    return stay(isNew ? { ...state, view: { ...view, problem } } : state)
  }
  if (view.name !== 'rest' && view.name !== 'home') return stay(state)
  const present = presentView(service, world, problem)
  if (present === null) return stay(state)
  const begin = begun(state, world)
  return stay({ ...begin, view: present, trail: trailFrom(begin) })
}

export const scanned = (state: SessionState, text: string, world: World): Transition => {
  const { view } = state
  const here = roomOfPage(view.name)?.scanned?.(state, text, world)
  if (here !== undefined) return here
  if (pageTraits[view.name].timer === null && view.name !== 'rest') return stay(state)
  if (view.name === 'present' && !view.accepts.includes('code')) return stay(state)
  const service: Service = view.name === 'present' ? view.service : 'progress'
  const base = using(begun(state, world), service)
  const caseNo = text.trim()
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
  const { views, documents } = caseViews(casesInOrder(answer.cases), event.lookup, world)
  const [first] = views
  if (first === undefined) {
    return stay(deadEnd(state, lookup.service, view.by === 'card' ? 'no-cases' : 'case-not-found'))
  }
  const { personal } = state
  const next = {
    ...state,
    lookup: null,
    personal: { ...personal, documents: { ...personal.documents, ...documents } },
  }
  if (view.by === 'code') {
    const result = lookup.service === 'pickup' ? waitingResult(first, world) : null
    if (result !== null)
      return stay({ ...next, view: pickupView(result, { provedBy: 'receipt', problem: null }, world) })
    return stay({ ...next, view: { name: 'case', personMasked: null, provedBy: 'receipt', case: first } })
  }
  return stay({ ...next, view: { name: 'papers', personMasked: personal.masked ?? '', cases: views } })
}
