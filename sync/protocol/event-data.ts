/** What each event type holds (PROTOCOLS.md §1.2). A new type is one more entry of `eventData`. */
import { z } from 'zod'
import { CaseNo } from './case-number.ts'
import { ClockState, Sealed } from './event-parts.ts'
import { Complaint, Report, Request } from './feedback.ts'
import { Code, Hash, Instant, SequenceText } from './identifiers.ts'
import { BusinessTypeId, TicketNumber, TicketPriority } from './queue.ts'

export const RatedCase = z.strictObject({
  caseNo: z.string().regex(/^[0-9A-Za-z]{1,50}$/),
  itemCode: z.string().regex(/^[0-9A-Za-z]{1,33}$/),
  itemName: z.string().min(1).max(200),
  /** 业务办理项编码 where the item has variants. */
  handleItem: z.string().max(33).nullable(),
  serviceName: z.string().max(200),
  serviceNumber: z.int().min(1),
  ticketNo: z.string().max(32).nullable(),
})
export type RatedCase = z.infer<typeof RatedCase>

/** Empty strings where nobody was signed in, or where there is no window. */
export const RatedStaff = z.strictObject({ staffId: z.string().max(32), window: z.string().max(32) })
export type RatedStaff = z.infer<typeof RatedStaff>

export { ClockState }

/** The first levels whose rating wants a reason (DOMAIN.md §2: 2 and 1 are bad ratings). */
const BAD_LEVEL = 2

const Rating = z
  .strictObject({
    level: z.int().min(1).max(5),
    labels: z
      .array(z.string().regex(/^\d{3}$/))
      .max(8)
      .refine((labels) => new Set(labels).size === labels.length, 'a label is named twice'),
    reasonPending: z.boolean(),
    dictionary: z.string().min(1).max(32),
    comment: Sealed.nullable(),
    channel: z.enum(['pad', 'terminal', 'keypad']),
    assessNumber: z.int().min(1).max(2),
    proof: z.enum(['none', 'receipt', 'card']),
    case: RatedCase.nullable(),
    staff: RatedStaff,
    anonymous: z.boolean(),
    user: Sealed.nullable(),
    askedAt: Instant,
    capturedAt: Instant,
    clock: ClockState,
  })
  .refine((rating) => !rating.anonymous || rating.user === null, {
    path: ['user'],
    message: 'an anonymous rating names nobody',
  })
  .refine(
    (rating) =>
      rating.reasonPending ===
      (rating.level <= BAD_LEVEL && rating.labels.length === 0 && rating.comment === null),
    { path: ['reasonPending'], message: 'true exactly where a bad rating has neither label nor words' },
  )

const RatingDeclined = z.strictObject({
  outcome: z.enum(['not-now', 'timed-out', 'cancelled']),
  case: RatedCase.nullable(),
  staff: RatedStaff,
  askedAt: Instant,
})

const Print = z.strictObject({
  /** The job of the print ledger. */
  job: z.uuid(),
  /** The job that this one repeats after "nothing came out". */
  retryOf: z.uuid().nullable(),
  /** The kind of paper: `guide`, or one of the papers of a case. Never whose. */
  kind: Code,
  /** For guides only: a case would tell who stood here. */
  itemCode: z
    .string()
    .regex(/^[0-9A-Za-z]{1,33}$/)
    .nullable(),
  paper: z.enum(['a4', 'receipt']),
  pages: z.int().min(1).nullable(),
  outcome: z.enum(['printed', 'probable', 'unknown', 'failed']),
  reason: Code.nullable(),
})

/** A number in the hall's queue. It names nobody; whose it is, only the queue system may know. */
const Ticket = z.strictObject({
  number: TicketNumber,
  businessType: BusinessTypeId,
  priority: TicketPriority.nullable(),
  withCard: z.boolean(),
  appointment: z.boolean(),
  /** Taken again after it was called in vain. */
  missed: z.boolean(),
})

/** A result that was handed over here. The proof is what was shown, never whose. */
const Pickup = z.strictObject({ caseNo: CaseNo, proof: z.enum(['receipt', 'card']) })

const Session = z.strictObject({
  /** In the order of their first use. */
  services: z.array(Code).max(32),
  seconds: z.int().min(0),
  endedBy: z.enum(['citizen', 'idle', 'next-card', 'fault', 'stop']),
})

const PeripheralName = z.enum(['idReader', 'scanner', 'receiptPrinter', 'pagePrinter', 'keypad'])

const Peripheral = z.strictObject({
  peripheral: PeripheralName,
  state: z.enum(['ready', 'fault']),
  reason: Code.nullable(),
  warnings: z.array(Code).max(8),
  since: Instant,
})

/** A place in a configuration, as `peripherals.scanner.port`; never what stands there. */
const ConfigurationPlace = z.string().regex(/^[a-zA-Z0-9.[\]]{1,80}$/)

/** What a technician did on site. */
const Technician = z.discriminatedUnion('fact', [
  z.strictObject({
    fact: z.literal('configuration'),
    /** Counted on this device. */
    version: z.int().min(1),
    why: Code,
    changed: z.array(ConfigurationPlace).max(64),
  }),
  z.strictObject({
    fact: z.literal('pin'),
    how: z.enum(['set', 'changed', 'reset-by-code', 'reset-by-stick']),
  }),
  /** Told when the right one came at last. */
  z.strictObject({ fact: z.literal('wrong-pins'), count: z.int().min(1) }),
  z.strictObject({
    fact: z.literal('test'),
    peripheral: PeripheralName,
    outcome: z.enum(['passed', 'failed']),
    step: Code.nullable(),
    reason: Code.nullable(),
  }),
  z.strictObject({ fact: z.literal('report'), number: z.int().min(1), ready: z.boolean() }),
  /** What left the device on a stick or as a download. */
  z.strictObject({ fact: z.literal('taken-along'), what: z.enum(['configuration', 'bundle', 'report']) }),
  z.strictObject({ fact: z.literal('restart') }),
  z.strictObject({ fact: z.literal('retire') }),
])

const System = z.discriminatedUnion('fact', [
  z.strictObject({ fact: z.literal('start'), software: z.string().min(1).max(64), bootId: z.uuid() }),
  z.strictObject({ fact: z.literal('stop') }),
  z.strictObject({ fact: z.literal('clock'), ...ClockState.shape }),
  /** An event that the hall would not take: the hole it leaves is told here. */
  z.strictObject({
    fact: z.literal('set-aside'),
    epoch: z.int().min(1),
    sequence: SequenceText,
    hash: Hash,
    reason: Code,
  }),
  /** Facts that the quota of the store did not let in, by type, until there was room again. */
  z.strictObject({
    fact: z.literal('quota'),
    since: Instant,
    dropped: z.record(Code, z.int().min(1)),
  }),
  /** Trouble with the disk that is over, or a store that was set aside for it. */
  z.strictObject({
    fact: z.literal('storage'),
    problem: z.enum(['damaged-set-aside', 'disk-full', 'cannot-write', 'sync-failed']),
    since: Instant,
    /** Events of a store that was set aside: carried over, and lost though the hall has not got them. */
    carried: z.int().min(0).nullable(),
    lost: z.int().min(0).nullable(),
  }),
])

export const eventData = {
  rating: Rating,
  'rating-declined': RatingDeclined,
  print: Print,
  pickup: Pickup,
  ticket: Ticket,
  report: Report,
  complaint: Complaint,
  request: Request,
  session: Session,
  peripheral: Peripheral,
  technician: Technician,
  system: System,
} as const
export type EventType = keyof typeof eventData
export type EventData<T extends EventType> = z.infer<(typeof eventData)[T]>
