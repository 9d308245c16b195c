/** Asking for a rating, on a pad's own network or through the hall, and what becomes of it (PROTOCOLS.md §1.5, §2). */
import { z } from 'zod'
import { DEVICES_PATH } from './devices.ts'
import { Sealed } from './event-parts.ts'
import { eventData, RatedCase } from './events.ts'
import { Instant } from './identifiers.ts'
import { SealedUser } from './sealing.ts'

export const EVALUATIONS_PATH = '/v1/evaluations'

export function evaluationPath(id: string): string {
  return `${EVALUATIONS_PATH}/${id}`
}

/** Where a pad answers. */
export function padAnswerPath(deviceId: string, id: string): string {
  return `${DEVICES_PATH}/${deviceId}/evaluations/${id}`
}

/** An open question waits so long without a touch (PROTOCOLS.md §2). */
export const EVALUATION_WAITS_MS = 60_000
/** However much it is touched, the question goes after this, for the next citizen waits (PROTOCOLS.md §2). */
export const EVALUATION_AT_MOST_MS = 5 * 60_000
/** A pad that has not taken a question after so long is told to be offline, and never shows it (PROTOCOLS.md §1.5). */
export const TAKEN_WITHIN_MS = 2_000

/** As long as a window's system may ask what became of a question: later it has lost its own record. */
export const EVALUATIONS_KEPT_MS = 30 * 24 * 60 * 60 * 1000

/**
 * What is taken here must fit the chain later: an answer that could not be written for the sake of its question
 * would be lost. So a text has no control characters and is well-formed (PROTOCOLS.md §1.2).
 */
export const plainText = (characters: number) =>
  z
    .string()
    .max(characters)
    .regex(/^[^\u0000-\u001F\u007F]*$/, 'control characters are not taken')
    .refine((value) => value.isWellFormed(), 'no well-formed text')

const TICKET_CHARACTERS = 32
const STAFF_CHARACTERS = 32
const NAME_CHARACTERS = 200
/** As at enrolment. */
const WINDOW_CHARACTERS = 32

export const TicketNo = plainText(TICKET_CHARACTERS)
export const StaffId = z
  .string()
  .regex(/^[0-9A-Za-z-]+$/)
  .max(STAFF_CHARACTERS)

const { caseNo, itemCode, serviceNumber } = RatedCase.shape
const { assessNumber } = eventData.rating.shape

/** The body of a request at the pad itself. */
export const EvaluationRequest = z.strictObject({
  caseNo,
  itemCode,
  itemName: plainText(NAME_CHARACTERS).min(1),
  serviceName: plainText(NAME_CHARACTERS).optional(),
  serviceNumber: serviceNumber.default(1),
  assessNumber: assessNumber.default(1),
  ticketNo: TicketNo.nullable().default(null),
  staffId: StaffId.nullable().default(null),
  /** In plain over TLS or loopback only; otherwise sealed for the hall. */
  user: z.union([Sealed, SealedUser]).nullable().default(null),
  replace: z.boolean().default(false),
})
export type EvaluationRequest = z.output<typeof EvaluationRequest>

/** The body of a request through the hall: which pad is to ask is said by its window. */
export const HallEvaluationRequest = EvaluationRequest.extend({
  window: plainText(WINDOW_CHARACTERS).min(1),
})
export type HallEvaluationRequest = z.output<typeof HallEvaluationRequest>

export const EvaluationId = z.uuid()

/** As whoever asked may see it: never the level, and never a hint. */
export const EvaluationState = z.enum(['waiting', 'rated', 'declined', 'cancelled'])
export type EvaluationState = z.infer<typeof EvaluationState>

export const EvaluationAnswer = z.object({
  id: EvaluationId,
  state: z.literal('waiting'),
  /** When the question goes if nobody touches it. */
  expiresAt: Instant,
})
export type EvaluationAnswer = z.infer<typeof EvaluationAnswer>

export const EvaluationStateAnswer = z.object({ id: EvaluationId, state: EvaluationState })
export type EvaluationStateAnswer = z.infer<typeof EvaluationStateAnswer>

/** Why a pad does not ask. */
export const PadRefusal = z.enum(['busy', 'already-rated', 'paused'])
export type PadRefusal = z.infer<typeof PadRefusal>

/**
 * What a pad says of a question that the hall has for it. `waiting` takes it: the pad shows it once the hall's answer
 * says `waiting` as well, and never where it says anything else.
 */
export const PadAnswer = z.strictObject({
  state: z.enum([...EvaluationState.options, ...PadRefusal.options]),
})
export type PadAnswer = z.infer<typeof PadAnswer>

/** What a pad is to ask: the request with every name sealed. */
export const OfferedQuestion = EvaluationRequest.extend({ user: Sealed.nullable() }).strip()
export type OfferedQuestion = z.infer<typeof OfferedQuestion>

/**
 * `data` of `evaluation` on a pad's line, and at each connecting of all that the hall knows no end of. Without a
 * question it is too late to ask: only what became of it is wanted.
 */
export const EvaluationNotice = z.object({ id: EvaluationId, question: OfferedQuestion.nullable() })
export type EvaluationNotice = z.infer<typeof EvaluationNotice>

/** `data` of `evaluation-cancelled`: whoever asked has thought better of it. */
export const EvaluationCancelled = z.object({ id: EvaluationId })
export type EvaluationCancelled = z.infer<typeof EvaluationCancelled>
