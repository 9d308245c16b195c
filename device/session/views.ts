/** The session's own pages, made from what is known; each is a plain value. */
import type { Service, TerminalView } from '../http/contract.ts'
import type { JobRecord, World } from './state.ts'

type View<Name extends TerminalView['name']> = Extract<TerminalView, { name: Name }>
export type PresentService = View<'present'>['service']

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
  return { name: 'present', service, accepts, problem: problemOf(problem, accepts) }
}

type Way = 'card' | 'code'
type Problem = 'unreadable-card' | 'card-number-wrong' | 'code-too-long' | 'code-not-text'
const WAY_OF: Record<Problem, Way> = {
  'unreadable-card': 'card',
  'card-number-wrong': 'card',
  'code-too-long': 'code',
  'code-not-text': 'code',
}

/** What was wrong with the last try; nobody is told to try again where that cannot be taken now. */
export const problemOf = <P extends Problem>(problem: P | null, accepts: readonly Way[]): P | null =>
  problem !== null && accepts.includes(WAY_OF[problem]) ? problem : null

export const jobView = (record: JobRecord): View<'printing'> | View<'printed'> => {
  const { job, state, reason, canReportNothing } = record
  if (state === 'accepted' || state === 'sending' || state === 'sent') {
    const stage = state === 'accepted' ? 'preparing' : state
    return { name: 'printing', job, stage, done: null, trouble: null }
  }
  return {
    name: 'printed',
    job,
    outcome: state === 'printed' ? 'confirmed' : state,
    reason,
    canReportNothing,
    done: null,
    again: false,
  }
}
