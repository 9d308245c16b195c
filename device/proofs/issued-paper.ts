/** PDFs of issuers: results and proofs, fetched by their handle (PROTOCOLS.md §1.4, `GET /v1/documents/{handle}`). */
import type { HallClient, HallFault } from '../../sync/hall-client.ts'
import { countPagesAside } from '../../sync/pdf/pdf-count.ts'
import { MAX_DOCUMENT_BYTES, MAX_DOCUMENT_PAGES } from '../../sync/protocol/documents.ts'

/** Why it cannot be printed here. */
export type PaperProblem =
  /** Its handle is older than ten minutes, or the hall no longer has it. */
  | 'gone'
  /** No PDF, damaged, locked, or not what the hall promised. */
  | 'unusable'
  /** More than this machine prints: 200 pages, 32 MiB. */
  | 'too-long'
  /** Whoever issues it gives no answer now. */
  | 'unavailable'
  | 'line-down'
  | 'hall-trouble'

export type IssuedPaper = { ok: true; pdf: Uint8Array; pages: number } | { ok: false; problem: PaperProblem }

/** @param promised as many pages as the citizen was told of: a paper of another length is another paper */
export const fetchPaper = async (
  client: HallClient,
  { handle, pages }: { handle: string; pages: number },
): Promise<IssuedPaper> => {
  const fetched = await client.getDocument(handle)
  if (!fetched.ok) return { ok: false, problem: problemOf(fetched) }
  return await checkedPaper(fetched.value, pages)
}

/** The hall has looked before: this is for the one that did not, and for the line between. */
export const checkedPaper = async (pdf: Uint8Array, promised: number): Promise<IssuedPaper> => {
  if (pdf.byteLength > MAX_DOCUMENT_BYTES) return { ok: false, problem: 'too-long' }
  const count = await countPagesAside(pdf)
  if (count.outcome !== 'counted') return { ok: false, problem: 'unusable' }
  const { pages, objects } = count
  if (Math.max(pages, objects) > MAX_DOCUMENT_PAGES) return { ok: false, problem: 'too-long' }
  if (pages !== promised) return { ok: false, problem: 'unusable' }
  return { ok: true, pdf, pages }
}

const problemOf = (fault: HallFault): PaperProblem => {
  switch (fault.kind) {
    case 'no-answer':
      return fault.reason === 'answer-too-large' ? 'too-long' : 'line-down'
    // An answer that is no PDF at all.
    case 'unexpected':
      return fault.status === OK ? 'unusable' : 'hall-trouble'
    case 'problem':
      break
  }
  switch (fault.problem.code) {
    case 'not-found':
      return 'gone'
    case 'document-unusable':
      return 'unusable'
    case 'document-unavailable':
      return 'unavailable'
    default:
      return 'hall-trouble'
  }
}

const OK = 200
