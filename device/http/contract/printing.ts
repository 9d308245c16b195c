/** Paper on its way: what the ledger knows of a job, and what can be said of it. */
import { z } from 'zod'
import type { FaultReason } from '../../../drivers/status.ts'
import type { CaseDocument } from '../../../sync/protocol/cases.ts'
import type { PaperProblem } from '../../proofs/proof.ts'
import { id } from './common.ts'

export type { PaperProblem } from '../../proofs/proof.ts'

export type PrintPaper = 'a4' | 'receipt'

/** Slips that are made here, of what was just done. */
export type SlipKind = 'queue-ticket' | 'pickup-slip' | 'feedback-slip' | 'proof-slip'

/** What is taken along of a guide. */
export type GuidePaperKind = 'guide' | 'one-time-notice' | 'form'

/** `kind` says which paper, never whose; the page has its words. */
export interface PrintJobView {
  jobId: string
  kind: GuidePaperKind | CaseDocument['kind'] | SlipKind | 'proof'
  paper: PrintPaper
  pages: number | null
}

/**
 * A slip that comes out by itself beside what it tells: the page shows both. `canReportNothing` and the one retry are
 * as for any paper.
 */
export interface SlipView {
  job: PrintJobView
  /** `none`: no printer could take it when it was to come out, and nothing was tried. */
  state: 'none' | 'printing' | 'confirmed' | 'probable' | 'unknown' | 'failed'
  reason: FaultReason | null
  canReportNothing: boolean
  /** Surely nothing came out, and it may be asked for now on this paper; null where it may not. */
  again: PrintPaper | null
}

/** `sent`: all of it is with the printer, which moves the paper now. */
export type PrintStage = 'preparing' | 'sending' | 'sent'

/** How the printer's word ended it; drivers/status.ts says what each takes. */
export type PrintEnd = 'confirmed' | 'probable' | 'unknown' | 'failed'

/** One of several papers that are printed one after the other. */
export interface RunPaper {
  paperId: string
  caseNo: string
  itemName: string
  title: string
  kind: CaseDocument['kind']
  paper: PrintPaper
  pages: number
  /** So many sides have come out, where the printer counts them. */
  done: number | null
  /** `waiting`: its turn comes. `fetching`: the hall is asked for it. */
  state: 'waiting' | 'fetching' | PrintStage | PrintEnd
  reason: FaultReason | null
  /** Why the hall's PDF is no paper of this machine. */
  problem: PaperProblem | null
  jobId: string | null
  canReportNothing: boolean
}

export type PrintingView =
  | {
      name: 'printing'
      job: PrintJobView
      stage: PrintStage
      /** So many sides have come out, where the printer counts them. */
      done: number | null
      /** What the printer waits for now: it goes on by itself when that is mended. */
      trouble: FaultReason | null
    }
  | {
      name: 'print-run'
      papers: RunPaper[]
      /** `held`: what is left waits for a printer, and begins by itself when that is mended. */
      state: 'going' | 'held' | 'over'
      /** What a printer waits for, in the midst of a paper or before it. */
      trouble: { paper: PrintPaper; reason: FaultReason } | null
      /** Some that surely did not come out may be tried again now. */
      again: boolean
    }
  /** After a restart: paper of somebody may lie there. Nothing else is told, for that may be anybody now. */
  | { name: 'paper-left'; paper: PrintPaper }
  | {
      name: 'printed'
      job: PrintJobView
      outcome: PrintEnd
      /** So many sides have come out, where the printer counts them. */
      done: number | null
      /** Surely nothing came out, and its printer works: it may be asked for again. */
      again: boolean
      /** Set when it failed or nobody knows. */
      reason: FaultReason | null
      /** "Nothing came out" is still to be said, once. */
      canReportNothing: boolean
    }
  | { name: 'nothing-came-out'; job: PrintJobView; retry: boolean }

/** One key for one intent: the same key again prints nothing new. */
export const printActions = [
  z.strictObject({ type: z.literal('print-guide'), itemCode: id, paper: z.enum(['a4', 'receipt']), key: id }),
  z.strictObject({ type: z.literal('print-paper'), paperId: id, key: id }),
  /** All that are chosen, one after the other. */
  z.strictObject({ type: z.literal('print-chosen'), key: id }),
  z.strictObject({ type: z.literal('retry-print'), jobId: id, key: id }),
] as const
/** What of several papers surely did not come out, once more. */
export const runActions = [z.strictObject({ type: z.literal('print-rest') })] as const
export const printReports = [z.strictObject({ type: z.literal('nothing-came-out'), jobId: id })] as const
