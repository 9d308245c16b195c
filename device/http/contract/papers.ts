/** What a person has at this hall: cases with their papers, and the proofs that can be had on the spot. */
import { z } from 'zod'
import type { FaultReason } from '../../../drivers/status.ts'
import type { Case, CaseDocument } from '../../../sync/protocol/cases.ts'
import type { ProofOffers } from '../../../sync/protocol/proofs.ts'
import type { PaperProblem, ProofRefusal } from '../../proofs/proof.ts'
import { id } from './common.ts'
import type { SlipView } from './printing.ts'

export type { ProofRefusal } from '../../proofs/proof.ts'

/** What a paper cannot come out without, and is not there now. */
export type PaperLack = 'printer' | 'line'

/** A paper of a case; `paperId` is good for this view only. */
export interface Paper {
  paperId: string
  kind: CaseDocument['kind']
  title: string
  pages: number
  onReceiptPaper: boolean
  /** Null: it can come out of this terminal now. */
  lacks: PaperLack | null
}

export interface CaseView extends Omit<Case, 'documents'> {
  papers: Paper[]
  /** Working days from today up to and with the promised day, while the hall still owes it. */
  workingDaysLeft?: number
}

/** A paper among all of a person's, to be taken along with others. */
export interface ChoicePaper extends Paper {
  caseNo: string
  itemName: string
  chosen: boolean
}

export type ProofOffer = ProofOffers[number]

/** `none`: this hall offers no proofs here. */
export type ProofsWork = 'works' | 'line-down' | 'no-printer' | 'none'

export type PapersView =
  | {
      name: 'papers'
      personMasked: string
      cases: CaseView[]
      /** How many papers can come out now. */
      printable: number
      proofs: ProofsWork
    }
  | { name: 'case'; personMasked: string | null; provedBy: 'card' | 'receipt'; case: CaseView }
  | { name: 'paper-choice'; papers: ChoicePaper[] }
  | { name: 'proofs'; offers: ProofOffer[]; works: Exclude<ProofsWork, 'none'> }
  /** The card was lifted: whose the proof is has to be shown again. */
  | {
      name: 'proof-card'
      offer: ProofOffer
      acceptsCard: boolean
      /** What went wrong with the last try; null at first. */
      problem: 'unreadable-card' | 'card-number-wrong' | null
    }
  | {
      name: 'proof'
      offer: ProofOffer
      title: string
      pages: number
      verificationCode: string
      /** Where the issuer says whether it is one; null where the paper alone says it. */
      verifyAddress: string | null
      /** RFC 3339 */
      madeAt: string
      slip: SlipView
      /** What the printer waits for while the paper is under way. */
      trouble: FaultReason | null
      /** Its code and address can come out on a slip, for whoever receives it. */
      checkSlip: boolean
    }
  | { name: 'proof-refused'; offer: ProofOffer; refusal: ProofRefusal; words: string }
  /** `no-word`: nobody knows whether it was made; otherwise it was, and its paper did not come. Asking again is safe. */
  | { name: 'proof-unknown'; offer: ProofOffer; problem: PaperProblem | 'no-word' }

export const paperActions = [
  z.strictObject({ type: z.literal('open-case'), caseNo: id }),
  z.strictObject({ type: z.literal('open-paper-choice') }),
  z.strictObject({ type: z.literal('choose-paper'), paperId: id, chosen: z.boolean() }),
  z.strictObject({ type: z.literal('choose-all-papers'), chosen: z.boolean() }),
] as const
/** The slip that says how a proof is checked; one key for one intent. */
export const proofPrints = [z.strictObject({ type: z.literal('print-proof-slip'), key: id })] as const
export const proofActions = [
  z.strictObject({ type: z.literal('open-proofs') }),
  /** One key for one intent: the same key again is the same proof. */
  z.strictObject({ type: z.literal('take-proof'), kind: id, key: id }),
  z.strictObject({ type: z.literal('ask-proof-again') }),
] as const
