/** The pages of a person's cases and papers, made from the hall's answer. */
import type { Case, CaseDocument, CaseState } from '../../../sync/protocol/cases.ts'
import { workingDaysBetween } from '../../../sync/protocol/working-days.ts'
import type {
  CaseView,
  ChoicePaper,
  Paper,
  PaperLack,
  PrintPaper,
  ProofsWork,
  TerminalView,
} from '../../http/contract.ts'
import type { SessionState, World } from '../state.ts'

type View<Name extends TerminalView['name']> = Extract<TerminalView, { name: Name }>
type Documents = SessionState['personal']['documents']

/** States in which the hall still owes what it promised. */
const OWED: readonly CaseState[] = ['accepted', 'in-review', 'approved']

/** All of China keeps one time. */
const HALL_OFFSET_MS = 8 * 60 * 60 * 1000

/** What can be done now stands first (UX.md, Terminal). */
const URGENCY: Partial<Record<CaseState, number>> = { supplement: 0, ready: 1 }
const NOT_URGENT = 2

export const casesInOrder = (cases: readonly Case[]): Case[] => {
  const urgency = (one: Case): number => URGENCY[one.state] ?? NOT_URGENT
  const accepted = (one: Case): number => (one.acceptedAt === null ? 0 : Date.parse(one.acceptedAt))
  return [...cases].sort((one, other) => urgency(one) - urgency(other) || accepted(other) - accepted(one))
}

/**
 * Receipts belong on receipt paper and notices on A4; with one printer down the other does. What its issuer has made
 * comes out as it is, on A4 alone.
 */
export const paperFor = (
  { kind, form }: Pick<CaseDocument, 'kind' | 'form'>,
  printers: World['printers'],
): PrintPaper => {
  if (form === null) return 'a4'
  const usual = kind === 'receipt' ? 'receipt' : 'a4'
  const other = usual === 'a4' ? 'receipt' : 'a4'
  return !printers[usual] && printers[other] ? other : usual
}

const paperView = (paperId: string, document: CaseDocument, { printers, online }: World): Paper => {
  const paper = paperFor(document, printers)
  return {
    paperId,
    kind: document.kind,
    title: document.title,
    pages: document.pages,
    onReceiptPaper: paper === 'receipt',
    lacks: lackOf(printers[paper], document, online),
  }
}

/** What its issuer has made has still to be fetched. */
const lackOf = (printerWorks: boolean, { form }: CaseDocument, online: boolean): PaperLack | null => {
  if (!printerWorks) return 'printer'
  return form === null && !online ? 'line' : null
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
    ...daysLeft(rest, world),
    papers: ofCase.map((document, index) => {
      const paperId = `${lookup}-${caseIndex}-${index}`
      documents[paperId] = document
      return paperView(paperId, document, world)
    }),
  }))
  return { views, documents }
}

const daysLeft = (
  { promisedBy, clockFrom, overdue, state }: Omit<Case, 'documents'>,
  { now, calendars }: World,
): Pick<CaseView, 'workingDaysLeft'> => {
  if (promisedBy === null || clockFrom === null || overdue || !OWED.includes(state)) return {}
  const today = new Date(now.getTime() + HALL_OFFSET_MS).toISOString().slice(0, 10)
  return { workingDaysLeft: Math.max(0, workingDaysBetween(today, promisedBy, calendars)) }
}

/** The same paper after a printer or the line has come or gone. */
const refreshedPaper = <P extends Paper>(paper: P, documents: Documents, world: World): P => {
  const document = documents[paper.paperId]
  return document === undefined ? paper : { ...paper, ...paperView(paper.paperId, document, world) }
}

export const refreshedCase = (one: CaseView, documents: Documents, world: World): CaseView => ({
  ...one,
  papers: one.papers.map((paper) => refreshedPaper(paper, documents, world)),
})

export const proofsWork = ({ proofs, online, printers }: World): ProofsWork => {
  if (proofs.length === 0) return 'none'
  if (!online) return 'line-down'
  return printers.a4 ? 'works' : 'no-printer'
}

export const papersView = (personMasked: string, cases: CaseView[], world: World): View<'papers'> => ({
  name: 'papers',
  personMasked,
  cases,
  printable: cases.flatMap(({ papers }) => papers).filter(({ lacks }) => lacks === null).length,
  proofs: proofsWork(world),
})

/** All of a person's papers in the order of their cases; none is chosen for anybody. */
export const choiceView = (cases: readonly CaseView[]): View<'paper-choice'> => ({
  name: 'paper-choice',
  papers: cases.flatMap(({ caseNo, itemName, papers }) =>
    papers.map((paper): ChoicePaper => ({ ...paper, caseNo, itemName, chosen: false })),
  ),
})

export const refreshedChoice = (
  view: View<'paper-choice'>,
  documents: Documents,
  world: World,
): View<'paper-choice'> => ({
  ...view,
  papers: view.papers.map((paper) => {
    const now = refreshedPaper(paper, documents, world)
    return { ...now, chosen: now.chosen && now.lacks === null }
  }),
})
