/** Queue tickets: what one can queue for now, how one may take a number, and the number. */
import { z } from 'zod'
import type { QueueAnswer, TicketAnswer } from '../../../sync/protocol/queue.ts'
import type { TicketRefusal } from '../../tickets/ticket.ts'
import { id } from './common.ts'
import type { SlipView } from './printing.ts'

export type { TicketPriority } from '../../../sync/protocol/queue.ts'
export type { TicketRefusal } from '../../tickets/ticket.ts'

export interface QueueType extends Omit<QueueAnswer['types'][number], 'name' | 'area'> {
  name: string
  nameEnglish: string
  area: string
  areaEnglish: string
}

/** What a code on the code page is: of an appointment, or a number that was called in vain. */
export type TicketCode = 'appointment' | 'missed'

export type TicketsView =
  | { name: 'queue'; types: QueueType[] }
  /** One business type: take a number, with the card that lies there or without; or by a code. */
  | {
      name: 'ticket-ways'
      type: QueueType
      personMasked: string | null
      acceptsCard: boolean
      /** What was wrong with a card that was put down last. */
      problem: 'unreadable-card' | 'card-number-wrong' | null
    }
  /** `scanned` is what the scanner read; touches may write it as well. */
  | { name: 'ticket-code'; type: QueueType; of: TicketCode; acceptsCode: boolean; scanned: string | null }
  | { name: 'ticket'; type: QueueType; ticket: TicketAnswer; slip: SlipView }
  | { name: 'ticket-refused'; type: QueueType; refusal: TicketRefusal; words: string }
  /** The line was lost between asking and hearing: a number may have been given. */
  | { name: 'ticket-unknown'; type: QueueType }

const code = z.string().regex(/^[A-Za-z0-9-]{1,32}$/)

export const ticketActions = [
  z.strictObject({ type: z.literal('choose-queue'), businessType: id }),
  z.strictObject({ type: z.literal('open-ticket-code'), of: z.enum(['appointment', 'missed']) }),
  /** One key for one intent: the same key again is the same number. `code` on the code page alone. */
  z.strictObject({ type: z.literal('take-ticket'), code: code.nullable(), key: id }),
  z.strictObject({ type: z.literal('ask-ticket-again') }),
] as const
