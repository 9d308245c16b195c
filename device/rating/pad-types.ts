import { uuidv7 } from 'uuidv7'
import type { Dictionary } from '../../sync/protocol/content.ts'
import type { ClockState, RatedCase } from '../../sync/protocol/events.ts'
import type { PadAction } from '../http/contract.ts'
import type { QuestionStore } from './question-store.ts'
import type { Question } from './rules.ts'

/** Long enough to be read, the same after every answer. */
export const THANKS_MS = 3_000
/** A friendly refusal has more words than a thank-you. */
export const ALREADY_RATED_MS = 5_000
/** A store that cannot be written now, as on a full disk, is tried again; the page stays until then. */
export const STORE_RETRY_MS = 5_000

/** `asking` and `labels` close by themselves; the others pass. Milliseconds of the monotonic clock. */
export type PadPage =
  | { name: 'rest' }
  | { name: 'asking' | 'labels'; openedMs: number; touchedMs: number; touched: boolean }
  | { name: 'thanks' | 'not-now' | 'already-rated' }

/** As the window's system sees a question: never the level, and never a hint (PROTOCOLS.md §2). */
export type EvaluationState = 'waiting' | 'rated' | 'declined' | 'cancelled'

export interface AskedQuestion {
  /** Under which it is asked for; a new one unless told otherwise. */
  id?: string
  case: RatedCase
  assessNumber: number
  /** null: whoever is signed in at the window. */
  staffId: string | null
  window: string
  /** A JWE, sealed before the question opens; null when nobody is named. */
  user: string | null
  replace: boolean
}

export type AskResult =
  | { verdict: 'opened' | 'same'; id: string; expiresAt: string }
  | { verdict: 'busy' | 'already-rated' | 'paused' }

/** What `GET /window/v1/events` tells. */
export type WindowNews =
  | { type: 'evaluation'; id: string; state: EvaluationState }
  | { type: 'staff'; staffId: string | null }
  | { type: 'service'; state: 'open' | 'paused'; message: string | null }
  | { type: 'serving'; ticketNo: string | null }

export interface PadOptions {
  store: QuestionStore
  /** The citizen's words go in, a JWE comes out. */
  sealText: (text: string) => Promise<string>
  /** As the hall has handed them out, beside those that are built in. */
  dictionaries: () => readonly Dictionary[]
  /** Without a panel nobody can touch a label: a keypad's answer is the whole rating, and thanks follow at once. */
  hasPanel: boolean
  clock: () => ClockState
  /** Something on the page is another than before. */
  onPage: () => void
  onNews: (news: WindowNews) => void
  /** The open question has left the pad, and with it whoever it was put to. */
  onLeft: () => void
  onTrouble: (error: unknown) => void
}

/** What the citizen does to the question; the rest is the page's own. */
export type CitizenAction = Exclude<PadAction, { type: 'prefer' | 'touch' }>

export type ActResult = { ok: true } | { ok: false; code: 'not-open' | 'unknown-label'; detail: string }

export const DONE: ActResult = { ok: true }

export const NOT_OPEN: ActResult = {
  ok: false,
  code: 'not-open',
  detail: 'this question is closed; go on with the page as it is now',
}

export const refusedLabel = (fault: string): ActResult => ({
  ok: false,
  code: 'unknown-label',
  detail: `labels: ${fault}; choose from the labels of this page, each once`,
})

export const questionOf = (asked: AskedQuestion, signedIn: string | null): Question => ({
  id: asked.id ?? uuidv7(),
  case: asked.case,
  assessNumber: asked.assessNumber,
  staff: { staffId: asked.staffId ?? signedIn ?? '', window: asked.window },
  user: asked.user,
  proof: 'none',
  // The one that is here when it opens.
  dictionary: '',
  anonymous: false,
  labels: [],
  askedAt: new Date(),
  tap: null,
})
