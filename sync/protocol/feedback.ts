/**
 * What citizens leave at a terminal (DOMAIN.md §3.2): a matter that could not be done (办不成事), a complaint, a
 * request. What was said, and by whom, is sealed. So are a complaint's window, item and day: whoever is complained
 * about may see the list.
 */
import { z } from 'zod'
import { ClockState, Sealed } from './event-parts.ts'
import { FeedbackCode } from './feedback-code.ts'
import { Instant } from './identifiers.ts'

/** 不予受理、不予批准、来回多跑、态度或不作为 */
export const ReportGround = z.enum(['not-accepted', 'not-approved', 'again-and-again', 'attitude'])
export type ReportGround = z.infer<typeof ReportGround>

/** 超过承诺时间、违反程序、违反事项规定、对窗口处理有异议、索要好处、质量或态度 */
export const ComplaintGround = z.enum(['over-time', 'procedure', 'rules', 'handling', 'favours', 'quality'])
export type ComplaintGround = z.infer<typeof ComplaintGround>

/** 咨询、帮代办、上门服务、预约 */
export const RequestKind = z.enum(['question', 'agent', 'home-visit', 'appointment'])
export type RequestKind = z.infer<typeof RequestKind>

export const FeedbackKind = z.enum(['report', 'complaint', 'request'])
export type FeedbackKind = z.infer<typeof FeedbackKind>

export type FeedbackGround = ReportGround | ComplaintGround | RequestKind

/** What is said by a touch, for each ground; the words of a citizen stand beside it. */
export const reasonsOf = {
  'not-accepted': ['told-in-parts', 'extra-material', 'not-here', 'system', 'no-reason'],
  'not-approved': ['no-written-answer', 'reason-unclear', 'rule-unclear', 'meets-conditions', 'no-reason'],
  'again-and-again': ['told-in-parts', 'between-offices', 'nobody-there', 'system', 'each-differs'],
  attitude: ['rude', 'ignored', 'pushed-away', 'nobody-there', 'slow'],
  'over-time': ['past-promise', 'no-date', 'queue-too-long', 'slow'],
  procedure: ['steps-added', 'no-receipt', 'told-in-parts', 'out-of-turn'],
  rules: ['extra-material', 'extra-fee', 'condition-added', 'rule-unclear'],
  handling: ['wrong-record', 'wrong-result', 'wrongly-refused', 'lost-papers'],
  favours: ['asked-for-money', 'forced-agent', 'hinted'],
  quality: ['rude', 'ignored', 'nobody-there', 'unskilled', 'leaked'],
  question: ['what-to-bring', 'where', 'how-long', 'what-fee', 'how-far', 'online', 'rule-unclear'],
  agent: ['fill-in', 'copies', 'errands', 'collect', 'start-business'],
  'home-visit': ['elderly', 'disabled', 'ill', 'caring'],
  appointment: ['companion', 'wheelchair', 'sign-language', 'many-cases'],
} as const satisfies Record<FeedbackGround, readonly string[]>
export type FeedbackReason = (typeof reasonsOf)[FeedbackGround][number]

const allReasons = [...new Set(Object.values(reasonsOf).flat())] as [FeedbackReason, ...FeedbackReason[]]
export const FeedbackReason = z.enum(allReasons)

/** The hall's own name of an item. */
export const FeedbackItem = z.strictObject({
  itemCode: z.string().regex(/^[0-9A-Za-z]{1,33}$/),
  itemName: z.string().min(1).max(200),
})
export type FeedbackItem = z.infer<typeof FeedbackItem>

/** An office as the hall's windows name it; `window` null where nobody knows its number. */
export const FeedbackPlace = z.strictObject({
  office: z.string().min(1).max(100),
  window: z.string().max(32).nullable(),
})
export type FeedbackPlace = z.infer<typeof FeedbackPlace>

/** The day of what is complained about: a day, before the days that are offered, or not known any more. */
export const FeedbackDay = z.union([z.iso.date(), z.enum(['earlier', 'unknown'])])
export type FeedbackDay = z.infer<typeof FeedbackDay>

/** When somebody wants to come or be met: a span of the hall's hours, `HH:MM`. */
export const FeedbackSlot = z.strictObject({
  day: z.iso.date(),
  opens: z.string().regex(/^\d{2}:\d{2}$/),
  closes: z.string().regex(/^\d{2}:\d{2}$/),
})
export type FeedbackSlot = z.infer<typeof FeedbackSlot>

/** In UTF-16 units, as `max` of the schemas counts: a page of a letter, and 1.5 kB once it is sealed. */
export const FEEDBACK_WORDS_MAX = 500
const REASONS_MAX = 8

/** The sealed text is this as JSON: the place and day of a complaint, and what was said. */
export const Said = z.strictObject({
  item: FeedbackItem.nullable(),
  place: FeedbackPlace.nullable(),
  day: FeedbackDay.nullable(),
  reasons: z.array(FeedbackReason).max(REASONS_MAX),
  words: z.string().max(FEEDBACK_WORDS_MAX),
})
export type Said = z.infer<typeof Said>

const kept = {
  /** What the citizen asks by. */
  code: FeedbackCode,
  keptAt: Instant,
  /** The day of the answer by the hall's calendar, as it stands on the citizen's slip. */
  answerBy: z.iso.date(),
  /** Counted through a year whose holidays are not published yet. */
  provisional: z.boolean(),
  /** `Said`; null where nothing was said beyond what stands here. */
  said: Sealed.nullable(),
  /** The contact; null where none was left. */
  user: Sealed.nullable(),
  clock: ClockState,
}

export const Report = z.strictObject({
  ...kept,
  ground: ReportGround,
  /** By how much is to be set right: now, by one office, by several (sync/protocol/report-limits.ts). */
  pace: z.enum(['now', 'ordinary', 'several-offices']),
  item: FeedbackItem.nullable(),
  place: FeedbackPlace.nullable(),
})

export const Complaint = z
  .strictObject({ ...kept, ground: ComplaintGround, named: z.boolean() })
  .refine(({ named, user }) => named === (user !== null), {
    path: ['user'],
    message: 'somebody is named exactly where the complaint says so',
  })

export const Request = z.strictObject({
  ...kept,
  kind: RequestKind,
  item: FeedbackItem.nullable(),
  slot: FeedbackSlot.nullable(),
  /** The office that answers for it whoever else is needed (首问责任), as the slip names it. */
  firstAsked: z.string().min(1).max(100),
})
