/** Which component shows which page. */
import type { Component } from 'svelte'
import type { TerminalView } from '../../device/http/contract.ts'
import Case from './views/case.svelte'
import Collected from './views/collected.svelte'
import DeadEnd from './views/dead-end.svelte'
import Ending from './views/ending.svelte'
import Feedback from './views/feedback.svelte'
import FeedbackContact from './views/feedback-contact.svelte'
import FeedbackDay from './views/feedback-day.svelte'
import FeedbackExcluded from './views/feedback-excluded.svelte'
import FeedbackForm from './views/feedback-form.svelte'
import FeedbackGround from './views/feedback-ground.svelte'
import FeedbackItem from './views/feedback-item.svelte'
import FeedbackKept from './views/feedback-kept.svelte'
import FeedbackPlace from './views/feedback-place.svelte'
import FeedbackSaid from './views/feedback-said.svelte'
import FeedbackSlot from './views/feedback-slot.svelte'
import Guide from './views/guide.svelte'
import Guides from './views/guides.svelte'
import LookingUp from './views/looking-up.svelte'
import NothingCameOut from './views/nothing-came-out.svelte'
import Papers from './views/papers.svelte'
import Pickup from './views/pickup.svelte'
import PickupRefused from './views/pickup-refused.svelte'
import PickupUnknown from './views/pickup-unknown.svelte'
import Present from './views/present.svelte'
import Printed from './views/printed.svelte'
import Printing from './views/printing.svelte'
import Queue from './views/queue.svelte'
import Ticket from './views/ticket.svelte'
import TicketCode from './views/ticket-code.svelte'
import TicketRefused from './views/ticket-refused.svelte'
import TicketUnknown from './views/ticket-unknown.svelte'
import TicketWays from './views/ticket-ways.svelte'
import Waiting from './views/waiting.svelte'

/** Three pages are not made from their view: the terminal shows them by name. */
type Shown = Exclude<TerminalView, { name: 'home' | 'rest' | 'not-enrolled' }>
type Views = { [View in Shown as View['name']]: Component<{ view: View }> }

const views: Views = {
  present: Present,
  'looking-up': LookingUp,
  waiting: Waiting,
  'dead-end': DeadEnd,
  ending: Ending,
  guides: Guides,
  guide: Guide,
  papers: Papers,
  case: Case,
  pickup: Pickup,
  collected: Collected,
  'pickup-refused': PickupRefused,
  'pickup-unknown': PickupUnknown,
  queue: Queue,
  'ticket-ways': TicketWays,
  'ticket-code': TicketCode,
  ticket: Ticket,
  'ticket-refused': TicketRefused,
  'ticket-unknown': TicketUnknown,
  feedback: Feedback,
  'feedback-contact': FeedbackContact,
  'feedback-day': FeedbackDay,
  'feedback-excluded': FeedbackExcluded,
  'feedback-form': FeedbackForm,
  'feedback-ground': FeedbackGround,
  'feedback-item': FeedbackItem,
  'feedback-kept': FeedbackKept,
  'feedback-place': FeedbackPlace,
  'feedback-said': FeedbackSaid,
  'feedback-slot': FeedbackSlot,
  printing: Printing,
  printed: Printed,
  'nothing-came-out': NothingCameOut,
}

/** The name picks the component of this very view: more than the compiler can follow through the union. */
export const viewOf = (view: Shown): Component<{ view: Shown }> =>
  views[view.name] as Component<{ view: Shown }>

/** What a page is about: another subject is another page, which begins at its first line. */
export const subjectOf = (view: TerminalView): string => {
  switch (view.name) {
    case 'guide':
      return `guide ${view.guide.itemCode}`
    case 'case':
      return `case ${view.case.caseNo}`
    case 'feedback-said':
      return `feedback-said ${view.ground}`
    default:
      return view.name
  }
}
