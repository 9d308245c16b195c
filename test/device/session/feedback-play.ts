/** Playing what citizens leave through the transition, and looking at what comes of it. */
import type { TerminalView } from '../../../device/http/contract.ts'
import type { FeedbackWanted } from '../../../device/reports/feedback.ts'
import {
  initialState,
  type SessionEvent,
  type SessionState,
  type Transition,
  type World,
} from '../../../device/session/state.ts'
import { transition } from '../../../device/session/transition.ts'
import { PERSON, sampleCard, sampleWorld } from '../support/samples.ts'
import { action, edit, MENU } from './feedback-ways.ts'

export const play = (
  events: SessionEvent[],
  world: World = sampleWorld(),
  from = initialState(true),
): Transition =>
  events.reduce<Transition>(({ state }, event) => transition(state, event, world), {
    state: from,
    effects: [],
  })

export const viewOf = <Name extends TerminalView['name']>(
  state: SessionState,
  name: Name,
): Extract<TerminalView, { name: Name }> => {
  if (state.view.name !== name) throw new Error(`the page is ${state.view.name}`)
  return state.view as Extract<TerminalView, { name: Name }>
}
export const formAt = (events: SessionEvent[], world?: World) =>
  viewOf(play(events, world).state, 'feedback-form').form

export const wantedIn = ({ effects }: Transition): FeedbackWanted => {
  for (const effect of effects)
    if (effect.type === 'errand' && effect.errand.kind === 'feedback') return effect.errand.wanted
  throw new Error('nothing is to be kept')
}

export const begin = (kind: 'report' | 'complaint' | 'request'): SessionEvent =>
  action({ type: 'begin-feedback', kind })
export type Ground = Extract<
  Extract<SessionEvent, { type: 'action' }>['action'],
  { type: 'choose-ground' }
>['ground']
export const ground = (one: Ground): SessionEvent => action({ type: 'choose-ground', ground: one })
export const say = (words: string, reasons: Parameters<typeof sayAction>[1] = []): SessionEvent[] => [
  edit('said'),
  sayAction(words, reasons),
  action({ type: 'finish-feedback-field' }),
]
export const sayAction = (
  words: string,
  reasons: Extract<Extract<SessionEvent, { type: 'action' }>['action'], { type: 'say-feedback' }>['reasons'],
): SessionEvent => action({ type: 'say-feedback', reasons, words })
export const contact = (named: boolean | null, name: string | null, phone: string): SessionEvent[] => [
  edit('contact'),
  action({ type: 'leave-contact', named, name, phone }),
  action({ type: 'finish-feedback-field' }),
]
export const BACK = action({ type: 'back' })
export const CARD: SessionEvent = {
  type: 'card-placed',
  card: sampleCard(),
  person: 'digest-of-lin',
  masked: PERSON.masked,
}
export const COMPLAINT = [...MENU, begin('complaint'), ground('favours')]

/** The card lies there from the beginning; its owner comes to say something all the same. */
export const CARD_FIRST: SessionEvent[] = [
  CARD,
  { type: 'answer', lookup: 1, answer: { ok: true, cases: [] } },
  action({ type: 'home' }),
]
