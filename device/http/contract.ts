/**
 * All that a screen knows of its device (PROTOCOLS.md §3). The device holds the state; the page shows it.
 *
 * `GET  /api/state`   → `ScreenState`
 * `GET  /api/events`  → Server-Sent Events: `state` with a whole `ScreenState` at connecting and at each change
 * `POST /api/actions` `Action` → 200 `ScreenState`, or application/problem+json
 */
import { z } from 'zod'
import type { FaultReason } from '../../drivers/status.ts'
import type { Case, CaseDocument } from '../../sync/protocol/cases.ts'
import { type Guide, type Hall, LifeEvent, type Notice, type Staff } from '../../sync/protocol/content.ts'

export type { FaultReason } from '../../drivers/status.ts'
export type { Case, CaseState, PaperKind } from '../../sync/protocol/cases.ts'
export type {
  CaseKind,
  Guide,
  Hall,
  LifeEvent,
  Material,
  Notice,
  Staff,
} from '../../sync/protocol/content.ts'

// ---- common -------------------------------------------------------------------------------------------------

export const Language = z.enum(['zh', 'en'])
export type Language = z.infer<typeof Language>

/** 大字 · 高对比 · 低位 · 语音 · English: one touch away, reset with the session. */
export const Preferences = z.strictObject({
  language: Language,
  largeType: z.boolean(),
  highContrast: z.boolean(),
  reach: z.boolean(),
  sound: z.boolean(),
})
export type Preferences = z.infer<typeof Preferences>

export type PeripheralName = 'idReader' | 'scanner' | 'receiptPrinter' | 'pagePrinter' | 'keypad'

/** `reason` and `warnings` are the codes of drivers/status.ts. */
export interface PeripheralView {
  state: 'connecting' | 'ready' | 'fault'
  since: string
  reason: string | null
  warnings: string[]
}

interface CommonState {
  /** Of the pages that this device serves; a page built otherwise reloads itself. */
  build: string
  /** The device's clock, RFC 3339 with offset. */
  now: string
  device: { name: string; window: string | null; id: string | null }
  /** null until the first content has come. */
  hall: Hall | null
  theme: 'day' | 'night'
  screen: { diagonalInches: number }
  line: { online: boolean; backlog: number }
  /** `cannot-keep`: what somebody says now could not be written down; nobody is asked until it can. */
  storage: 'ok' | 'cannot-keep'
  preferences: Preferences
  peripherals: Partial<Record<PeripheralName, PeripheralView>>
}

// ---- terminal -----------------------------------------------------------------------------------------------

export const Service = z.enum(['guides', 'my-papers', 'pickup', 'progress', 'ticket', 'feedback'])
export type Service = z.infer<typeof Service>

/** Why a tile is dim. `not-offered`: this terminal does not do it; the page names the window that does. */
export type Unavailable = 'line-down' | 'reader-down' | 'scanner-down' | 'no-content' | 'not-offered'

export interface Tile {
  service: Service
  unavailable: Unavailable | null
}

export interface GuideEntry {
  itemCode: string
  name: string
  nameEnglish: string
  office: string
  kind: Guide['kind']
  promisedWorkingDays: number
}

/** A paper of a case; `paperId` is good for this view only. `printable`: can come out of this terminal now. */
export interface Paper {
  paperId: string
  kind: CaseDocument['kind']
  title: string
  pages: number
  onReceiptPaper: boolean
  printable: boolean
}

export interface CaseView extends Omit<Case, 'documents'> {
  papers: Paper[]
}

export type PrintPaper = 'a4' | 'receipt'

/** `kind` says which paper, never whose; the page has its words. */
export interface PrintJobView {
  jobId: string
  kind: 'guide' | CaseDocument['kind']
  paper: PrintPaper
  pages: number | null
}

export type DeadEnd =
  | 'case-not-found' // the code is no case of this hall
  | 'no-cases' // nobody's papers under this card
  | 'line-down' // the hall cannot be asked now
  | 'hall-trouble' // the hall answered with a fault
  | 'too-many-searches'

export type TerminalView =
  | { name: 'not-enrolled' }
  | { name: 'rest' }
  | { name: 'home' }
  | {
      name: 'guides'
      lifeEvents: { lifeEvent: LifeEvent; count: number }[]
      /** null: the page of life events; otherwise the guides of that one. */
      lifeEvent: LifeEvent | null
      guides: GuideEntry[]
      /** A guide can be printed from the list: three touches from home to paper. */
      printable: Record<PrintPaper, boolean>
    }
  | { name: 'guide'; guide: Guide; printable: Record<PrintPaper, boolean> }
  | {
      name: 'present'
      service: 'my-papers' | 'pickup' | 'progress'
      accepts: ('card' | 'code')[]
      /** What went wrong with the last try; null at first. */
      problem: 'unreadable-card' | 'code-too-long' | 'code-not-text' | null
    }
  | { name: 'looking-up'; by: 'card' | 'code' }
  | { name: 'papers'; personMasked: string; cases: CaseView[] }
  | { name: 'case'; personMasked: string | null; provedBy: 'card' | 'receipt'; case: CaseView }
  | { name: 'printing'; job: PrintJobView; stage: 'preparing' | 'sending' }
  | {
      name: 'printed'
      job: PrintJobView
      outcome: 'confirmed' | 'probable' | 'unknown' | 'failed'
      /** Set when it failed or nobody knows. */
      reason: FaultReason | null
      /** "Nothing came out" is still to be said, once. */
      canReportNothing: boolean
    }
  | { name: 'nothing-came-out'; job: PrintJobView; retry: boolean }
  | { name: 'dead-end'; deadEnd: DeadEnd; service: Service }
  /** The neutral page of 8 s after the end of a session: nothing of the person is in it. */
  | { name: 'ending'; cardOnReader: boolean }

export interface TerminalState extends CommonState {
  role: 'terminal'
  view: TerminalView
  tiles: Tile[]
  /** Set while the idle warning stands; the session ends at that instant without a touch. */
  idleEndsAt: string | null
}

// ---- pad ----------------------------------------------------------------------------------------------------

/** The names of the five levels; numbers only at the edges (DOMAIN.md §2). */
export const Level = z.enum([
  'very-satisfied',
  'satisfied',
  'fairly-satisfied',
  'dissatisfied',
  'very-dissatisfied',
])
export type Level = z.infer<typeof Level>

export type PadView =
  | { name: 'not-enrolled' }
  | { name: 'rest'; notices: Notice[]; servingTicketNo: string | null }
  | { name: 'paused'; message: string | null }
  | { name: 'asking'; evaluationId: string; itemName: string; anonymous: boolean; closesAt: string }
  /** The same page after each of the five; it does not know which. */
  | {
      name: 'labels'
      evaluationId: string
      labels: { code: string; text: string }[]
      /** The codes that were touched so far: a page that is loaded anew shows them again. */
      chosen: string[]
      anonymous: boolean
      closesAt: string
    }
  | { name: 'thanks' }
  | { name: 'not-now' }
  /** The case was rated before: a friendly page. */
  | { name: 'already-rated' }

export interface PadState extends CommonState {
  role: 'pad'
  view: PadView
  staff: Staff | null
}

export type ScreenState = TerminalState | PadState

// ---- actions ------------------------------------------------------------------------------------------------

const id = z.string().min(1).max(64)

export const TerminalAction = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('wake') }), // rest → home
  z.strictObject({ type: z.literal('open-service'), service: Service }),
  z.strictObject({ type: z.literal('choose-life-event'), lifeEvent: LifeEvent }),
  z.strictObject({ type: z.literal('open-guide'), itemCode: id }),
  z.strictObject({ type: z.literal('open-case'), caseNo: id }),
  /** One key for one intent: the same key again prints nothing new. */
  z.strictObject({ type: z.literal('print-guide'), itemCode: id, paper: z.enum(['a4', 'receipt']), key: id }),
  z.strictObject({ type: z.literal('print-paper'), paperId: id, key: id }),
  z.strictObject({ type: z.literal('nothing-came-out'), jobId: id }),
  z.strictObject({ type: z.literal('retry-print'), jobId: id, key: id }),
  z.strictObject({ type: z.literal('back') }),
  z.strictObject({ type: z.literal('home') }),
  z.strictObject({ type: z.literal('end') }),
  z.strictObject({ type: z.literal('touch') }), // "more time", or any touch: the session is alive
  z.strictObject({ type: z.literal('prefer'), preferences: Preferences.partial() }),
])
export type TerminalAction = z.infer<typeof TerminalAction>

const Labels = z.array(z.string().regex(/^\d{3}$/)).max(8)

export const PadAction = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('choose-level'), evaluationId: id, level: Level }),
  z.strictObject({ type: z.literal('set-anonymous'), evaluationId: id, anonymous: z.boolean() }),
  /** All labels that are chosen now; durable with the answer, so that no reload and no restart takes one back. */
  z.strictObject({ type: z.literal('set-labels'), evaluationId: id, labels: Labels }),
  z.strictObject({
    type: z.literal('finish'),
    evaluationId: id,
    labels: Labels,
    comment: z.string().max(500).nullable(),
  }),
  z.strictObject({ type: z.literal('not-now'), evaluationId: id }),
  z.strictObject({ type: z.literal('touch') }),
  z.strictObject({ type: z.literal('prefer'), preferences: Preferences.partial() }),
])
export type PadAction = z.infer<typeof PadAction>

export type Action = TerminalAction | PadAction
