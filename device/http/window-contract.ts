/** What the window's system sends (PROTOCOLS.md §2). */
import { z } from 'zod'
import { eventData, RatedCase } from '../../sync/protocol/events.ts'
import { SealedUser } from '../../sync/protocol/sealing.ts'

/**
 * What is taken here must fit the chain later: an answer that could not be written for the sake of its question
 * would be lost. So a text has no control characters and is well-formed (PROTOCOLS.md §1.2).
 */
const text = (characters: number) =>
  z
    .string()
    .max(characters)
    .regex(/^[^\u0000-\u001F\u007F]*$/, 'control characters are not taken')
    .refine((value) => value.isWellFormed(), 'no well-formed text')

const { caseNo, itemCode, serviceNumber } = RatedCase.shape
const { assessNumber, user: sealedUser } = eventData.rating.shape

const TICKET_CHARACTERS = 32
const STAFF_CHARACTERS = 32
const NAME_CHARACTERS = 200
const MESSAGE_CHARACTERS = 100

const StaffId = z
  .string()
  .regex(/^[0-9A-Za-z-]+$/)
  .max(STAFF_CHARACTERS)

export const EvaluationBody = z.strictObject({
  caseNo,
  itemCode,
  itemName: text(NAME_CHARACTERS).min(1),
  serviceName: text(NAME_CHARACTERS).optional(),
  serviceNumber: serviceNumber.default(1),
  assessNumber: assessNumber.default(1),
  ticketNo: text(TICKET_CHARACTERS).nullable().default(null),
  staffId: StaffId.nullable().default(null),
  /** In plain over TLS or loopback only; otherwise sealed for the hall. */
  user: z.union([sealedUser.unwrap(), SealedUser]).nullable().default(null),
  replace: z.boolean().default(false),
})
export type EvaluationBody = z.output<typeof EvaluationBody>

export const StaffBody = z.strictObject({
  staffId: StaffId,
  /** Of the window's own sign-in; the token vouches for it, so it is read past and kept nowhere. */
  pin: z.string().max(STAFF_CHARACTERS).optional(),
})

export const ServiceBody = z.strictObject({
  state: z.enum(['open', 'paused']),
  message: text(MESSAGE_CHARACTERS).nullable().default(null),
})

export const ServingBody = z.strictObject({ ticketNo: text(TICKET_CHARACTERS).min(1).nullable() })
