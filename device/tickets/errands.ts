/** Asking the hall's queue (PROTOCOLS.md §1.4, `GET /v1/queue`, `POST /v1/tickets`). */
import type { HallClient, HallFault } from '../../sync/hall-client.ts'
import type { Identity } from '../../sync/identity.ts'
import type { EventData } from '../../sync/protocol/events.ts'
import type { TicketAnswer } from '../../sync/protocol/queue.ts'
import { sealUser } from '../cases/card-user.ts'
import type { AppendFact } from '../facts.ts'
import { asked, deadEndOf, surelyUnsent } from '../hall-answers.ts'
import type { ErrandRunners } from '../session/errands.ts'
import type { TicketOutcome, TicketRefusal, TicketWanted } from './ticket.ts'

const REFUSALS: readonly TicketRefusal[] = [
  'closed',
  'no-appointment',
  'other-business',
  'too-early',
  'too-late',
  'appointment-used',
  'not-missed',
]

export interface TicketErrandOptions {
  client: HallClient
  identity: Identity
  /** In a transaction of its own. */
  append: AppendFact
  onTrouble: (error: unknown) => void
}

export const ticketErrands = (options: TicketErrandOptions): Pick<ErrandRunners, 'queue' | 'ticket'> => ({
  queue: async () => asked(await options.client.getQueue()),
  // Not async: a function that waits for the hall would keep the card in memory until the hall answers.
  ticket({ card, ...wish }) {
    if (card === null) return take(options, wish, Promise.resolve(null))
    const sealed = sealUser(card, 'ticket', options.identity, options.client.clock.hallNow())
    return sealed === null
      ? Promise.resolve({ outcome: 'dead-end', deadEnd: 'line-down' })
      : take(options, wish, sealed)
  },
})

const take = async (
  options: TicketErrandOptions,
  { businessType, appointment, missed, key }: Omit<TicketWanted, 'card'>,
  sealed: Promise<string | null>,
): Promise<TicketOutcome> => {
  const user = await sealed
  const result = await options.client.takeTicket(
    {
      businessType,
      ...(user === null ? {} : { user }),
      ...(appointment === null ? {} : { appointment }),
      ...(missed === null ? {} : { missed }),
    },
    key,
  )
  if (!result.ok) return refusedOr(result)
  note(options, result.value, {
    businessType,
    withCard: user !== null,
    appointment: appointment !== null,
    missed: missed !== null,
  })
  return { outcome: 'given', ticket: result.value }
}

/** The fact names the number and nobody; a store that is full does not keep a number from its citizen. */
const note = (
  { append, onTrouble }: TicketErrandOptions,
  { number, priority }: TicketAnswer,
  wish: Pick<EventData<'ticket'>, 'businessType' | 'withCard' | 'appointment' | 'missed'>,
): void => {
  try {
    append('ticket', { number, priority, ...wish }, new Date())
  } catch (error) {
    onTrouble(error)
  }
}

const refusedOr = (fault: HallFault): TicketOutcome => {
  if (fault.kind === 'no-answer' && !surelyUnsent(fault)) return { outcome: 'unknown' }
  if (fault.kind === 'problem') {
    const { code, detail } = fault.problem
    if (code === 'outcome-unknown') return { outcome: 'unknown' }
    if (code === 'ticket-refused') {
      const { reason } = fault.problem as { reason?: unknown }
      return {
        outcome: 'refused',
        refusal: REFUSALS.find((one) => one === reason) ?? 'other',
        words: detail ?? '',
      }
    }
  }
  return { outcome: 'dead-end', deadEnd: deadEndOf(fault) }
}
