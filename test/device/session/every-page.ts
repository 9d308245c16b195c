/** Every page of the terminal, with the events by which it is come by; and what is played with them. */
import type { TerminalView } from '../../../device/http/contract.ts'
import {
  initialState,
  type SessionEvent,
  type SessionState,
  type Transition,
  type World,
} from '../../../device/session/state.ts'
import { transition } from '../../../device/session/transition.ts'
import type { TicketOutcome } from '../../../device/tickets/ticket.ts'
import { PERSON, sampleCard, sampleCase, sampleGuide, sampleWorld } from '../support/samples.ts'
import { feedbackWays } from './feedback-ways.ts'
import { pickupWays } from './pickup-ways.ts'
import { printWays } from './print-ways.ts'
import { ratingWays } from './rating-ways.ts'

export const card = (person = 'digest-of-lin'): SessionEvent => ({
  type: 'card-placed',
  card: sampleCard(),
  person,
  masked: PERSON.masked,
})
export const action = (one: Extract<SessionEvent, { type: 'action' }>['action']): SessionEvent => ({
  type: 'action',
  action: one,
})
export const answer = (
  lookup: number,
  cases = [sampleCase('YX2026110001'), sampleCase('YX2026110002')],
): SessionEvent => ({
  type: 'answer',
  lookup,
  answer: { ok: true, cases },
})
export const printPaper = (paperId: string, jobId = 'job-1'): SessionEvent => ({
  type: 'print-wanted',
  action: { type: 'print-paper', paperId, key: `key-of-${jobId}` },
  jobId,
  known: null,
})
export const outcome = (
  jobId: string,
  value: Extract<SessionEvent, { type: 'print-outcome' }>['outcome'],
): SessionEvent => ({
  type: 'print-outcome',
  jobId,
  outcome: value,
})
export const probable = outcome('job-1', { outcome: 'printed', proof: 'probable' })

/** Plays the events one after the other. */
export const play = (
  events: SessionEvent[],
  world: World = sampleWorld(),
  from = initialState(true),
): Transition =>
  events.reduce<Transition>(({ state }, event) => transition(state, event, world), {
    state: from,
    effects: [],
  })

export const PAPERS = [card(), answer(1)]
export const PRINTING = [...PAPERS, printPaper('1-0-0')]

export const QUEUE_ASKED = [action({ type: 'wake' }), action({ type: 'open-service', service: 'ticket' })]
const QUEUE_TYPE = {
  businessType: 'A',
  name: '户籍',
  area: '1楼',
  open: true,
  opensAt: null,
  waiting: 3,
  waitMinutes: 10,
  quietHours: [],
}
export const NUMBER = { number: 'A012', waiting: 3, area: '1楼', priority: null }
export const queueAnswer = (number: number): SessionEvent => ({
  type: 'errand-done',
  number,
  done: {
    kind: 'queue',
    outcome: { ok: true, value: { time: '2026-11-20T22:40:00.000+08:00', types: [QUEUE_TYPE] } },
  },
  jobId: 'job-7',
})
export const ticketAnswer = (outcome: TicketOutcome, number = 2): SessionEvent => ({
  type: 'errand-done',
  number,
  done: { kind: 'ticket', outcome },
  jobId: 'job-8',
})
const QUEUE = [...QUEUE_ASKED, queueAnswer(1)]
const TICKET_WAYS = [...QUEUE, action({ type: 'choose-queue', businessType: 'A' })]
export const TICKET_ASKED = [...TICKET_WAYS, action({ type: 'take-ticket', code: null, key: 'number-1' })]

/** How each page of a session is come by. */
export const ways: Record<TerminalView['name'], SessionEvent[]> = {
  'not-enrolled': [],
  rest: [],
  home: [action({ type: 'wake' })],
  guides: [action({ type: 'wake' }), action({ type: 'open-service', service: 'guides' })],
  guide: [
    action({ type: 'wake' }),
    action({ type: 'open-service', service: 'guides' }),
    action({ type: 'choose-life-event', lifeEvent: 'travel' }),
    action({ type: 'open-guide', itemCode: sampleGuide.itemCode }),
  ],
  'guide-search': [
    action({ type: 'wake' }),
    action({ type: 'open-service', service: 'guides' }),
    action({ type: 'open-guide-search' }),
    action({ type: 'search-guides', query: 'huzhao' }),
  ],
  'guide-forms': [
    action({ type: 'wake' }),
    action({ type: 'open-service', service: 'guides' }),
    action({ type: 'choose-life-event', lifeEvent: 'travel' }),
    action({ type: 'open-guide', itemCode: sampleGuide.itemCode }),
    action({ type: 'open-guide-forms' }),
  ],
  present: [action({ type: 'wake' }), action({ type: 'open-service', service: 'progress' })],
  'looking-up': [card()],
  waiting: QUEUE_ASKED,
  queue: QUEUE,
  'ticket-ways': TICKET_WAYS,
  'ticket-code': [...TICKET_WAYS, action({ type: 'open-ticket-code', of: 'missed' })],
  ticket: [...TICKET_ASKED, ticketAnswer({ outcome: 'given', ticket: NUMBER })],
  'ticket-refused': [...TICKET_ASKED, ticketAnswer({ outcome: 'refused', refusal: 'closed', words: '' })],
  'ticket-unknown': [...TICKET_ASKED, ticketAnswer({ outcome: 'unknown' })],
  ...feedbackWays,
  ...pickupWays,
  ...ratingWays,
  ...printWays,
  papers: PAPERS,
  case: [...PAPERS, action({ type: 'open-case', caseNo: 'YX2026110001' })],
  printing: PRINTING,
  printed: [...PRINTING, probable],
  'nothing-came-out': [...PRINTING, probable, { type: 'nothing-came-out', jobId: 'job-1', noted: true }],
  'dead-end': [{ type: 'scanned', text: 'of no hall' }],
  ending: [...PAPERS, action({ type: 'end' })],
}

/** A state is never changed, only followed by another: each is come by once. */
const states = new Map<TerminalView['name'], SessionState>()

export const stateAt = (name: TerminalView['name']): SessionState => {
  const known =
    states.get(name) ?? play(ways[name], sampleWorld(), initialState(name !== 'not-enrolled')).state
  states.set(name, known)
  return known
}

export const pages = Object.keys(ways) as TerminalView['name'][]
