import type { CaseDocument, PaperForm } from '../../sync/protocol/cases.ts'
import type { Guide } from '../../sync/protocol/content.ts'
import type { QueueTicket } from '../documents/documents.ts'

/** What comes out of a printer; it lives in memory only. */
export type Printable =
  | { kind: 'guide'; guide: Guide }
  | { kind: 'paper'; form: PaperForm; paper: CaseDocument['kind'] }
  | { kind: 'queue-ticket'; ticket: QueueTicket }
