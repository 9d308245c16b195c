/** What a hall asks its case system. One adapter for each product; the hall's own rules stand before it. */
import type { Case, CaseDocument } from '../../protocol/cases.ts'
import type { Personal } from '../../protocol/personal.ts'
import type { DocumentFetched, NotFound, Refused, Unavailable } from '../outside/outcome.ts'

/** A paper without the handle that the hall gives it for one device and ten minutes. */
export interface FoundDocument extends Omit<CaseDocument, 'handle'> {
  /** What the case system fetches its bytes by: opaque, at most 512 characters, naming nobody. */
  reference: string
}

/** A case with all its papers; what a search may show of them is for the hall to decide. */
export interface FoundCase extends Omit<Case, 'documents'> {
  documents: FoundDocument[]
}

/** As read from an ID card. Matched by the number; a name alone never finds anything. */
export interface Applicant {
  name?: string
  /** GA/T 517: 111 resident identity card, …; 111 where it is not told. */
  idType?: string
  idNumber: string
}

export type CasesFound = { outcome: 'found'; cases: FoundCase[] } | Unavailable

/** What the province wants to know of a service before its rating (DOMAIN.md §2.1); codes are the province's. */
export interface ServiceFacts {
  itemCode: string
  itemName: string
  handleItem: string | null
  /** Of the office: its code in the nation's register, and of the area that it serves (GB/T 2260). */
  deptCode: string
  areaCode: string
  progress: 'to-be-accepted' | 'accepted' | 'done'
  /** 1 person, 2 company, 3 public body, 4 social organisation, 5 unincorporated, 6 office, 9 other. */
  userProp: '1' | '2' | '3' | '4' | '5' | '6' | '9'
  userName: string
  idType: string
  idNumber: string
  mobile: string | null
  /** Who handled it. */
  handleUserName: string
  /** RFC 3339 with offset. */
  acceptedAt: string | null
  resultAt: string | null
  kind: Case['kind']
  /** Working days. */
  promisedDays: number
}

export type ServiceFactsFound = { outcome: 'found'; facts: Personal<ServiceFacts> } | NotFound | Unavailable

/** What shows that somebody may have a result: the receipt in the hand, or the card of an applicant. */
export type CollectBy = { kind: 'receipt' } | { kind: 'card'; person: Personal<Applicant> }

export type CollectOutcome =
  /** The same `key` again gets the same answer. */
  | { outcome: 'collected'; collectedAt: string; where: string }
  | { outcome: 'already-collected' }
  | NotFound
  | Refused
  | Unavailable

export interface CaseSystem {
  searchByReceipt(caseNo: string): Promise<CasesFound>
  searchByPerson(person: Applicant): Promise<CasesFound>
  /** @param serviceNumber 1 = the case's first service; personal, so wrapped */
  serviceFacts(caseNo: string, serviceNumber: number): Promise<ServiceFactsFound>
  document(reference: string): Promise<DocumentFetched>
  /** Hands the result over, once. @param key names this one errand; the same again changes nothing */
  collect(caseNo: string, by: CollectBy, key: string): Promise<CollectOutcome>
  close(): void
}
