/**
 * What a citizen takes along from a service that has no paper of its own: plain data, each kind with one schema. A
 * slip names nobody; where it has a case, the case's number is all it says of it.
 */
import { z } from 'zod'
import { Instant } from '../../sync/protocol/identifiers.ts'
import { VerificationCode } from '../../sync/protocol/proofs.ts'
import { TicketPriority } from '../../sync/protocol/queue.ts'

/** What a code of bars holds: printable ASCII without white space, short enough for 80 mm paper or a QR code. */
const Scannable = z.string().regex(/^[!-~]{1,50}$/)
const Text = z.string().min(1).max(400)
const TimeOfDay = z.string().regex(/^\d{2}:\d{2}$/)

/** In an English session English stands beside the Chinese that the hall's people read. */
const language = z.enum(['zh', 'en']).optional()

/** A number in the hall's queue. */
export const QueueTicket = z.strictObject({
  language,
  number: Scannable,
  businessType: Text,
  businessTypeEnglish: Text.optional(),
  /** People who are called before. */
  waiting: z.int().min(0),
  waitMinutes: z.int().min(0).nullable(),
  takenAt: Instant,
  /** Windows where it is called, with their floor. */
  area: Text,
  areaEnglish: Text.optional(),
  priority: TicketPriority.nullable(),
  /** When few come: HH:MM at the hall. */
  quietHours: z.array(z.object({ from: TimeOfDay, to: TimeOfDay })).max(24),
})
export type QueueTicket = z.infer<typeof QueueTicket>

/** A result that is to be fetched, or was just handed over by a locker. */
export const PickupSlip = z.strictObject({
  language,
  /** What is scanned or said at the window or the locker: the case number, or a code of the locker's own. */
  code: Scannable,
  /** The item or the result, as the hall names it. */
  what: Text,
  /** As the hall told it; of a window among the hall's, hours and phone are added. */
  where: Text,
  /** What has to be brought; null where the code is enough. */
  needs: Text.nullable(),
  /** When handing over was recorded; null where it lies there still. */
  collectedAt: Instant.nullable(),
  /** The last day; null where it lies there until it is fetched. */
  validUntil: z.iso.date().nullable(),
})
export type PickupSlip = z.infer<typeof PickupSlip>

/** A report of an unresolved matter, a complaint or a request: what was said, never by whom. */
export const FeedbackSlip = z.strictObject({
  language,
  kind: z.enum(['report', 'complaint', 'request']),
  /** To ask by: eight characters, shown in two groups of four. */
  code: z.string().regex(/^[0-9A-Z]{8}$/),
  keptAt: Instant,
  /** In words: ground, item, place, day, labels. */
  said: z.array(z.strictObject({ label: z.string().min(1).max(24), text: Text })).max(12),
  /** The citizen's own words, line feeds allowed. */
  words: z.string().max(500).nullable(),
  /** Whether a complaint names its sender; null where it is not asked. */
  named: z.boolean().nullable(),
  /** Whose turn it is, a sentence. */
  turn: Text,
  answerBy: z.iso.date(),
  /** 当天, 3个工作日内 … */
  answerIn: Text,
  /** The calendar of that year is not published yet: the day may move. */
  provisional: z.boolean(),
})
export type FeedbackSlip = z.infer<typeof FeedbackSlip>

/** Beside a proof on A4: how whoever receives it asks the issuer whether it is one. */
export const ProofSlip = z.strictObject({
  language,
  title: Text,
  titleEnglish: Text.optional(),
  issuer: Text,
  issuerEnglish: Text.optional(),
  verificationCode: VerificationCode,
  /** Where the issuer answers, the code in it if it belongs there; null where the paper alone says it. */
  address: z
    .url({ protocol: /^https$/ })
    .max(200)
    .nullable(),
  pages: z.int().min(1),
  issuedAt: Instant,
})
export type ProofSlip = z.infer<typeof ProofSlip>

export const Slip = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('queue-ticket'), ticket: QueueTicket }),
  z.strictObject({ kind: z.literal('pickup-slip'), slip: PickupSlip }),
  z.strictObject({ kind: z.literal('feedback-slip'), slip: FeedbackSlip }),
  z.strictObject({ kind: z.literal('proof-slip'), slip: ProofSlip }),
])
export type Slip = z.infer<typeof Slip>
