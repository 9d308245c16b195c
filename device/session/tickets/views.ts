/** The pages of the queue, and the slip of a number. */
import type { QueueAnswer, TicketAnswer } from '../../../sync/protocol/queue.ts'
import type { Language, QueueType, TerminalView, TicketCode } from '../../http/contract.ts'
import type { Printable } from '../../printing/printable.ts'
import type { SessionState, World } from '../state.ts'

export type View<Name extends TerminalView['name']> = Extract<TerminalView, { name: Name }>

/** What gives numbers now stands first, else in the hall's order; English where the content has it. */
export const typesOf = ({ types }: QueueAnswer, { businessTypes }: World): QueueType[] =>
  types
    .map((type) => {
      const known = businessTypes.find(({ businessType }) => businessType === type.businessType)
      const { nameEnglish = type.name, areaEnglish = type.area } = known ?? {}
      return { ...type, nameEnglish, areaEnglish }
    })
    .sort((one, other) => Number(other.open) - Number(one.open))

export const typesShown = (view: TerminalView): QueueType[] => (view.name === 'queue' ? view.types : [])

export const waysView = (
  type: QueueType,
  { personal }: SessionState,
  world: World,
  problem: View<'ticket-ways'>['problem'] = null,
): View<'ticket-ways'> => ({
  name: 'ticket-ways',
  type,
  personMasked: personal.card === null ? null : personal.masked,
  acceptsCard: world.accepts.card,
  problem: world.accepts.card ? problem : null,
})

export const codeView = (type: QueueType, of: TicketCode, world: World): View<'ticket-code'> => ({
  name: 'ticket-code',
  type,
  of,
  acceptsCode: world.accepts.code,
  scanned: null,
})

export const ticketPrintable = (
  ticket: TicketAnswer,
  type: QueueType,
  language: Language,
  { now }: World,
): Printable => ({
  kind: 'queue-ticket',
  ticket: {
    number: ticket.number,
    language,
    businessType: type.name,
    businessTypeEnglish: type.nameEnglish,
    // The ticket may be called elsewhere than its business is known for.
    ...(ticket.area === type.area && { areaEnglish: type.areaEnglish }),
    waiting: ticket.waiting,
    waitMinutes: type.waitMinutes,
    takenAt: now.toISOString(),
    area: ticket.area,
    priority: ticket.priority,
    quietHours: type.quietHours,
  },
})
