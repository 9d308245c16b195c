/** What a device learns of cases from its hall (PROTOCOLS.md §1.4, `POST /v1/case-searches`). */
import { z } from 'zod'

/** How a case runs: 即办件, 承诺件, 联办件. */
export const CaseRun = z.enum(['immediate', 'promised', 'joint'])

export const CaseState = z.enum([
  'received', // 已收件, not yet accepted
  'supplement', // 待补正: accepted while minor material is missing
  'accepted', // 已受理
  'in-review', // 审查中
  'special-procedure', // 特别程序 (survey, hearing, expert opinion): the clock stands still
  'returned', // 已退回
  'not-accepted', // 不予受理
  'approved', // 准予, result being made
  'refused', // 不予许可
  'ready', // 已办结, result waits to be fetched
  'collected', // 已取件
  'withdrawn', // 申请人撤回
])
export type CaseState = z.infer<typeof CaseState>

/**
 * Which rating of a case is still to be had (DOMAIN.md §2): its first, the one follow-up after a bad one that was
 * handled, or none. By a receipt, which lies about, a follow-up is none: it would tell how the first one was.
 */
export const OpenRating = z.enum(['first', 'follow-up', 'none'])
export type OpenRating = z.infer<typeof OpenRating>

/** An instant with offset, RFC 3339. */
const Instant = z.iso.datetime({ offset: true })

/** The papers of DOMAIN.md §3 that a case can bring forth. */
export const PaperKind = z.enum(['receipt', 'acceptance', 'supplement', 'return', 'not-accepted', 'result'])
export type PaperKind = z.infer<typeof PaperKind>

/**
 * What a form paper says, masked as it goes on paper. The device lays it out; the hall decides the words.
 * `null` form = the paper is a PDF of the issuer, fetched by its handle.
 */
export const PaperForm = z.strictObject({
  title: z.string(),
  /** 文书编号; null for receipts. */
  documentNumber: z.string().nullable(),
  caseNo: z.string(),
  itemName: z.string(),
  applicantMasked: z.string(),
  phoneMasked: z.string().nullable(),
  office: z.string(),
  /** Plain paragraphs, in order: what is stated, required, by when, on what basis. */
  statements: z.array(z.string()),
  materials: z.array(z.strictObject({ name: z.string(), source: z.string() })),
  legalBasis: z.array(z.string()),
  issuedAt: Instant,
  issuedBy: z.string(),
  questionPhone: z.string(),
  /** Where to object or appeal; null where the paper decides nothing. */
  objection: z.string().nullable(),
})
export type PaperForm = z.infer<typeof PaperForm>

export const CaseDocument = z.object({
  /** 128 random bits, base64url; for this device, for 10 minutes. */
  handle: z.string(),
  kind: PaperKind,
  title: z.string(),
  pages: z.int().min(1),
  form: PaperForm.nullable(),
})
export type CaseDocument = z.infer<typeof CaseDocument>

export const PickupPlace = z.enum(['window', 'locker'])
export type PickupPlace = z.infer<typeof PickupPlace>

export const Case = z.object({
  caseNo: z.string().regex(/^[0-9A-Za-z]{1,50}$/),
  itemCode: z.string(),
  itemName: z.string(),
  kind: CaseRun,
  state: CaseState,
  /** In order of time; `at` null = still to come. */
  steps: z.array(z.object({ name: z.string(), at: Instant.nullable(), who: z.string() })),
  acceptedAt: Instant.nullable(),
  statutoryDays: z.int().nullable(),
  /** The promised day of completion, counted in working days. */
  promisedBy: z.iso.date().nullable(),
  /** Since when the time limit runs; null while it stands still or has not begun. */
  clockFrom: Instant.nullable(),
  overdue: z.boolean(),
  /** Once overdue: who must act now, and since when silence counts as consent (超时默认), where the item says so. */
  whenOverdue: z.object({ actor: z.string(), consentedSince: z.iso.date().nullable() }).nullable().optional(),
  /** True where the limit runs into a year whose calendar is not published yet: the day may still move. */
  promisedByProvisional: z.boolean().optional(),
  missing: z.array(z.object({ material: z.string(), reason: z.string() })),
  /** Why it was returned, not accepted or refused. */
  reasons: z.array(z.string()),
  /** What would make it acceptable, or where to object. */
  remedy: z.string().nullable(),
  contact: z.object({ name: z.string(), window: z.string(), phone: z.string() }),
  applicantMasked: z.string(),
  documents: z.array(CaseDocument),
  /** Absent where the hall does not know: it reports to no province. */
  openRating: OpenRating.optional(),
  pickup: z
    .object({
      state: z.enum(['waiting', 'collected']),
      where: z.string(),
      needs: z.string(),
      /** Who hands it over: a locker, by the hall's word to it; staff, also where nothing is said. */
      at: PickupPlace.optional(),
    })
    .nullable(),
})
export type Case = z.infer<typeof Case>

export const CaseSearchRequest = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('receipt'), value: z.string().regex(/^[0-9A-Za-z]{1,50}$/) }),
  /** A JWE sealed for purpose `search`. */
  z.strictObject({ by: z.literal('card'), user: z.string().max(8192) }),
])
export type CaseSearchRequest = z.infer<typeof CaseSearchRequest>

export const CaseSearchAnswer = z.object({ cases: z.array(Case) })
export type CaseSearchAnswer = z.infer<typeof CaseSearchAnswer>
