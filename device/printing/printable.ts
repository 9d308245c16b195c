import type { CaseDocument, PaperForm } from '../../sync/protocol/cases.ts'
import type { Guide } from '../../sync/protocol/content.ts'
import type { OneTimeNotice, PaperLanguage, Slip } from '../documents/documents.ts'

/** What comes out of a printer; it lives in memory only. */
export type Printable =
  /** `language` of whoever asked for it; absent for Chinese. */
  | { kind: 'guide'; guide: Guide; language?: PaperLanguage }
  | { kind: 'one-time-notice'; notice: OneTimeNotice; language?: PaperLanguage }
  /** A PDF of the hall's content, by its SHA-256. */
  | { kind: 'form'; formId: string; pages: number; itemCode: string }
  | { kind: 'paper'; form: PaperForm; paper: CaseDocument['kind'] }
  /** A result or a proof as its issuer made it. */
  | { kind: 'issued'; pdf: Uint8Array; pages: number }
  | Slip

/** Of what everybody may read; null where the item would tell who stood here. */
export const itemCodeOf = (printable: Printable): string | null => {
  switch (printable.kind) {
    case 'guide':
      return printable.guide.itemCode
    case 'one-time-notice':
      return printable.notice.guide.itemCode
    case 'form':
      return printable.itemCode
    default:
      return null
  }
}
