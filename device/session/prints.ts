/** What a wish for paper, the printer's word and "nothing came out" do. */
import type { CaseView, PrintJobView, RunPaper, TerminalView } from '../http/contract.ts'
import type { Printable } from '../printing/printable.ts'
import { guideWish } from './guides/prints.ts'
import { paperMoves } from './pages.ts'
import { paperFor } from './papers/views.ts'
import { pickupSlip } from './pickup/views.ts'
import { type RunWish, runOutcome, runStep, startRun } from './print-run.ts'
import { proofSlip } from './proofs/slip.ts'
import { documentOf, hasSlip, refreshedSlip, slipUnderWay } from './slips.ts'
import type {
  PrintedDocument,
  SessionEffect,
  SessionEvent,
  SessionState,
  Transition,
  World,
} from './state.ts'
import { stay, trailFrom } from './steps.ts'
import { jobView } from './views.ts'

type EventOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>

interface Wish {
  job: PrintJobView
  printable: Printable
  retryOf: string | null
}

export const printWanted = (
  state: SessionState,
  event: EventOf<'print-wanted'>,
  world: World,
): Transition => {
  if (state.usage === null || paperMoves(state.view)) return stay(state)
  // A key that was used before asks for nothing new: it is answered with the job it stands for.
  if (event.known !== null) {
    const isShown = jobShown(state.view) === event.known.job.jobId
    return stay(isShown ? state : { ...state, view: jobView(event.known), trail: trailFrom(state) })
  }
  const run = runWishes(state, event.action, world)
  if (run !== null) return startRun(state, run, { key: event.action.key, jobId: event.jobId }, world)
  const wish = wishOf(state, event, world)
  if (wish === null) return stay(state)
  const { job, printable, retryOf } = wish
  const effects: SessionEffect[] = [{ type: 'print', key: event.action.key, retryOf, job, printable }]
  const document = { jobId: job.jobId, printable, isRetry: retryOf !== null }
  const slipped = slipAgain(state, event.action, job, document)
  if (slipped !== null) return { state: slipped, effects }
  return {
    state: {
      ...state,
      view: refreshedPrint(
        { name: 'printing', job, stage: 'preparing', done: null, trouble: null },
        state,
        world,
      ),
      trail: trailFrom(state),
      personal: { ...state.personal, lastPrint: document },
    },
    effects,
  }
}

/** The job that the page is about already. */
const jobShown = (view: TerminalView): string | null => {
  if (view.name === 'printed' || view.name === 'nothing-came-out') return view.job.jobId
  return hasSlip(view) ? view.slip.job.jobId : null
}

/** A slip that is tried once more comes out beside what it tells, as the first one should have. */
const slipAgain = (
  state: SessionState,
  action: EventOf<'print-wanted'>['action'],
  job: PrintJobView,
  slipPrint: PrintedDocument,
): SessionState | null => {
  if (action.type !== 'retry-print') return null
  const { view, trail, personal } = state
  const isOf = (one: TerminalView | undefined): boolean =>
    one !== undefined && hasSlip(one) && one.slip.job.jobId === action.jobId
  const page = isOf(view)
    ? view
    : view.name === 'nothing-came-out' && isOf(trail.at(-1))
      ? trail.at(-1)
      : null
  if (page === null || page === undefined || !hasSlip(page)) return null
  return {
    ...state,
    view: slipUnderWay(page, job),
    trail: page === view ? trail : trail.slice(0, -1),
    personal: { ...personal, slipPrint },
  }
}

/** Papers that have to be fetched first, and several at once; null for everything else. */
const runWishes = (
  { view, personal }: SessionState,
  action: EventOf<'print-wanted'>['action'],
  world: World,
): RunWish[] | null => {
  if (action.type === 'print-chosen')
    return view.name === 'paper-choice'
      ? view.papers.filter(({ chosen, lacks }) => chosen && lacks === null)
      : []
  if (action.type !== 'print-paper' || personal.documents[action.paperId]?.form !== null) return null
  const one = casesIn(view).find(({ papers }) => papers.some(({ paperId }) => paperId === action.paperId))
  if (one === undefined || !world.printers.a4 || !world.online) return []
  return [{ paperId: action.paperId, caseNo: one.caseNo, itemName: one.itemName }]
}

const wishOf = (
  state: SessionState,
  { action, jobId }: EventOf<'print-wanted'>,
  world: World,
): Wish | null => {
  const { view, personal } = state
  switch (action.type) {
    case 'print-guide':
    case 'print-notice':
    case 'print-form':
      return guideWish(view, action, jobId, world, state.preferences.language)
    case 'print-paper': {
      const document = personal.documents[action.paperId]
      if (document === undefined || document.form === null || !shows(view, action.paperId)) return null
      const paper = paperFor(document, world.printers)
      if (!world.printers[paper]) return null
      const job = { jobId, kind: document.kind, paper, pages: null }
      return { job, printable: { kind: 'paper', form: document.form, paper: document.kind }, retryOf: null }
    }
    case 'print-pickup': {
      if (view.name !== 'pickup' || !world.printers.receipt) return null
      const job = { jobId, kind: 'pickup-slip', paper: 'receipt', pages: null } as const
      return {
        job,
        printable: { kind: 'pickup-slip', slip: pickupSlip(view.result, null, state.preferences.language) },
        retryOf: null,
      }
    }
    case 'print-proof-slip': {
      if (view.name !== 'proof' || !view.checkSlip) return null
      const job = { jobId, kind: 'proof-slip', paper: 'receipt', pages: null } as const
      const slip = proofSlip(view, state.preferences.language)
      return { job, printable: { kind: 'proof-slip', slip }, retryOf: null }
    }
    case 'print-chosen':
      return null
    case 'retry-print': {
      const again = retryIn(view)
      const document = documentOf(personal, action.jobId)
      if (again?.job.jobId !== action.jobId || document === null) return null
      const job = { ...again.job, jobId, pages: null }
      return { job, printable: document.printable, retryOf: again.witnessed ? action.jobId : null }
    }
  }
}

/** What this page lets a citizen print once more: doubted before a witness, or surely not come out at all. */
const retryIn = (view: TerminalView): { job: PrintJobView; witnessed: boolean } | null => {
  if (view.name === 'nothing-came-out') return view.retry ? { job: view.job, witnessed: true } : null
  if (view.name === 'printed') return view.again ? { job: view.job, witnessed: false } : null
  if (!hasSlip(view) || view.slip.again === null) return null
  return { job: { ...view.slip.job, paper: view.slip.again }, witnessed: false }
}

const casesIn = (view: TerminalView): CaseView[] =>
  view.name === 'papers' ? view.cases : view.name === 'case' ? [view.case] : []

const shows = (view: TerminalView, paperId: string): boolean =>
  casesIn(view).some(({ papers }) => papers.some((paper) => paper.paperId === paperId))

type Printing = Extract<TerminalView, { name: 'printing' }>

/** How far the job is, on whichever page follows it. */
const step = (
  state: SessionState,
  jobId: string,
  change: Pick<Partial<RunPaper>, 'state' | 'done'>,
  shown: (view: Printing) => Printing,
  world: World,
): Transition => {
  const { view } = state
  const run = runStep(state, jobId, change, world)
  if (run !== null) return run
  if (view.name !== 'printing' || view.job.jobId !== jobId) return stay(state)
  return stay({ ...state, view: refreshedPrint(shown(view), state, world) })
}

export const printSending = (
  state: SessionState,
  { jobId, pages }: EventOf<'print-sending'>,
  world: World,
): Transition =>
  step(
    state,
    jobId,
    { state: 'sending' },
    (view) => ({ ...view, job: { ...view.job, pages }, stage: 'sending' }),
    world,
  )

export const printSent = (state: SessionState, { jobId }: EventOf<'print-sent'>, world: World): Transition =>
  step(state, jobId, { state: 'sent' }, (view) => ({ ...view, stage: 'sent' }), world)

export const printSides = (
  state: SessionState,
  { jobId, count }: EventOf<'print-sides'>,
  world: World,
): Transition => step(state, jobId, { done: count }, (view) => ({ ...view, done: count }), world)

/** The same page after a printer has stopped or works again. */
export const refreshedPrint = <View extends TerminalView>(
  view: View,
  { personal }: SessionState,
  world: World,
): View => {
  if (view.name === 'printing')
    return { ...view, trouble: view.stage === 'preparing' ? null : world.printerTroubles[view.job.paper] }
  if (view.name !== 'printed') return view
  const { outcome, reason, job } = view
  const here = personal.lastPrint?.jobId === job.jobId
  return { ...view, again: outcome === 'failed' && reason !== null && here && world.printers[job.paper] }
}

export const printOutcome = (
  state: SessionState,
  { jobId, outcome }: EventOf<'print-outcome'>,
  world: World,
): Transition => {
  const run = runOutcome(state, jobId, outcome, world)
  if (run !== null) return run
  const { view, personal } = state
  const shown = outcome.outcome === 'printed' ? outcome.proof : outcome.outcome
  // With the printer's own word for it, or with surely nothing printed, there is nothing to doubt.
  const doubtful = shown === 'probable' || shown === 'unknown'
  const retried = documentOf(personal, jobId)?.isRetry ?? true
  const told = {
    reason: outcome.outcome === 'printed' ? null : outcome.reason,
    canReportNothing: doubtful && !retried,
  }
  const settled = (one: TerminalView): TerminalView =>
    hasSlip(one) && one.slip.job.jobId === jobId
      ? refreshedSlip(
          { ...one, slip: { job: one.slip.job, state: shown, ...told, again: null } },
          state,
          world,
        )
      : one
  if (view.name === 'printing' && view.job.jobId === jobId) {
    const { job, done } = view
    const printed: TerminalView = { name: 'printed', job, outcome: shown, ...told, done, again: false }
    return stay({ ...state, view: refreshedPrint(printed, state, world) })
  }
  return stay({ ...state, view: settled(view), trail: state.trail.map(settled) })
}

/** The job, where this page lets a citizen say that nothing of it came out. */
export const doubtedIn = (view: TerminalView, jobId: string): PrintJobView | null => {
  const doubted = doubtableIn(view, jobId)
  return doubted?.jobId === jobId ? doubted : null
}

const doubtableIn = (view: TerminalView, jobId: string): PrintJobView | null => {
  if (view.name === 'printed') return view.canReportNothing ? view.job : null
  if (view.name === 'print-run') {
    const one = view.papers.find((paper) => paper.jobId === jobId && paper.canReportNothing)
    if (view.state !== 'over' || one === undefined) return null
    const { kind, paper, pages } = one
    return { jobId, kind, paper, pages }
  }
  return hasSlip(view) && view.slip.canReportNothing ? view.slip.job : null
}

/** One more try is the citizen's to ask for, once, and they stand there to see it. */
export const nothingCameOut = (
  state: SessionState,
  { jobId, noted }: EventOf<'nothing-came-out'>,
): Transition => {
  const { view, personal } = state
  const doubted = doubtedIn(view, jobId)
  if (doubted === null || !noted) return stay(state)
  const ofRun = personal.run?.printables[jobId]
  const lastPrint = ofRun === undefined ? personal.lastPrint : { jobId, printable: ofRun, isRetry: false }
  const left = { ...state, view: reported(view, jobId), personal: { ...personal, lastPrint } }
  const retry = documentOf(left.personal, jobId) !== null
  return stay({ ...left, view: { name: 'nothing-came-out', job: doubted, retry }, trail: trailFrom(left) })
}

/** It is said once of each paper: the page that is come back to offers it no more. */
const reported = (view: TerminalView, jobId: string): TerminalView => {
  if (hasSlip(view) && view.slip.job.jobId === jobId)
    return { ...view, slip: { ...view.slip, canReportNothing: false } }
  if (view.name !== 'print-run') return view
  const papers = view.papers.map((one) => (one.jobId === jobId ? { ...one, canReportNothing: false } : one))
  return { ...view, papers }
}
