/** A jam or a lost line extends idle by 5 min at most (UX.md, Terminal): somebody may be fetching paper or help. */
import type { PrintPaper, TerminalView } from '../http/contract.ts'
import { hasSlip } from './slips.ts'
import type { SessionState, World } from './state.ts'

const MS_PER_MINUTE = 60_000
const LONGEST_EXTENSION_MS = 5 * MS_PER_MINUTE

/** The state that waits for another idle time; null when it has waited long enough, or nothing is to be mended. */
export const stillPatient = (state: SessionState, world: World): SessionState | null => {
  if (!waitsForMending(state.view, world)) return null
  const { nowMs } = world
  const { patience } = state
  if (patience === null) return { ...state, patience: { sinceMs: nowMs, lookedMs: nowMs } }
  const nextMs = nowMs + (nowMs - patience.lookedMs)
  if (nextMs - patience.sinceMs > LONGEST_EXTENSION_MS) return null
  return { ...state, patience: { ...patience, lookedMs: nowMs } }
}

const waitsForMending = (view: TerminalView, { online, printers }: World): boolean => {
  switch (view.name) {
    case 'print-run':
      return view.papers.some(({ paper, state }) => !isOut(state) && !printers[paper])
    case 'printed':
      return !isOut(view.outcome) && !printers[view.job.paper]
    case 'nothing-came-out':
      return !printers[view.job.paper]
    case 'dead-end':
      return view.deadEnd === 'line-down' && !online
    case 'proof-unknown':
    case 'pickup-unknown':
    case 'ticket-unknown':
      return !online
    default:
      return hasSlip(view) && slipFailed(view.slip.state) && !printers[paperOf(view.slip)]
  }
}

const isOut = (state: string): boolean => state === 'confirmed' || state === 'probable'
const slipFailed = (state: string): boolean => state === 'failed' || state === 'unknown'
const paperOf = ({ job }: { job: { paper: PrintPaper } }): PrintPaper => job.paper
