/** Papers of issuers: what is asked of the hall, and what may come of it. */
import type { IdCard } from '../../drivers/id-reader/card.ts'
import type { Personal } from '../../drivers/personal.ts'
import type { CaseDocument } from '../../sync/protocol/cases.ts'
import type { DeadEnd } from '../http/contract.ts'
import type { IssuedPaper, PaperProblem } from './issued-paper.ts'

export interface ProofWanted {
  kind: string
  /** null only where the same key is asked again. */
  card: Personal<IdCard> | null
  /** The Idempotency-Key: one intent, one proof. */
  key: string
}

/** What the hall or the issuer says no with; `no-record` has the issuer's own words. */
export type ProofRefusal = 'no-record' | 'not-offered' | 'issuer-down' | 'too-many' | 'other'

export type ProofOutcome =
  /** It is made; its paper is here too, or it is said why not. */
  | {
      outcome: 'made'
      title: string
      verificationCode: string
      /** Where the issuer says whether it is one; null where the paper alone says it. */
      verifyAddress: string | null
      paper: IssuedPaper
    }
  | { outcome: 'refused'; refusal: ProofRefusal; words: string }
  /** It may have been made: the same key again tells. */
  | { outcome: 'unknown' }
  | { outcome: 'dead-end'; deadEnd: DeadEnd }

export interface DocumentWanted {
  caseNo: string
  document: Pick<CaseDocument, 'handle' | 'kind' | 'title' | 'pages'>
  /** Whose it is: with it a handle that has grown too old is asked for anew. */
  card: Personal<IdCard> | null
}

export type DocumentOutcome = IssuedPaper

export type { IssuedPaper, PaperProblem }
