/** Paper on its way: what the ledger knows of a job, and what can be said of it. */
import { z } from 'zod'
import type { FaultReason } from '../../../drivers/status.ts'
import type { CaseDocument } from '../../../sync/protocol/cases.ts'
import { id } from './common.ts'

export type PrintPaper = 'a4' | 'receipt'

/** Slips that are made here, of what was just done. */
export type SlipKind = 'queue-ticket' | 'pickup-slip' | 'feedback-slip'

/** What is taken along of a guide. */
export type GuidePaperKind = 'guide' | 'one-time-notice' | 'form'

/** `kind` says which paper, never whose; the page has its words. */
export interface PrintJobView {
  jobId: string
  kind: GuidePaperKind | CaseDocument['kind'] | SlipKind
  paper: PrintPaper
  pages: number | null
}

/**
 * A slip that comes out by itself beside what it tells: the page shows both. `canReportNothing` and the one retry are
 * as for any paper.
 */
export interface SlipView {
  job: PrintJobView
  state: 'printing' | 'confirmed' | 'probable' | 'unknown' | 'failed'
  reason: FaultReason | null
  canReportNothing: boolean
}

export type PrintingView =
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

/** One key for one intent: the same key again prints nothing new. */
export const printActions = [
  z.strictObject({ type: z.literal('print-guide'), itemCode: id, paper: z.enum(['a4', 'receipt']), key: id }),
  z.strictObject({ type: z.literal('print-paper'), paperId: id, key: id }),
  z.strictObject({ type: z.literal('retry-print'), jobId: id, key: id }),
] as const
export const printReports = [z.strictObject({ type: z.literal('nothing-came-out'), jobId: id })] as const
