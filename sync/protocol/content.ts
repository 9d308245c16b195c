/**
 * What the hall hands out to its devices (PROTOCOLS.md §1.4, `GET /v1/content`): one schema for each
 * content kind. An item travels as UTF-8 JSON and is named by the SHA-256 of its bytes.
 */
import { z } from 'zod'
import { ProofOffers } from './proofs.ts'
import { BusinessTypes } from './queue.ts'
import { StaffPinHash } from './staff-pin.ts'

/** Where a citizen stands in life when the matter comes up; the first way to browse guides. */
export const LifeEvent = z.enum([
  'birth', // 出生
  'education', // 入学
  'work', // 就业
  'marriage', // 婚姻
  'home', // 住房
  'business', // 开办企业
  'tax', // 办税
  'health', // 医疗
  'moving', // 户口与居住
  'travel', // 出行证照
  'retirement', // 退休
  'support', // 扶助
  'farewell', // 身后事
])
export type LifeEvent = z.infer<typeof LifeEvent>

/** 即办件, 承诺件, 联办件 */
export const CaseKind = z.enum(['immediate', 'promised', 'joint'])
export type CaseKind = z.infer<typeof CaseKind>

export const Material = z.strictObject({
  name: z.string().min(1),
  originals: z.int().min(0),
  copies: z.int().min(0),
  /** Who provides it. */
  source: z.enum(['applicant', 'office', 'form', 'shared-data']),
  /** 容缺: may follow later on a written promise. */
  mayFollow: z.boolean(),
  note: z.string().nullable(),
})
export type Material = z.infer<typeof Material>

export const GuideStep = z.strictObject({
  name: z.string().min(1),
  what: z.string().min(1),
  /** Working days this step takes at most; null where it is done on the spot. */
  workingDays: z.int().min(0).nullable(),
})

/** 办事指南: all that a citizen needs to know of one item (DOMAIN.md §3). */
export const Guide = z.strictObject({
  /** 实施编码, 31 characters: 18 of the office (unified social credit code) + 13. */
  itemCode: z.string().regex(/^[0-9A-Z]{31}$/),
  /** 基本编码 of the national catalogue. */
  baseCode: z.string().regex(/^[0-9]{12}$/),
  name: z.string().min(2).max(40),
  nameEnglish: z.string().min(2).max(80),
  /** First letters in Pinyin of the name, capitals: 居民身份证申领 → JMSFZSL. */
  initials: z.string().regex(/^[A-Z0-9]+$/),
  office: z.string().min(2),
  lifeEvents: z.array(LifeEvent).min(1),
  kind: CaseKind,
  audience: z.array(z.enum(['person', 'company'])).min(1),
  legalBasis: z.array(z.strictObject({ title: z.string().min(2), clause: z.string().min(1) })).min(1),
  conditions: z.array(z.string().min(2)).min(1),
  materials: z.array(Material).min(1),
  steps: z.array(GuideStep).min(2),
  /** 法定办结时限, working days; null where the law sets none. */
  statutoryWorkingDays: z.int().min(1).nullable(),
  /** 承诺办结时限, working days; 0 = done at the window at once. */
  promisedWorkingDays: z.int().min(0),
  result: z.string().min(1),
  fee: z.strictObject({ amount: z.string().min(1), basis: z.string().min(1) }),
  /** Who it is for, in a sentence. */
  forWhom: z.string().min(2),
  applyBy: z.array(z.enum(['window', 'terminal', 'online', 'post'])).min(1),
  place: z.string().min(2),
  hours: z.string().min(2),
  questionPhone: z.string().min(3),
  complaintPhone: z.string().min(3),
  faq: z.array(z.strictObject({ question: z.string().min(2), answer: z.string().min(2) })).min(1),
  version: z.string().regex(/^\d{4}\.\d{2}$/),
})
export type Guide = z.infer<typeof Guide>

/** Forms of more pages are books; the device's paper tray is everybody's. */
export const FORM_PAGES_MAX = 20
/** A form scanned instead of typeset has some hundred kB a page. */
export const FORM_BYTES_MAX = 4 * 1024 * 1024

export const FORM_MEDIA_TYPE = 'application/pdf'

/**
 * 空白表格: a form to be filled in, and the items that ask for it. It is told by an item of JSON; its PDF is an item of
 * the same kind beside it, of media type `application/pdf`.
 */
export const BlankForm = z.strictObject({
  title: z.string().min(2).max(60),
  titleEnglish: z.string().min(2).max(120),
  itemCodes: z.array(Guide.shape.itemCode).min(1),
  /** Of the PDF. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  pages: z.int().min(1).max(FORM_PAGES_MAX),
})
export type BlankForm = z.infer<typeof BlankForm>

export const Staff = z.strictObject({
  staffId: z.string().regex(/^[A-Z0-9]{2,12}$/),
  name: z.string().min(2),
  post: z.string().min(2),
  window: z.string().min(1),
  stars: z.int().min(0).max(5).nullable(),
  partyBadge: z.boolean(),
})
export type Staff = z.infer<typeof Staff>

/** As the hall hands it out: with the hash of the PIN they sign in with at their pad, which no page is told. */
export const StaffItem = Staff.extend({ pin: StaffPinHash.optional() })
export type StaffItem = z.infer<typeof StaffItem>

export const Notice = z.strictObject({
  id: z.string().min(1),
  title: z.string().min(2).max(30),
  text: z.string().min(2).max(200),
  titleEnglish: z.string().min(2).max(60),
  textEnglish: z.string().min(2).max(400),
  from: z.iso.date(),
  until: z.iso.date().nullable(),
})
export type Notice = z.infer<typeof Notice>

const OpeningHours = z.strictObject({
  /** ISO weekday, 1 = Monday. */
  weekdays: z.array(z.int().min(1).max(7)).min(1),
  opens: z.string().regex(/^\d{2}:\d{2}$/),
  closes: z.string().regex(/^\d{2}:\d{2}$/),
})

/** The hall itself: what every dead end on a screen can name. */
export const Hall = z.strictObject({
  name: z.string().min(2),
  nameEnglish: z.string().min(2),
  area: z.string().min(2),
  areaEnglish: z.string().min(2),
  address: z.string().min(2),
  hours: z.array(OpeningHours).min(1),
  /** Answered day and night. */
  helpPhone: z.string().min(3),
  helpPhoneNote: z.string().min(2),
  helpPhoneNoteEnglish: z.string().min(2),
  disciplinePhone: z.string().min(3),
  windows: z.array(
    z.strictObject({
      window: z.string().min(1),
      name: z.string().min(2),
      nameEnglish: z.string().min(2),
      floor: z.string().min(1),
      phone: z.string().min(3),
    }),
  ),
})
export type Hall = z.infer<typeof Hall>

/** Holidays and shifted working days (调休) of the hall's calendar. */
export const Calendar = z.strictObject({
  year: z.int(),
  holidays: z.array(z.iso.date()),
  workingWeekends: z.array(z.iso.date()),
  /** The law's holidays alone: the year's arrangement with its shifted days is not published yet. */
  provisional: z.boolean().optional(),
})
export type Calendar = z.infer<typeof Calendar>

/** The label dictionary of the nation, one file a version, never edited in place (DOMAIN.md §2). */
export const Dictionary = z.strictObject({
  version: z.string().min(1),
  levels: z
    .array(
      z.strictObject({
        level: z.int().min(1).max(5),
        labels: z
          .array(z.strictObject({ code: z.string().regex(/^\d{3}$/), text: z.string().min(2) }))
          .min(3),
      }),
    )
    .length(5),
})
export type Dictionary = z.infer<typeof Dictionary>

/** Every kind a device can take, with the schema of its bytes. Kinds not yet known here are left alone. */
export const contentKinds = {
  guide: Guide,
  form: BlankForm,
  staff: StaffItem,
  notice: Notice,
  hall: Hall,
  calendar: Calendar,
  dictionary: Dictionary,
  'business-types': BusinessTypes,
  proofs: ProofOffers,
} as const
export type ContentKind = keyof typeof contentKinds

export const ContentManifest = z.object({
  version: z.string().min(1),
  items: z.array(
    z.object({
      name: z.string().min(1),
      kind: z.string().min(1),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      size: z.int().min(0),
      mediaType: z.string().min(1),
    }),
  ),
})
export type ContentManifest = z.infer<typeof ContentManifest>
