/** What a person has at this hall: cases with their papers. */
import { z } from 'zod'
import type { Case, CaseDocument } from '../../../sync/protocol/cases.ts'
import { id } from './common.ts'

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

export type PapersView =
  | { name: 'papers'; personMasked: string; cases: CaseView[] }
  | { name: 'case'; personMasked: string | null; provedBy: 'card' | 'receipt'; case: CaseView }

export const paperActions = [z.strictObject({ type: z.literal('open-case'), caseNo: id })] as const
