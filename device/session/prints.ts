/** What a wish for paper, the printer's word and "nothing came out" do. */
import type { PrintJobView, SlipView, TerminalView } from '../http/contract.ts'
import type { Printable } from '../printing/printable.ts'
import { guideWish } from './guides/prints.ts'
import { paperFor } from './papers/views.ts'
import { pickupSlip } from './pickup/views.ts'
import type { SessionEvent, SessionState, Transition, World } from './state.ts'
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
  if (state.usage === null || state.view.name === 'printing') return stay(state)
  // A key that was used before asks for nothing new: it is answered with the job it stands for.
  if (event.known !== null) {
    const { jobId } = event.known.job
    const shown =
      state.view.name === 'printed' || state.view.name === 'nothing-came-out' ? state.view.job.jobId : null
    return stay(shown === jobId ? state : { ...state, view: jobView(event.known), trail: trailFrom(state) })
  }
  const wish = wishOf(state, event, world)
  if (wish === null) return stay(state)
  const { job, printable, retryOf } = wish
  return {
    state: {
      ...state,
      view: { name: 'printing', job, stage: 'preparing' },
      trail: trailFrom(state),
      personal: { ...state.personal, lastPrint: { jobId: job.jobId, printable, isRetry: retryOf !== null } },
    },
    effects: [{ type: 'print', key: event.action.key, retryOf, job, printable }],
  }
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
      return guideWish(view, action, jobId, world)
    case 'print-paper': {
      const document = personal.documents[action.paperId]
      if (document === undefined || document.form === null || !shows(view, action.paperId)) return null
      const paper = paperFor(document.kind, world.printers)
      if (!world.printers[paper]) return null
      const job = { jobId, kind: document.kind, paper, pages: null }
      return { job, printable: { kind: 'paper', form: document.form, paper: document.kind }, retryOf: null }
    }
    case 'print-pickup': {
      if (view.name !== 'pickup' || !world.printers.receipt) return null
      const job = { jobId, kind: 'pickup-slip', paper: 'receipt', pages: null } as const
      return { job, printable: { kind: 'pickup-slip', slip: pickupSlip(view.result, null) }, retryOf: null }
    }
    case 'retry-print': {
      if (view.name !== 'nothing-came-out' || !view.retry || view.job.jobId !== action.jobId) return null
      if (personal.lastPrint?.jobId !== action.jobId) return null
      const job = { ...view.job, jobId, pages: null }
      return { job, printable: personal.lastPrint.printable, retryOf: action.jobId }
    }
  }
}

const shows = (view: TerminalView, paperId: string): boolean => {
  const cases = view.name === 'papers' ? view.cases : view.name === 'case' ? [view.case] : []
  return cases.some(({ papers }) => papers.some((paper) => paper.paperId === paperId))
}

export const printSending = (state: SessionState, { jobId, pages }: EventOf<'print-sending'>): Transition => {
  const { view } = state
  if (view.name !== 'printing' || view.job.jobId !== jobId) return stay(state)
  return stay({ ...state, view: { name: 'printing', job: { ...view.job, pages }, stage: 'sending' } })
}

export const printOutcome = (
  state: SessionState,
  { jobId, outcome }: EventOf<'print-outcome'>,
): Transition => {
  const { view, personal } = state
  const shown = outcome.outcome === 'printed' ? outcome.proof : outcome.outcome
  // With the printer's own word for it, or with surely nothing printed, there is nothing to doubt.
  const doubtful = shown === 'probable' || shown === 'unknown'
  const retried = personal.lastPrint?.jobId !== jobId || personal.lastPrint.isRetry
  const told = {
    reason: outcome.outcome === 'printed' ? null : outcome.reason,
    canReportNothing: doubtful && !retried,
  }
  const settled = (one: TerminalView): TerminalView =>
    hasSlip(one) && one.slip?.job.jobId === jobId
      ? { ...one, slip: { job: one.slip.job, state: shown, ...told } }
      : one
  if (view.name === 'printing' && view.job.jobId === jobId)
    return stay({ ...state, view: { name: 'printed', job: view.job, outcome: shown, ...told } })
  return stay({ ...state, view: settled(view), trail: state.trail.map(settled) })
}

/** Prints a slip beside what it tells: the page stands as it is and shows how far its slip is. */
export const withSlip = (
  state: SessionState,
  key: string,
  job: PrintJobView,
  printable: Printable,
): Transition & { slip: SlipView } => ({
  slip: { job, state: 'printing', reason: null, canReportNothing: false },
  state: {
    ...state,
    personal: { ...state.personal, lastPrint: { jobId: job.jobId, printable, isRetry: false } },
  },
  effects: [{ type: 'print', key, retryOf: null, job, printable }],
})

type WithSlip = Extract<TerminalView, { slip: SlipView | null }>

export const hasSlip = (view: TerminalView): view is WithSlip => 'slip' in view

/** The job of which this page lets a citizen say that nothing came out. */
export const doubtedIn = (view: TerminalView): PrintJobView | null => {
  if (view.name === 'printed') return view.canReportNothing ? view.job : null
  return hasSlip(view) && view.slip?.canReportNothing ? view.slip.job : null
}

/** One more try is the citizen's to ask for, once, and they stand there to see it. */
export const nothingCameOut = (
  state: SessionState,
  { jobId, noted }: EventOf<'nothing-came-out'>,
): Transition => {
  const { view, personal } = state
  const doubted = doubtedIn(view)
  if (doubted?.jobId !== jobId || !noted) return stay(state)
  const retry = personal.lastPrint?.jobId === jobId
  return stay({ ...state, view: { name: 'nothing-came-out', job: doubted, retry }, trail: trailFrom(state) })
}
