/** What the kind of a case's paper decides, on A4 and on receipt paper alike. */
import type { PaperForm, PaperKind } from '../../sync/protocol/cases.ts'

/** A result is the issuer's own PDF and is never laid out here. */
export type FormKind = Exclude<PaperKind, 'result'>

export function formKind(kind: PaperKind): FormKind {
  if (kind === 'result') throw new TypeError('a result is printed as its issuer made it, not from a form')
  return kind
}

/** Notices decide or demand something: the office seals them. A receipt proves only that papers were handed in. */
export function carriesSeal(kind: FormKind): boolean {
  return kind !== 'receipt'
}

export const DATE_LABELS: Record<FormKind, string> = {
  receipt: '收件日期',
  acceptance: '受理日期',
  supplement: '通知日期',
  return: '退回日期',
  'not-accepted': '决定日期',
}

const NOT_ACCEPTANCE = '不代表受理'

/** The hall's statements; a receipt that does not say it is no acceptance is made to (DOMAIN.md §1). */
export function statementsOf(form: PaperForm, kind: FormKind): string[] {
  if (kind !== 'receipt' || form.statements.some((text) => text.includes(NOT_ACCEPTANCE)))
    return form.statements
  return [...form.statements, `本凭证只证明已经收到材料，${NOT_ACCEPTANCE}。`]
}
