/** What the window's system sends, and what it is answered (PROTOCOLS.md §2). */
import { z } from 'zod'
import { EvaluationRequest, plainText, StaffId, TicketNo } from '../../../sync/protocol/evaluations.ts'

export const MESSAGE_CHARACTERS = 100
/** More than any PIN has; what is longer is not worth the check. */
export const PIN_CHARACTERS = 32

/** The same as through the hall, so that no system has to know which of both it speaks to. */
export const EvaluationBody = EvaluationRequest
export type EvaluationBody = EvaluationRequest

export const StaffBody = z.strictObject({
  staffId: StaffId,
  /** As the hall has set it for the clerk's page: checked where it is given; without one the token vouches. */
  pin: z.string().min(1).max(PIN_CHARACTERS).optional(),
})

export const ServiceBody = z.strictObject({
  state: z.enum(['open', 'paused']),
  message: plainText(MESSAGE_CHARACTERS).nullable().default(null),
})

export const ServingBody = z.strictObject({ ticketNo: TicketNo.min(1).nullable() })

/** A level is in none of them, nor anything that goes with one. */
export const AskedAnswer = z.strictObject({
  id: z.string(),
  state: z.literal('waiting'),
  /** When the question goes if nobody touches it. */
  expiresAt: z.iso.datetime({ offset: true }),
})

export const EvaluationState = z.enum(['waiting', 'rated', 'declined', 'cancelled'])
export const EvaluationAnswer = z.strictObject({ id: z.string(), state: EvaluationState })

/** By the name of the event: what `data` of it holds, as JSON. */
export const windowEvents = {
  evaluation: EvaluationAnswer,
  staff: z.strictObject({ staffId: z.string().nullable() }),
  service: z.strictObject({ state: z.enum(['open', 'paused']), message: z.string().nullable() }),
  serving: z.strictObject({ ticketNo: z.string().nullable() }),
} as const
