/** Asking the hall's queue (PROTOCOLS.md §1.4, `GET /v1/queue`, `POST /v1/tickets`). */
import type { HallClient, HallFault } from '../../sync/hall-client.ts'
import type { Identity } from '../../sync/identity.ts'
import type { EventData } from '../../sync/protocol/events.ts'
import type { TicketAnswer, TicketRequest } from '../../sync/protocol/queue.ts'
import { sealUser } from '../cases/card-user.ts'
import type { AppendFact } from '../facts.ts'
import { asked, deadEndOf, surelyUnsent } from '../hall-answers.ts'
import { onceForKey, sameRequest } from '../same-request.ts'
import type { ErrandRunners } from '../session/errands.ts'
import type { TicketOutcome, TicketRefusal } from './ticket.ts'

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

export const ticketErrands = (options: TicketErrandOptions): Pick<ErrandRunners, 'queue' | 'ticket'> => {
  const { client, identity } = options
  const requests = sameRequest<TicketRequest>()
  const once = onceForKey()
  return {
    queue: async () => asked(await client.getQueue()),
    // Not async: a function that waits for the hall would keep the card in memory until the hall answers.
    ticket({ card, key, businessType, appointment, missed }) {
      const wish = {
        businessType,
        ...(appointment === null ? {} : { appointment }),
        ...(missed === null ? {} : { missed }),
      }
      const request = requests(key, () => {
        if (card === null) return Promise.resolve(wish)
        const sealed = sealUser(card, 'ticket', identity, client.clock.hallNow())
        return sealed === null ? null : sealed.then((user) => ({ ...wish, user }))
      })
      if (request === null) return Promise.resolve({ outcome: 'dead-end', deadEnd: 'line-down' })
      return take(options, key, request, once)
    },
  }
}

const take = async (
  options: TicketErrandOptions,
  key: string,
  making: Promise<TicketRequest>,
  once: ReturnType<typeof onceForKey>,
): Promise<TicketOutcome> => {
  const request = await making
  const result = await options.client.takeTicket(request, key)
  if (!result.ok) return refusedOr(result)
  const { businessType, user, appointment, missed } = request
  const wish = {
    businessType,
    withCard: user !== undefined,
    appointment: appointment !== undefined,
    missed: missed !== undefined,
  }
  once(key, () => note(options, result.value, wish))
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
