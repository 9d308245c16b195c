/** What a hall's case system is asked over HTTP, for integrators (sync/hall/outside/case-system.openapi.json). */
import { z } from 'zod'
import { CaseNo } from '../../protocol/case-number.ts'
import { Case, CaseRun, PaperForm, PaperKind } from '../../protocol/cases.ts'
import { MAX_DOCUMENT_PAGES } from '../../protocol/documents.ts'
import { Instant } from '../../protocol/identifiers.ts'
import { documentOperation } from '../outside/documents.ts'
import { type Contract, MAX_JSON_ANSWER_BYTES, operation, Person, Reference } from '../outside/operation.ts'
import { COMPOUND_SURNAMES } from './masking.ts'

/** The device gives a search up after 10 s; it is to hear from the hall before that. */
const SEARCH_TIMEOUT_MS = 8_000
/** Nobody stands and waits for it: the province's outbox asks. */
export const FACTS_TIMEOUT_MS = 10_000
/** As a search: somebody stands before the locker. */
const PICKUP_TIMEOUT_MS = 8_000

/** A family name of one character, or a known one of two, and stars: 张*, 欧阳*. */
const MaskedName = z
  .string()
  .regex(new RegExp(`^(?:[^\\s*]|${COMPOUND_SURNAMES.join('|')})\\*{1,4}$`, 'u'))
  .describe('family name and a star, never the whole name: 张*')

const MaskedPhone = z
  .string()
  .regex(/^\d{3}\*{3,4}\d{4}$/)
  .describe('the first three and the last four digits: 139****0000')

const MaskedForm = PaperForm.extend({ applicantMasked: MaskedName, phoneMasked: MaskedPhone.nullable() })

const CaseFacts = z.object({
  ...Case.pick({
    caseNo: true,
    itemCode: true,
    itemName: true,
    kind: true,
    state: true,
    steps: true,
    acceptedAt: true,
    missing: true,
    reasons: true,
    remedy: true,
    contact: true,
    pickup: true,
  }).shape,
  clockFrom: Instant.nullable().describe(
    'since when the time limit runs; null while it stands still or has not begun',
  ),
  statutoryDays: z.int().min(1).max(1000).nullable().describe('working days by law'),
  promisedDays: z
    .int()
    .min(0)
    .max(1000)
    .describe('working days promised; the hall counts them by its calendar'),
  pausedDays: z
    .int()
    .min(0)
    .max(1000)
    .default(0)
    .describe('working days since clockFrom that do not count: hearing, survey, expert opinion'),
  overdueActor: z.string().min(1).max(100).describe('who has to act once the promised day has passed'),
  consentBySilence: z
    .boolean()
    .default(false)
    .describe('with the statutory limit gone, silence counts as consent (超时默认)'),
  applicantMasked: MaskedName,
  documents: z
    .array(
      z.object({
        reference: Reference,
        kind: PaperKind,
        title: z.string().min(1).max(100),
        pages: z.int().min(1).max(MAX_DOCUMENT_PAGES),
        form: MaskedForm.nullable().describe('what a form paper says; null for a PDF of the issuer'),
      }),
    )
    .max(50),
})
export type CaseFacts = z.infer<typeof CaseFacts>

export const searchOperation = operation({
  id: 'searchCases',
  method: 'POST',
  path: '/case-searches',
  summary: 'The cases of a receipt’s number, or of a person',
  description:
    'A person is matched by the number of the ID document alone. A receipt finds the case of that number and no other. Nothing found is an empty list.',
  body: z.discriminatedUnion('by', [
    z.object({ by: z.literal('receipt'), caseNo: CaseNo }),
    z.object({ by: z.literal('person'), person: Person }),
  ]),
  status: 200,
  answer: z.object({ cases: z.array(CaseFacts).max(500) }),
  oneByOne: 'cases',
  refusals: [],
  timeoutMs: SEARCH_TIMEOUT_MS,
  maxAnswerBytes: MAX_JSON_ANSWER_BYTES,
})

export const serviceFactsOperation = operation({
  id: 'serviceFacts',
  method: 'POST',
  path: '/service-facts',
  summary: 'What the province is told of a service before its rating',
  body: z.object({ caseNo: CaseNo, serviceNumber: z.int().min(1) }),
  status: 200,
  answer: z.object({
    itemCode: z.string().min(1).max(40),
    itemName: z.string().min(1).max(200),
    handleItem: z.string().max(40).nullable(),
    deptCode: z.string().min(1).max(40),
    areaCode: z.string().min(6).max(12),
    progress: z.enum(['to-be-accepted', 'accepted', 'done']),
    userProp: z
      .enum(['1', '2', '3', '4', '5', '6', '9'])
      .describe(
        '1 person, 2 company, 3 public body, 4 social organisation, 5 unincorporated, 6 office, 9 other',
      ),
    userName: z.string().min(1).max(128),
    idType: z.string().min(1).max(8),
    idNumber: z.string().min(1).max(64),
    mobile: z.string().max(32).nullable(),
    handleUserName: z.string().min(1).max(128),
    acceptedAt: Instant.nullable(),
    resultAt: Instant.nullable(),
    kind: CaseRun,
    promisedDays: z.int().min(0),
  }),
  refusals: [404],
  timeoutMs: FACTS_TIMEOUT_MS,
  maxAnswerBytes: MAX_JSON_ANSWER_BYTES,
})

export const paperOperation = documentOperation('The bytes of a paper that a search named')

export const collectOperation = operation({
  id: 'collect',
  method: 'POST',
  path: '/pickups',
  summary: 'Notes that a result was handed over, once',
  description:
    'The same Idempotency-Key again gets the same answer. Another key for a result that was handed over: 409 with code already-collected. A receipt where the case asks for the card: 409 with another code.',
  body: z.object({
    caseNo: CaseNo,
    by: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('receipt') }),
      z.object({ kind: z.literal('card'), person: Person }),
    ]),
  }),
  idempotent: true,
  status: 201,
  answer: z.object({ collectedAt: Instant, where: z.string().max(100) }),
  refusals: [404, 409],
  timeoutMs: PICKUP_TIMEOUT_MS,
  maxAnswerBytes: MAX_JSON_ANSWER_BYTES,
})

export const ALREADY_COLLECTED = 'already-collected'

export const caseSystemContract: Contract = {
  title: 'Window24: what a hall asks its case system',
  description:
    'Implemented by the case system, asked by the hall server. Whatever names a person travels in bodies. 404 and 409 carry a code and words; any other status than the one named counts as no answer.',
  operations: [searchOperation, serviceFactsOperation, paperOperation, collectOperation],
}
