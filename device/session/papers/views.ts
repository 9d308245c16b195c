/** The pages of a person's cases and papers, made from the hall's answer. */
import type { Case, CaseDocument, CaseState } from '../../../sync/protocol/cases.ts'
import type { CaseView, Paper, PrintPaper } from '../../http/contract.ts'
import type { SessionState, World } from '../state.ts'

/** What can be done now stands first (UX.md, Terminal). */
const URGENCY: Partial<Record<CaseState, number>> = { supplement: 0, ready: 1 }
const NOT_URGENT = 2

export const casesInOrder = (cases: readonly Case[]): Case[] => {
  const urgency = (one: Case): number => URGENCY[one.state] ?? NOT_URGENT
  const accepted = (one: Case): number => (one.acceptedAt === null ? 0 : Date.parse(one.acceptedAt))
  return [...cases].sort((one, other) => urgency(one) - urgency(other) || accepted(other) - accepted(one))
}

/** Receipts belong on receipt paper and notices on A4; with one printer down the other does. */
export const paperFor = (kind: CaseDocument['kind'], printers: World['printers']): PrintPaper => {
  const usual = kind === 'receipt' ? 'receipt' : 'a4'
  const other = usual === 'a4' ? 'receipt' : 'a4'
  return !printers[usual] && printers[other] ? other : usual
}

const paperView = (paperId: string, document: CaseDocument, printers: World['printers']): Paper => {
  const paper = paperFor(document.kind, printers)
  return {
    paperId,
    kind: document.kind,
    title: document.title,
    pages: document.pages,
    onReceiptPaper: paper === 'receipt',
    // Results have no form: they are fetched at the window.
    printable: document.form !== null && printers[paper],
  }
}

/** Names each document for this search's pages; `documents` says what the names stand for. */
export const caseViews = (
  cases: readonly Case[],
  lookup: number,
  world: World,
): { views: CaseView[]; documents: Record<string, CaseDocument> } => {
  const documents: Record<string, CaseDocument> = {}
  const views = cases.map(({ documents: ofCase, ...rest }, caseIndex) => ({
    ...rest,
    papers: ofCase.map((document, index) => {
      const paperId = `${lookup}-${caseIndex}-${index}`
      documents[paperId] = document
      return paperView(paperId, document, world.printers)
    }),
  }))
  return { views, documents }
}

/** The same case after a printer has come or gone. */
export const refreshedCase = (
  one: CaseView,
  documents: SessionState['personal']['documents'],
  { printers }: World,
): CaseView => ({
  ...one,
  papers: one.papers.map((paper) => {
    const document = documents[paper.paperId]
    return document === undefined ? paper : paperView(paper.paperId, document, printers)
  }),
})
