/** What a session at the terminal is made of. Everything personal lies in `view`, `trail` and `personal`. */
import type { IdCard } from '../../drivers/id-reader/card.ts'
import type { Personal } from '../../drivers/personal.ts'
import type { FaultReason } from '../../drivers/status.ts'
import type { CaseDocument } from '../../sync/protocol/cases.ts'
import type { BlankForm, Calendar, Guide, Hall } from '../../sync/protocol/content.ts'
import type { EventData } from '../../sync/protocol/events.ts'
import type { ProofOffers } from '../../sync/protocol/proofs.ts'
import type { BusinessTypes } from '../../sync/protocol/queue.ts'
import type { SearchAnswer } from '../cases/cases.ts'
import type { GuideIndex } from '../content/guide-search/guide-index.ts'
import type {
  Preferences,
  PrintJobView,
  PrintPaper,
  ProofOffer,
  QueueType,
  Service,
  TerminalAction,
  TerminalView,
  Tile,
} from '../http/contract.ts'
import type { PickupWanted } from '../pickup/pickup.ts'
import { defaultPreferences } from '../preferences.ts'
import type { JobOutcome, JobState } from '../printing/ledger.ts'
import type { Printable } from '../printing/printable.ts'
import type { TicketWanted } from '../tickets/ticket.ts'
import type { Errand, ErrandOutcome } from './errands.ts'
import type { FeedbackDraft } from './feedback/draft.ts'
import { noRating, type RatingDraft } from './rating/draft.ts'

/** An errand that changes something at the hall and may be sent again under its key. */
export interface Tried {
  /** Its last sending, as `lookup` counts them. */
  number: number
  /** An earlier sending may have been heard: its answer was lost, or nobody waited for it. */
  doubtful: boolean
}

/** `sinceMs` counts while the reader works; `unseen`: it was out of work meanwhile, and nobody saw the card lifted. */
export interface CardMissing {
  sinceMs: number | null
  unseen: boolean
}

export interface PersonalState {
  /** A keyed digest that tells one person's card from another's; null while nobody has shown a card. */
  person: string | null
  masked: string | null
  /** The card while it lies on the reader, so that a service opened later need not ask for it again. */
  card: Personal<IdCard> | null
  /** The card that was shown lies there no more, or cannot be seen; null once it was surely lifted. */
  cardMissing: CardMissing | null
  /** The card that was shown last is valid no more: it is told, and the hall decides what that forbids. */
  cardExpired: boolean
  /** What each `paperId` on the pages stands for. */
  documents: Record<string, CaseDocument>
  /** What was to be handed over last, until that is known. */
  pickupAsked: ({ view: Extract<TerminalView, { name: 'pickup' }>; wanted: PickupWanted } & Tried) | null
  /** The number that was asked for last, until it is known. */
  ticketAsked: ({ type: QueueType; wanted: TicketWanted } & Tried) | null
  /** What the citizen has begun to say; null while nobody has. */
  feedback: FeedbackDraft | null
  rating: RatingDraft
  /** The proof that was asked for last, until it is known. */
  proofAsked: { offer: ProofOffer; key: string } | null
  /** Several papers that are printed one after the other; its page says how far each is. */
  run: PrintRun | null
  /** The last job's document, for the one witnessed retry; of slips that come out beside a page, the last one's. */
  lastPrint: PrintedDocument | null
  slipPrint: PrintedDocument | null
}

export interface PrintedDocument {
  jobId: string
  printable: Printable
  /** It was tried once more before a witness: no further try is to be had. */
  isRetry: boolean
}

export interface PrintRun {
  /** Of the intent: its jobs have keys of their own that begin with it. */
  key: string
  /** The first job's; the others are counted up from it. */
  firstJobId: string
  jobs: number
  /** How often each paper was begun, by `paperId`. */
  tries: Record<string, number>
  /** What each job prints, for the one witnessed retry. */
  printables: Record<string, Printable>
}

export interface SessionState {
  view: TerminalView
  /** Where `back` leads, the newest last. */
  trail: TerminalView[]
  preferences: Preferences
  /** What each new person begins with. */
  beginsWith: Preferences
  /** The idle warning stands. */
  warning: boolean
  /** Since when idle waits for something to be mended, and when that was looked at last; null while it does not. */
  patience: { sinceMs: number; lookedMs: number } | null
  /** null while nobody is here. */
  usage: { startedAtMs: number; services: Service[] } | null
  personal: PersonalState
  cardOnReader: boolean
  /** By the digest of `person`; `missingSinceMs` while a reader that works does not see it. */
  leftCard: { person: string; missingSinceMs: number | null } | null
  /** The search or errand whose answer is awaited; the answer to any other number comes too late. */
  lookup: { number: number; service: Service } | null
  /** Numbers the searches; it only ever grows. */
  lookups: number
}

/** The terminal's surroundings at the moment of an event. */
export interface World {
  nowMs: number
  enrolled: boolean
  online: boolean
  tiles: readonly Tile[]
  /** Which way a person can show who they are, or which case they mean. */
  accepts: { card: boolean; code: boolean }
  printers: Record<PrintPaper, boolean>
  /** What is wrong with a printer now; null also where there is none. */
  printerTroubles: Record<PrintPaper, FaultReason | null>
  guides: readonly Guide[]
  guideIndex: GuideIndex
  forms: readonly BlankForm[]
  businessTypes: BusinessTypes
  proofs: ProofOffers
  calendars: readonly Calendar[]
  hall: Hall | null
  /** The device's clock: what is open now, and which day it is. */
  now: Date
}

export type EndedBy = EventData<'session'>['endedBy']

/** What the hall may set (UX.md, Terminal), and what closes a rating's own pages. */
export type TimerName = 'idle' | 'warning' | 'ending' | RatingTimer
export type RatingTimer = 'settled' | 'labels' | 'thanks'
/** Milliseconds; a rating's own are known where they are not said. */
export type SessionTimings = Record<Exclude<TimerName, RatingTimer>, number> &
  Partial<Record<RatingTimer, number>>

export type PrintAction = Extract<
  TerminalAction,
  {
    type:
      | 'print-guide'
      | 'print-notice'
      | 'print-form'
      | 'print-paper'
      | 'print-chosen'
      | 'print-pickup'
      | 'print-proof-slip'
      | 'retry-print'
  }
>
export type PlainAction = Exclude<TerminalAction, PrintAction | { type: 'nothing-came-out' }>

/** A job as the ledger knows it. `reason` is a fault's code. */
export interface JobRecord {
  job: PrintJobView
  state: JobState
  reason: FaultReason | null
  canReportNothing: boolean
}

export type SessionEvent =
  | { type: 'action'; action: PlainAction }
  /** `known`: the ledger's record when this key was used before; otherwise the job will be called `jobId`. */
  | { type: 'print-wanted'; action: PrintAction; jobId: string; known: JobRecord | null }
  /** The ledger has written down that nothing came out (`noted`), or had it already. */
  | { type: 'nothing-came-out'; jobId: string; noted: boolean }
  | { type: 'card-placed'; card: Personal<IdCard>; person: string; masked: string }
  | { type: 'card-lifted' }
  /** `numberWrong`: it was read, and its number is nobody's. */
  | { type: 'card-unreadable'; numberWrong?: boolean }
  | { type: 'scanned'; text: string }
  | { type: 'scan-rejected'; reason: 'too-long' | 'not-text' }
  | { type: 'answer'; lookup: number; answer: SearchAnswer }
  /** `jobId`: what a paper that comes out at once is called. */
  | { type: 'errand-done'; number: number; done: ErrandOutcome; jobId: string }
  /** A defect of ours: the page must not wait for ever. */
  | { type: 'errand-broke'; number: number }
  | { type: 'print-sending'; jobId: string; pages: number | null }
  | { type: 'print-sent'; jobId: string }
  /** So many sides have come out. */
  | { type: 'print-sides'; jobId: string; count: number }
  | { type: 'print-outcome'; jobId: string; outcome: JobOutcome }
  /** A job that a restart cut off; somebody may be waiting for it. */
  | { type: 'interrupted-print'; paper: PrintPaper }
  | { type: 'timer'; timer: TimerName }
  /** The line, a peripheral, the content or the enrolment is another than before. */
  | { type: 'world-changed' }

export type SessionEffect =
  | { type: 'search-card'; lookup: number; card: Personal<IdCard> }
  | { type: 'search-code'; lookup: number; caseNo: string }
  | { type: 'errand'; number: number; errand: Errand }
  | { type: 'print'; key: string; retryOf: string | null; job: PrintJobView; printable: Printable }
  /** The session is over; the fact that goes to the chain names nobody. */
  | { type: 'end'; services: Service[]; seconds: number; endedBy: EndedBy }
  | { type: 'arm'; timer: TimerName }
  | { type: 'disarm' }

export interface Transition {
  state: SessionState
  effects: SessionEffect[]
}

const nobody = (): PersonalState => ({
  person: null,
  masked: null,
  card: null,
  cardMissing: null,
  cardExpired: false,
  documents: {},
  pickupAsked: null,
  ticketAsked: null,
  feedback: null,
  rating: noRating(),
  proofAsked: null,
  run: null,
  lastPrint: null,
  slipPrint: null,
})

/** The card that its owner leaves on the plate, or that somebody has left there before. */
const leftBy = ({ personal, leftCard }: SessionState): SessionState['leftCard'] => {
  const { person, card, cardMissing } = personal
  if (person === null) return leftCard
  if (card !== null) return { person, missingSinceMs: null }
  return cardMissing?.unseen ? { person, missingSinceMs: cardMissing.sinceMs } : leftCard
}

/** A terminal at which nobody stands. Nothing but a digest of `state` that belongs to a person is carried over. */
export const emptied = (state: SessionState, view: TerminalView): SessionState => ({
  view,
  trail: [],
  preferences: { ...state.beginsWith },
  beginsWith: state.beginsWith,
  warning: false,
  patience: null,
  usage: null,
  personal: nobody(),
  cardOnReader: state.cardOnReader,
  leftCard: leftBy(state),
  lookup: null,
  lookups: state.lookups,
})

export const initialState = (
  enrolled: boolean,
  beginsWith: Preferences = defaultPreferences,
): SessionState => ({
  view: { name: enrolled ? 'rest' : 'not-enrolled' },
  trail: [],
  preferences: { ...beginsWith },
  beginsWith,
  warning: false,
  patience: null,
  usage: null,
  personal: nobody(),
  cardOnReader: false,
  leftCard: null,
  lookup: null,
  lookups: 0,
})
