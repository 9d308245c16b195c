/**
 * Slips that come out beside what a page tells: begun with the page, followed on it, and offered there again when
 * surely none came out. The machine never tries again by itself.
 */
import type { PrintJobView, PrintPaper, SlipView, TerminalView } from '../http/contract.ts'
import type { Printable } from '../printing/printable.ts'
import type { PersonalState, PrintedDocument, SessionState, Transition, World } from './state.ts'

type WithSlip = Extract<TerminalView, { slip: SlipView }>

export const hasSlip = (view: TerminalView): view is WithSlip => 'slip' in view

/** The document of a job that a citizen may still ask for once more; null where it is here no longer. */
export const documentOf = ({ slipPrint, lastPrint }: PersonalState, jobId: string): PrintedDocument | null =>
  [slipPrint, lastPrint].find((one) => one?.jobId === jobId) ?? null

interface Slip {
  key: string
  job: PrintJobView
  printable: Printable
}

const withDocument = (state: SessionState, slipPrint: PrintedDocument): SessionState => ({
  ...state,
  personal: { ...state.personal, slipPrint },
})

/** Prints a slip beside what it tells: the page stands as it is and shows how far its slip is. */
export const withSlip = (
  state: SessionState,
  { key, job, printable }: Slip,
): Transition & { slip: SlipView } => ({
  slip: { job, state: 'printing', reason: null, canReportNothing: false, again: null },
  state: withDocument(state, { jobId: job.jobId, printable, isRetry: false }),
  effects: [{ type: 'print', key, retryOf: null, job, printable }],
})

/** As `withSlip`; while its printer is out of work nothing is tried, and the slip is kept to be asked for. */
export const withSlipIfWorks = (
  state: SessionState,
  slip: Slip,
  world: World,
): Transition & { slip: SlipView } => {
  const { job, printable } = slip
  if (world.printers[job.paper]) return withSlip(state, slip)
  const none: SlipView = { job, state: 'none', reason: null, canReportNothing: false, again: null }
  return {
    slip: { ...none, again: againOn(none, printable, world) },
    state: withDocument(state, { jobId: job.jobId, printable, isRetry: false }),
    effects: [],
  }
}

/** A failure without the printer's own reason is of the document: it would fail again. */
const surelyNotOut = ({ state, reason }: SlipView): boolean =>
  state === 'none' || (state === 'failed' && reason !== null)

const againOn = (slip: SlipView, printable: Printable, { printers }: World): PrintPaper | null => {
  const { paper } = slip.job
  if (!surelyNotOut(slip)) return null
  if (printers[paper]) return paper
  const other = paper === 'a4' ? 'receipt' : 'a4'
  // What an issuer has made is a PDF; everything else that is made here can be set on either paper.
  return printable.kind !== 'issued' && printers[other] ? other : null
}

/** The same page after a printer has stopped or works again, or the slip's job has ended. */
export const refreshedSlip = (view: TerminalView, { personal }: SessionState, world: World): TerminalView => {
  if (!hasSlip(view)) return view
  const document = documentOf(personal, view.slip.job.jobId)
  const again = document === null ? null : againOn(view.slip, document.printable, world)
  return again === view.slip.again ? view : { ...view, slip: { ...view.slip, again } }
}

/** The page with its slip under way once more. */
export const slipUnderWay = <View extends WithSlip>(view: View, job: PrintJobView): View => ({
  ...view,
  slip: { job, state: 'printing', reason: null, canReportNothing: false, again: null },
})
