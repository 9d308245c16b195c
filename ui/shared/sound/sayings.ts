import type { PadState, TerminalState } from '../../../device/http/contract.ts'
import type { SpokenKey } from './spoken.ts'

export interface Saying {
  key: SpokenKey
  /** A ticket or window number after it. */
  figures?: string
  /** The same saying is said again when this is another. */
  moment?: string
}

/** What a terminal says aloud on the page that stands there; null where the page speaks for itself. */
export function terminalSaying(state: TerminalState | null): Saying | null {
  if (state === null || state.storage === 'cannot-keep') return null
  if (state.idleEndsAt !== null) return { key: 'idle-warning', moment: state.idleEndsAt }
  const { view } = state
  switch (view.name) {
    case 'home':
      return { key: 'choose-service' }
    case 'present':
      if (view.problem === 'unreadable-card') return { key: 'unreadable-card' }
      if (view.problem !== null) return { key: 'unknown-code', moment: view.problem }
      if (view.accepts.length > 1) return { key: 'present-both' }
      if (view.accepts.length === 0) return { key: 'look-at-screen' }
      return { key: view.accepts[0] === 'card' ? 'present-card' : 'present-code' }
    case 'looking-up':
      return { key: view.by === 'card' ? 'card-read' : 'code-read' }
    case 'waiting':
      return { key: 'please-wait' }
    case 'dead-end':
      if (view.deadEnd === 'line-down') return { key: 'line-down' }
      if (view.deadEnd === 'case-not-found' || view.deadEnd === 'no-cases') return { key: 'not-found' }
      return { key: 'look-at-screen' }
    case 'printing':
      return { key: 'printing', moment: view.job.jobId }
    case 'printed':
      if (view.outcome === 'failed') return { key: 'print-failed', moment: view.job.jobId }
      if (view.outcome !== 'confirmed') return { key: 'check-tray', moment: view.job.jobId }
      return { key: view.job.paper === 'a4' ? 'take-a4' : 'take-receipt', moment: view.job.jobId }
    case 'print-run':
      if (view.state === 'going') return { key: 'printing' }
      if (view.state === 'held') return { key: 'look-at-screen', moment: 'held' }
      return { key: view.papers.every(({ state: end }) => end === 'confirmed') ? 'take-a4' : 'check-tray' }
    case 'paper-left':
      return { key: 'check-tray' }
    case 'proof-card':
      return { key: 'present-card' }
    case 'proof': {
      const { job, state: end } = view.slip
      if (end === 'printing') return { key: 'printing', moment: job.jobId }
      if (end === 'failed') return { key: 'print-failed', moment: job.jobId }
      return { key: end === 'confirmed' ? 'take-a4' : 'check-tray', moment: job.jobId }
    }
    case 'ticket':
      return { key: 'ticket-number', figures: view.ticket.number }
    case 'ticket-code':
      return { key: 'enter-number' }
    case 'feedback-said':
      return { key: 'write-words' }
    case 'feedback-contact':
      return { key: 'enter-number' }
    case 'rate':
      return { key: 'rate-service' }
    case 'rate-words':
      return { key: 'write-words' }
    case 'rate-thanks':
      return { key: 'thanks' }
    case 'feedback-kept':
      return { key: 'kept-safely' }
    case 'ticket-refused':
    case 'ticket-unknown':
    case 'pickup-refused':
    case 'pickup-unknown':
    case 'feedback-excluded':
    case 'proof-refused':
    case 'proof-unknown':
    case 'nothing-came-out':
      return { key: 'look-at-screen' }
    case 'ending':
      return { key: view.cardOnReader ? 'ending-card' : 'ending' }
    default:
      return null
  }
}

/** A pad asks once, says thanks to everybody alike, and never says an answer. */
export function padSaying(state: PadState | null): Saying | null {
  if (state === null || state.storage === 'cannot-keep') return null
  const { view } = state
  switch (view.name) {
    case 'asking':
      // Two voices at once would ask twice.
      return view.voice === 'keypad' ? null : { key: 'rate-service', moment: view.evaluationId }
    case 'thanks':
      return { key: 'thanks' }
    default:
      return null
  }
}
