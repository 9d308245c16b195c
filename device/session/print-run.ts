/**
 * Several papers of one wish, printed one after the other, each a job of its own in the ledger. What surely did not
 * come out because its printer stopped waits for that printer and begins again by itself; what may have come out
 * never does.
 */
import type { CaseDocument } from '../../sync/protocol/cases.ts'
import type { PaperProblem, RunPaper, TerminalView } from '../http/contract.ts'
import type { JobOutcome } from '../printing/ledger.ts'
import type { Printable } from '../printing/printable.ts'
import type { DocumentOutcome } from '../proofs/proof.ts'
import { paperFor } from './papers/views.ts'
import type { PrintRun, SessionState, Transition, World } from './state.ts'
import { stay, trailFrom } from './steps.ts'

type RunView = Extract<TerminalView, { name: 'print-run' }>

/** A printer that stops again at each try is not to be trusted with another. */
const TRIES = 3

const PAPER_MOVES: readonly RunPaper['state'][] = ['preparing', 'sending', 'sent']
const UNDER_WAY: readonly RunPaper['state'][] = ['fetching', ...PAPER_MOVES]

/** These pass, or are mended by the card. */
const PASSING: readonly PaperProblem[] = ['unavailable', 'line-down', 'hall-trouble']

/** What a run is made of: a paper as its page names it, and the case it belongs to. */
export interface RunWish {
  paperId: string
  caseNo: string
  itemName: string
}

export const startRun = (
  state: SessionState,
  wishes: readonly RunWish[],
  { key, jobId }: { key: string; jobId: string },
  world: World,
): Transition => {
  const papers = wishes.flatMap((wish): RunPaper[] => {
    const document = state.personal.documents[wish.paperId]
    if (document === undefined) return []
    const { kind, title, pages } = document
    const paper = paperFor(document, world.printers)
    const fresh = { done: null, reason: null, problem: null, jobId: null, canReportNothing: false }
    return [{ ...wish, kind, title, pages, paper, state: 'waiting', ...fresh }]
  })
  // The same key again asks for nothing new.
  if (papers.length === 0 || state.personal.run?.key === key) return stay(state)
  const run: PrintRun = { key, firstJobId: jobId, jobs: 0, tries: {}, printables: {} }
  const view: RunView = { name: 'print-run', papers, state: 'going', trouble: null, again: false }
  return goOn({ ...state, view, trail: trailFrom(state), personal: { ...state.personal, run } }, world)
}

/** The next paper whose printer works; with none left, or none that can be printed now, the page says so. */
const goOn = (state: SessionState, world: World): Transition => {
  const { view, personal } = state
  const { run } = personal
  if (view.name !== 'print-run' || run === null) return stay(state)
  if (view.papers.some((paper) => UNDER_WAY.includes(paper.state))) return stay(withView(state, view, world))
  const waiting = view.papers.filter((paper) => paper.state === 'waiting')
  for (const paper of waiting) {
    const document = personal.documents[paper.paperId]
    // On the paper that was promised; whoever would rather have the other goes back and chooses anew.
    if (document === undefined || !world.printers[paper.paper]) continue
    const going = { ...state, warning: false }
    const begun = { ...paper, reason: null, problem: null, done: null }
    const { form, kind } = document
    if (form === null) return fetching(going, begun, document, world)
    return printing(going, begun, { kind: 'paper', form, paper: kind }, world)
  }
  const shown: RunView = { ...view, state: waiting.length > 0 ? 'held' : 'over' }
  return stay(withView(state, shown, world))
}

const fetching = (state: SessionState, paper: RunPaper, document: CaseDocument, world: World): Transition => {
  const number = state.lookups + 1
  const { kind, title, pages, handle } = document
  const wanted = {
    caseNo: paper.caseNo,
    document: { handle, kind, title, pages },
    card: state.personal.card,
  }
  const asking: SessionState = { ...state, lookup: { number, service: 'my-papers' }, lookups: number }
  return {
    state: withPaper(asking, { ...paper, state: 'fetching' }, world),
    effects: [{ type: 'errand', number, errand: { kind: 'document', wanted } }],
  }
}

const printing = (state: SessionState, paper: RunPaper, printable: Printable, world: World): Transition => {
  const { run } = state.personal
  if (run === null) return stay(state)
  const { jobs } = run
  const jobId = countedUp(run.firstJobId, jobs)
  const next: PrintRun = {
    ...run,
    jobs: jobs + 1,
    tries: { ...run.tries, [paper.paperId]: (run.tries[paper.paperId] ?? 0) + 1 },
    printables: { ...run.printables, [jobId]: printable },
  }
  const job = { jobId, kind: paper.kind, paper: paper.paper, pages: paper.pages }
  const begun = { ...state, personal: { ...state.personal, run: next } }
  return {
    state: withPaper(begun, { ...paper, jobId, state: 'preparing' }, world),
    effects: [{ type: 'print', key: `${run.key}-${jobs}`, retryOf: null, job, printable }],
  }
}

/** The hall has given its PDF, or said why not. */
export const paperFetched = (state: SessionState, outcome: DocumentOutcome, world: World): Transition => {
  const { view } = state
  const paper = view.name === 'print-run' ? view.papers.find((one) => one.state === 'fetching') : undefined
  if (paper === undefined) return stay(state)
  if (outcome.ok) {
    const { pdf, pages } = outcome
    return printing(state, paper, { kind: 'issued', pdf, pages }, world)
  }
  return goOn(withPaper(state, { ...paper, state: 'failed', problem: outcome.problem }, world), world)
}

const ofJob = ({ view }: SessionState, jobId: string): RunPaper | undefined =>
  view.name === 'print-run' ? view.papers.find((paper) => paper.jobId === jobId) : undefined

/** null: it is no job of the run that is shown. */
export const runStep = (
  state: SessionState,
  jobId: string,
  change: Pick<Partial<RunPaper>, 'state' | 'done'>,
  world: World,
): Transition | null => {
  const paper = ofJob(state, jobId)
  return paper === undefined ? null : stay(withPaper(state, { ...paper, ...change }, world))
}

export const runOutcome = (
  state: SessionState,
  jobId: string,
  outcome: JobOutcome,
  world: World,
): Transition | null => {
  const paper = ofJob(state, jobId)
  if (paper === undefined) return null
  const reason = outcome.outcome === 'printed' ? null : outcome.reason
  const end = outcome.outcome === 'printed' ? outcome.proof : outcome.outcome
  const tries = state.personal.run?.tries[paper.paperId] ?? 0
  const printerStopped = end === 'failed' && reason !== null && !world.printers[paper.paper]
  const after: RunPaper =
    printerStopped && tries < TRIES
      ? { ...paper, state: 'waiting', reason, jobId: null, done: null }
      : { ...paper, state: end, reason, canReportNothing: end === 'probable' || end === 'unknown' }
  return goOn(withPaper(state, after, world), world)
}

/** Once more what surely did not come out, now that it may. */
export const printRest = (state: SessionState, world: World): Transition => {
  const { view, personal } = state
  if (view.name !== 'print-run' || view.state !== 'over' || personal.run === null) return stay(state)
  const papers = view.papers.map(
    (paper): RunPaper =>
      mayComeNow(paper, state, world) ? { ...paper, state: 'waiting', jobId: null } : paper,
  )
  const run = { ...personal.run, tries: {} }
  const asked = { ...state, view: { ...view, papers }, personal: { ...personal, run } }
  return view.again ? goOn(asked, world) : stay(state)
}

/** A printer that works again goes on with what waits for it. */
export const runResumed = (state: SessionState, world: World): Transition =>
  state.view.name === 'print-run' && state.view.state === 'held' ? goOn(state, world) : stay(state)

/** The same page after a printer, the line or the card has come or gone. */
export const refreshedRun = (view: RunView, state: SessionState, world: World): RunView => ({
  ...view,
  trouble: troubleOf(view, world),
  again: view.state === 'over' && view.papers.some((paper) => mayComeNow(paper, state, world)),
})

const mayComeNow = (paper: RunPaper, { personal }: SessionState, world: World): boolean => {
  if (paper.state !== 'failed' || !world.printers[paper.paper]) return false
  const { problem, reason } = paper
  if (problem === null) return reason !== null
  if (problem === 'gone') return world.online && personal.card !== null
  return world.online && PASSING.includes(problem)
}

const troubleOf = (view: RunView, { printers, printerTroubles }: World): RunView['trouble'] => {
  const concerned =
    view.state === 'held'
      ? view.papers.filter((paper) => paper.state === 'waiting')
      : view.papers.filter((paper) => PAPER_MOVES.includes(paper.state))
  for (const { paper } of concerned) {
    const reason = printerTroubles[paper] ?? (printers[paper] ? null : 'offline')
    if (reason !== null) return { paper, reason }
  }
  return null
}

const withView = (state: SessionState, view: RunView, world: World): SessionState => ({
  ...state,
  view: refreshedRun(view, state, world),
})

const withPaper = (state: SessionState, paper: RunPaper, world: World): SessionState => {
  const { view } = state
  if (view.name !== 'print-run') return state
  const papers = view.papers.map((one) => (one.paperId === paper.paperId ? paper : one))
  return withView(state, { ...view, papers, state: 'going' }, world)
}

const RANDOM_END = 12
const HEX = 16

/** A UUIDv7 counted up in its random end: as unlike any other as the first. */
const countedUp = (jobId: string, by: number): string => {
  if (by === 0) return jobId
  const end = Number.parseInt(jobId.slice(-RANDOM_END), HEX) + by
  return jobId.slice(0, -RANDOM_END) + (end % HEX ** RANDOM_END).toString(HEX).padStart(RANDOM_END, '0')
}
