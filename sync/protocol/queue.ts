/** The hall's queue (PROTOCOLS.md §1.4, `GET /v1/queue` and `POST /v1/tickets`; calls come down the event line). */
import { z } from 'zod'
import { Instant } from './identifiers.ts'
import { MAX_SEALED_CHARACTERS } from './sealing.ts'

export const QUEUE_PATH = '/v1/queue'
export const TICKETS_PATH = '/v1/tickets'

export const BusinessTypeId = z.string().regex(/^[A-Za-z0-9-]{1,16}$/)
/** As printed and called: A012. */
export const TicketNumber = z.string().regex(/^[A-Za-z0-9-]{1,16}$/)
const WallTime = z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/)
const Span = z.object({ from: WallTime, to: WallTime })

/** Content kind `business-types`: what one can queue for, in the order in which it is offered. */
export const BusinessTypes = z
  .array(
    z.strictObject({
      businessType: BusinessTypeId,
      name: z.string().min(2).max(24),
      nameEnglish: z.string().min(2).max(60),
      area: z.string().min(2).max(24),
      areaEnglish: z.string().min(2).max(60),
    }),
  )
  .max(100)
export type BusinessTypes = z.infer<typeof BusinessTypes>

export const QueueAnswer = z.object({
  time: Instant,
  types: z.array(
    z.object({
      businessType: BusinessTypeId,
      name: z.string(),
      area: z.string(),
      /** Whether tickets are given now. */
      open: z.boolean(),
      /** When tickets are given again, where they are not; null where nobody knows. */
      opensAt: Instant.nullable(),
      /** People with a number who have not been called. */
      waiting: z.int().min(0),
      /** About how long a number taken now waits; null where nobody knows. */
      waitMinutes: z.int().min(0).nullable(),
      /** When few come, today or on the next day that it opens; half hours joined, the hall's time of day. */
      quietHours: z.array(Span),
    }),
  ),
})
export type QueueAnswer = z.infer<typeof QueueAnswer>

/** `user`: a JWE sealed for purpose `ticket`; `appointment`: the code of one; `missed`: a number that was called in vain. */
export const TicketRequest = z.strictObject({
  businessType: BusinessTypeId,
  user: z.string().max(MAX_SEALED_CHARACTERS).optional(),
  appointment: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,32}$/)
    .optional(),
  missed: TicketNumber.optional(),
})
export type TicketRequest = z.infer<typeof TicketRequest>

/** Why a number is called before its turn. */
export const TicketPriority = z.enum([
  'age', // 老年人
  'disability', // 残疾人
  'service', // 军人、退役军人、消防救援人员
  'appointment', // 预约
  'transferred', // 转号
  'missed', // 过号重排
])
export type TicketPriority = z.infer<typeof TicketPriority>

export const TicketAnswer = z.object({
  number: TicketNumber,
  /** People who are called before. */
  waiting: z.int().min(0),
  area: z.string(),
  priority: TicketPriority.nullable(),
})
export type TicketAnswer = z.infer<typeof TicketAnswer>

/** What became of a number, as the event line tells it (`queue`). Numbers name nobody. */
export const QueueCall = z.object({
  what: z.enum(['called', 'missed', 'transferred']),
  number: TicketNumber,
  businessType: BusinessTypeId,
  /** The window that called; null for one that moved before it was called. */
  window: z.string().min(1).max(32).nullable(),
  /** The number's new business type; null unless transferred. */
  to: BusinessTypeId.nullable(),
  at: Instant,
})
export type QueueCall = z.infer<typeof QueueCall>

/** `data` of `queue`: all that is being served, at connecting; then what happened since. */
export const QueueNotice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('serving'), calls: z.array(QueueCall) }),
  z.object({ kind: z.literal('calls'), calls: z.array(QueueCall) }),
])
export type QueueNotice = z.infer<typeof QueueNotice>
