/** The terminal: its services, all of its pages, and what can be done on them. */
import { z } from 'zod'
import { type CommonState, Preferences } from './common.ts'
import { type FeedbackView, feedbackActions } from './feedback.ts'
import { type GuidesView, guideActions, guidePrints } from './guides.ts'
import { type PapersView, paperActions, proofActions, proofPrints } from './papers.ts'
import { type PickupView, pickupActions, pickupPrints } from './pickup.ts'
import { type PrintingView, printActions, printReports, runActions } from './printing.ts'
import { type RatingView, ratingActions } from './rating.ts'
import { type TicketsView, ticketActions } from './tickets.ts'

/** The six tiles, by their own names. */
export const Service = z.enum(['guides', 'my-papers', 'pickup', 'progress', 'ticket', 'feedback'])
export type Service = z.infer<typeof Service>

/** Why a tile is dim. `not-offered`: this terminal does not do it; the page names the window that does. */
export type Unavailable = 'line-down' | 'reader-down' | 'scanner-down' | 'no-content' | 'not-offered'

export interface Tile {
  service: Service
  unavailable: Unavailable | null
}

export type DeadEnd =
  | 'case-not-found' // the code is no case of this hall
  | 'no-cases' // nobody's papers under this card, where a case is wanted
  | 'line-down' // the hall cannot be asked now
  | 'hall-trouble' // the hall answered with a fault
  | 'too-many-searches'

/** What the session itself needs, whichever service is open. */
type SessionView =
  | { name: 'not-enrolled' }
  | { name: 'rest' }
  | { name: 'home' }
  | {
      name: 'present'
      service: 'my-papers' | 'pickup' | 'progress'
      accepts: ('card' | 'code')[]
      /** What went wrong with the last try; null at first. */
      problem: 'unreadable-card' | 'card-number-wrong' | 'code-too-long' | 'code-not-text' | null
    }
  | { name: 'looking-up'; by: 'card' | 'code' }
  /** Something else is awaited of the hall. */
  | { name: 'waiting'; awaited: Awaited }
  | { name: 'dead-end'; deadEnd: DeadEnd; service: Service }
  /** The neutral page of 8 s after the end of a session: nothing of the person is in it. */
  | { name: 'ending'; cardOnReader: boolean }

export type Awaited = 'proof' | 'document' | 'pickup' | 'queue' | 'ticket' | 'keeping' | 'case'

export type TerminalView =
  | SessionView
  | GuidesView
  | PapersView
  | PickupView
  | TicketsView
  | FeedbackView
  | RatingView
  | PrintingView

export interface TerminalState extends CommonState {
  role: 'terminal'
  view: TerminalView
  tiles: Tile[]
  /** The card that was shown last is valid no more: whatever it is asked for is the hall's to decide. */
  cardExpired: boolean
  /** Set while the idle warning stands; the session ends at that instant without a touch. */
  idleEndsAt: string | null
  /** When the page closes by itself without a touch, RFC 3339; null where none does. */
  closesAt: string | null
}

const sessionActions = [
  z.strictObject({ type: z.literal('wake') }), // rest → home
  z.strictObject({ type: z.literal('open-service'), service: Service }),
  z.strictObject({ type: z.literal('back') }),
  z.strictObject({ type: z.literal('home') }),
  z.strictObject({ type: z.literal('end') }),
  z.strictObject({ type: z.literal('touch') }), // "more time", or any touch: the session is alive
  z.strictObject({ type: z.literal('prefer'), preferences: Preferences.partial() }),
] as const

export const TerminalAction = z.discriminatedUnion('type', [
  ...sessionActions,
  ...guideActions,
  ...guidePrints,
  ...paperActions,
  ...proofActions,
  ...proofPrints,
  ...ticketActions,
  ...feedbackActions,
  ...ratingActions,
  ...pickupActions,
  ...pickupPrints,
  ...printActions,
  ...runActions,
  ...printReports,
])
export type TerminalAction = z.infer<typeof TerminalAction>
