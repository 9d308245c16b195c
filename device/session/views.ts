/** Pages made from what is known; each is a plain value. */
import type { Case, CaseDocument, CaseState } from '../../sync/protocol/cases.ts'
import type { Guide, LifeEvent } from '../../sync/protocol/content.ts'
import { LifeEvent as LifeEvents } from '../../sync/protocol/content.ts'
import type { CaseView, GuideEntry, Paper, PrintPaper, Service, TerminalView } from '../http/contract.ts'
import type { JobRecord, SessionState, World } from './state.ts'

type View<Name extends TerminalView['name']> = Extract<TerminalView, { name: Name }>
export type PresentService = View<'present'>['service']

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

const guideEntry = (guide: Guide): GuideEntry => ({
  itemCode: guide.itemCode,
  name: guide.name,
  nameEnglish: guide.nameEnglish,
  office: guide.office,
  kind: guide.kind,
  promisedWorkingDays: guide.promisedWorkingDays,
})

export const guidesView = (world: World, lifeEvent: LifeEvent | null): View<'guides'> => ({
  name: 'guides',
  lifeEvents: LifeEvents.options
    .map((one) => ({
      lifeEvent: one,
      count: world.guides.filter((guide) => guide.lifeEvents.includes(one)).length,
    }))
    .filter(({ count }) => count > 0),
  lifeEvent,
  guides:
    lifeEvent === null
      ? []
      : world.guides.filter((guide) => guide.lifeEvents.includes(lifeEvent)).map(guideEntry),
  printable: { ...world.printers },
})

export const guideView = (guide: Guide, world: World): View<'guide'> => ({
  name: 'guide',
  guide,
  printable: { ...world.printers },
})

/** null when this service asks for nobody. */
export const presentView = (
  service: Service,
  world: World,
  problem: View<'present'>['problem'],
): View<'present'> | null => {
  if (service !== 'my-papers' && service !== 'pickup' && service !== 'progress') return null
  const accepts: View<'present'>['accepts'] = []
  if (service !== 'my-papers' && world.accepts.code) accepts.push('code')
  if (world.accepts.card) accepts.push('card')
  return { name: 'present', service, accepts, problem }
}

export const jobView = (record: JobRecord): View<'printing'> | View<'printed'> => {
  const { job, state, reason, canReportNothing } = record
  if (state === 'accepted' || state === 'sending') {
    return { name: 'printing', job, stage: state === 'accepted' ? 'preparing' : 'sending' }
  }
  return {
    name: 'printed',
    job,
    outcome: state === 'printed' ? 'confirmed' : state,
    reason,
    canReportNothing,
  }
}

/** The same page after a printer, the reader, the scanner or the guides have changed. */
export const refreshed = (
  view: TerminalView,
  world: World,
  documents: SessionState['personal']['documents'],
): TerminalView => {
  const fresh = (one: CaseView): CaseView => ({
    ...one,
    papers: one.papers.map((paper) => {
      const document = documents[paper.paperId]
      return document === undefined ? paper : paperView(paper.paperId, document, world.printers)
    }),
  })
  switch (view.name) {
    case 'guides':
      return guidesView(world, view.lifeEvent)
    case 'guide': {
      const { itemCode } = view.guide
      return guideView(world.guides.find((guide) => guide.itemCode === itemCode) ?? view.guide, world)
    }
    case 'present':
      return presentView(view.service, world, view.problem) ?? view
    case 'papers':
      return { ...view, cases: view.cases.map(fresh) }
    case 'case':
      return { ...view, case: fresh(view.case) }
    default:
      return view
  }
}
