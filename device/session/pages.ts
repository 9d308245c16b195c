/** What each page is to the session, whichever service it belongs to. */
import type { TerminalView } from '../http/contract.ts'

export interface PageTraits {
  /** `back` may lead here. The others stand for a moment: showing them again would be untrue. */
  place: boolean
  /** Idle waits while paper moves or somebody is being asked (UX.md, Terminal); nobody is here at rest. */
  timer: 'idle' | 'ending' | null
}

const PLACE: PageTraits = { place: true, timer: 'idle' }
const MOMENT: PageTraits = { place: false, timer: 'idle' }
const WAITING: PageTraits = { place: false, timer: null }

export const pageTraits: Record<TerminalView['name'], PageTraits> = {
  'not-enrolled': WAITING,
  rest: WAITING,
  home: PLACE,
  present: MOMENT,
  'looking-up': WAITING,
  waiting: WAITING,
  'dead-end': MOMENT,
  ending: { place: false, timer: 'ending' },
  guides: PLACE,
  guide: PLACE,
  'guide-search': PLACE,
  'guide-forms': PLACE,
  papers: PLACE,
  case: PLACE,
  pickup: PLACE,
  collected: MOMENT,
  'pickup-refused': MOMENT,
  'pickup-unknown': MOMENT,
  queue: PLACE,
  'ticket-ways': PLACE,
  'ticket-code': PLACE,
  ticket: MOMENT,
  'ticket-refused': MOMENT,
  'ticket-unknown': MOMENT,
  feedback: PLACE,
  'feedback-ground': PLACE,
  'feedback-excluded': PLACE,
  'feedback-form': PLACE,
  'feedback-item': PLACE,
  'feedback-place': PLACE,
  'feedback-day': PLACE,
  'feedback-slot': PLACE,
  'feedback-said': PLACE,
  'feedback-contact': PLACE,
  'feedback-kept': MOMENT,
  printing: WAITING,
  printed: MOMENT,
  'nothing-came-out': MOMENT,
}
