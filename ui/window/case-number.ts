/** As PROTOCOLS.md has a case number: letters and digits, at most 50. */
const CASE_NO = /^[0-9A-Za-z]{1,50}$/

export type TypedCaseNo = { ok: true; caseNo: string } | { ok: false; why: 'missing' | 'wrong' }

/** What a scanner or a clerk has typed: in full width by a Chinese input method, with spaces where it was read aloud. */
export const readCaseNo = (typed: string): TypedCaseNo => {
  const caseNo = typed.normalize('NFKC').replace(/\s/g, '')
  if (caseNo === '') return { ok: false, why: 'missing' }
  return CASE_NO.test(caseNo) ? { ok: true, caseNo } : { ok: false, why: 'wrong' }
}
