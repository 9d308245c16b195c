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
  return { name: 'present', service, accepts, problem }
}

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
