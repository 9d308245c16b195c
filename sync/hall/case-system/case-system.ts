/** What a hall asks its case system. One adapter for each product; the hall's own rules stand before it. */
import type { Case, CaseDocument } from '../../protocol/cases.ts'

/** A paper without the handle that the hall gives it for one device and ten minutes. */
export type FoundDocument = Omit<CaseDocument, 'handle'>

/** A case with all its papers; what a search may show of them is for the hall to decide. */
export interface FoundCase extends Omit<Case, 'documents'> {
  documents: FoundDocument[]
}

/** As read from an ID card. Matched by the number; a name alone never finds anything. */
export interface Applicant {
  name?: string
  idNumber: string
}

/** `unavailable`: the case system did not answer, or not in time; `detail` is for technicians. */
export type CasesFound = { outcome: 'found'; cases: FoundCase[] } | { outcome: 'unavailable'; detail: string }

export interface CaseSystem {
  searchByReceipt(caseNo: string): Promise<CasesFound>
  searchByPerson(person: Applicant): Promise<CasesFound>
}
