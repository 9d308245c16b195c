/** What each page is to the session, whichever service it belongs to. */
import type { TerminalView } from '../http/contract.ts'
import type { TimerName } from './state.ts'

export interface PageTraits {
  /** `back` may lead here. The others stand for a moment: showing them again would be untrue. */
  place: boolean
  /** Idle waits while paper moves or somebody is being asked (UX.md, Terminal); nobody is here at rest. */
  timer: TimerName | null
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
  'paper-choice': PLACE,
  proofs: PLACE,
  'proof-card': MOMENT,
  // How its paper ended stays true, and its code is read off the page.
  proof: PLACE,
  'proof-refused': MOMENT,
  'proof-unknown': MOMENT,
  pickup: PLACE,
  // Where it lies, and what number one has, stays true: a slip that failed leads back there.
  collected: PLACE,
  'pickup-refused': MOMENT,
  'pickup-unknown': MOMENT,
  'rate-present': PLACE,
  'rate-cases': PLACE,
  rate: MOMENT,
  'rate-labels': { place: false, timer: 'labels' },
  'rate-words': MOMENT,
  'rate-thanks': { place: false, timer: 'thanks' },
  'rated-before': MOMENT,
  queue: PLACE,
  'ticket-ways': PLACE,
  'ticket-code': PLACE,
  ticket: PLACE,
  'ticket-refused': MOMENT,
  'ticket-unknown': MOMENT,
  feedback: PLACE,
  'feedback-ground': PLACE,
  'feedback-excluded': PLACE,
  'feedback-form': PLACE,
  'feedback-item': PLACE,
  'feedback-search': PLACE,
  'feedback-place': PLACE,
  'feedback-day': PLACE,
  'feedback-slot': PLACE,
  'feedback-said': PLACE,
  'feedback-contact': PLACE,
  'feedback-kept': PLACE,
  printing: WAITING,
  // How each paper of it ended stays true.
  'print-run': PLACE,
  'paper-left': MOMENT,
  printed: MOMENT,
  'nothing-came-out': MOMENT,
}

/** Paper is under way on this page itself: nobody is led away from it, and nobody is warned of idling. */
export const paperMoves = (view: TerminalView): boolean =>
  view.name === 'printing' || (view.name === 'print-run' && view.state === 'going')
