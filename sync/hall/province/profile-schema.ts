/**
 * What one province's 好差评 platform wants (DOMAIN.md §2.1), as data. Whatever differs from province to province is
 * a field here, never an `if` in code.
 */
import { z } from 'zod'
import { type Placeholder, placeholders, placeholdersIn, TemplateValue } from './templates.ts'
import { recordValues } from './values.ts'

const Deadline = z.strictObject({
  days: z.int().min(1),
  /** Of the hall's calendar, or as they come. */
  counted: z.enum(['working', 'calendar']),
})
export type Deadline = z.infer<typeof Deadline>

const Wire = z.string().min(1)

/** One of the two records that a province takes. */
const RecordShape = z
  .strictObject({
    /** Behind the address in the settings; starts with a slash. */
    path: z.string().regex(/^\/[\w./-]*$/, 'a path such as /v1/rating'),
    /** What is sent, with {payload}, {signature}, {timestamp}, {nonce} and {appKey} where they stand. */
    body: TemplateValue,
    /** Each field on the wire, and the value that it takes. One value may stand in several fields. */
    fields: z.record(Wire, z.enum(recordValues)),
    /** Fields that are the same in every record. */
    constants: z.record(Wire, z.string()),
    /** Fields that are numbers in JSON; all others are texts. */
    numbers: z.array(Wire),
    /** Fields that are refused when empty. */
    required: z.array(Wire),
    /** Fields that are so where the case has been accepted: before that it has no such day. */
    requiredOnceAccepted: z.array(Wire),
    /** Characters that fit into a field. */
    lengths: z.record(Wire, z.int().min(1)),
  })
  .superRefine(({ body, fields, constants, numbers, required, requiredOnceAccepted, lengths }, context) => {
    const places = placeholdersIn(JSON.stringify(body))
    if (places?.filter((name) => name === 'payload').length !== 1)
      context.addIssue({ code: 'custom', path: ['body'], message: 'holds {payload} once' })
    if (places?.includes('secret') === true)
      context.addIssue({ code: 'custom', path: ['body'], message: 'a secret never travels' })
    const known = new Set([...Object.keys(fields), ...Object.keys(constants)])
    const check = (names: readonly string[], where: string): void => {
      for (const name of names.filter((candidate) => !known.has(candidate)))
        context.addIssue({ code: 'custom', path: [where, name], message: 'is no field and no constant here' })
    }
    check(numbers, 'numbers')
    check(required, 'required')
    check(requiredOnceAccepted, 'requiredOnceAccepted')
    check(Object.keys(lengths), 'lengths')
    for (const name of Object.keys(constants).filter((candidate) => candidate in fields))
      context.addIssue({ code: 'custom', path: ['constants', name], message: 'is a field as well' })
  })
export type RecordShape = z.infer<typeof RecordShape>

/** Whether each of our own has a code of its own, so that it can be read back. */
const oneToOne = (codes: Readonly<Record<string, string>>): boolean =>
  new Set(Object.values(codes)).size === Object.keys(codes).length

const Codes = z.strictObject({
  /** Some count 1 as best, some from 0 to 4: every level has its own code here. */
  level: z
    .strictObject({ 1: Wire, 2: Wire, 3: Wire, 4: Wire, 5: Wire })
    .refine(oneToOne, 'two levels have one code'),
  /** 评价渠道. A keypad at a window is the window's. */
  channel: z.strictObject({ pad: Wire, terminal: Wire, keypad: Wire }),
  caseState: z
    .strictObject({ 'to-be-accepted': Wire, accepted: Wire, done: Wire })
    .refine(oneToOne, 'two states have one code'),
  caseKind: z.strictObject({ immediate: Wire, promised: Wire, joint: Wire }),
  /** By the nation's userProp: 1 person, 2 company, 3 public body, 4 social organisation, 5 unincorporated, 6 office, 9 other. */
  userType: z.strictObject({ 1: Wire, 2: Wire, 3: Wire, 4: Wire, 5: Wire, 6: Wire, 9: Wire }),
  /** By GA/T 517; a type that is not named goes as it is. */
  idType: z.record(z.string(), Wire),
})

const text = z.string().refine((over) => placeholdersIn(over) !== null, {
  error: `braces hold one of ${placeholders.join(', ')}`,
})

const names = (over: string, wanted: Placeholder): boolean => placeholdersIn(over)?.includes(wanted) === true

const Encoding = z.enum(['hex', 'base64'])

/** Over which text a request is signed, and how the signature is written. */
const Signing = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('hmac-sha256'), over: text, encoding: Encoding }),
  /** SM3 (GB/T 32905) of a text that holds the secret. */
  z.strictObject({
    kind: z.literal('sm3'),
    over: text.refine((over) => names(over, 'secret'), 'a digest without {secret} signs nothing'),
    encoding: Encoding,
  }),
  /** HMAC with SM3. */
  z.strictObject({ kind: z.literal('hmac-sm3'), over: text, encoding: Encoding }),
  /** SM2 over SM3 (GB/T 32918.2), r and s one after the other or as DER. */
  z.strictObject({
    kind: z.literal('sm2'),
    over: text,
    encoding: Encoding,
    der: z.boolean(),
    /** Signers without a name of their own use 1234567812345678 (GM/T 0009 §10). */
    userId: z.string().min(1),
  }),
])
export type Signing = z.infer<typeof Signing>

/** SM4 (GB/T 32907) with PKCS #7. In `sm4-cbc` the random 16 bytes of the IV stand before the rest. */
const Encryption = z.strictObject({ kind: z.enum(['sm4-cbc', 'sm4-ecb']), encoding: Encoding })
export type Encryption = z.infer<typeof Encryption>

const Envelope = z.strictObject({
  format: z.enum(['json', 'form']),
  headers: z.record(z.string().regex(/^[A-Za-z][A-Za-z-]*$/), text),
  /** The record itself, or its JSON as a text within the body. */
  payload: z.enum(['object', 'text']),
  /** In a list of one: such a platform answers once for the whole list, so that only one can be told about. */
  list: z.boolean(),
  /** Since 1970, or y M d H m s of China's time. */
  timestamp: z.union([z.enum(['unix-seconds', 'unix-milliseconds']), z.string().regex(/y.*M.*d.*H.*m.*s/)]),
  /** How far the request's time may be from the province's clock. */
  windowSeconds: z.int().min(1),
})
export type Envelope = z.infer<typeof Envelope>

export const answerMeanings = [
  'taken',
  'already-there', // this key is stored; whether by us is for the queue to know
  'service-missing', // its service record is to be sent first
  'refused', // this record will never be taken as it is
  'again', // busy, in maintenance: nothing was stored
  'clock', // the request's time is too far from the province's
  'unauthorised', // signature, key or address: no record's fault
  'unclear', // words that this profile does not know: it may have been stored, or not
] as const
export type AnswerMeaning = (typeof answerMeanings)[number]

const AnswerRule = z.strictObject({
  /** Values at paths such as `status/code`, compared as texts; all of them hold. */
  where: z.record(Wire, z.string()).refine((where) => Object.keys(where).length > 0, 'would match anything'),
  /** One of them stands somewhere in the message as well, where one code means several things. */
  words: z.array(z.string().min(2)).min(1).optional(),
  /** HTTP statuses, besides 2xx, with which this is the platform itself and no door before it. */
  statuses: z.array(z.int().min(400).max(499)).optional(),
  means: z.enum(answerMeanings),
})
export type AnswerRule = z.infer<typeof AnswerRule>

const Answers = z.strictObject({
  /** Where the province says in words what it thinks. */
  message: Wire,
  /** What may be shown of those words, besides fields' names and what rules look for; all the rest may be a citizen's. */
  phrases: z.array(z.string().min(2)),
  /** The first that holds counts; where none does, the outcome is not known. */
  rules: z
    .array(AnswerRule)
    .refine((rules) => answerMeanings.every((means) => rules.some((rule) => rule.means === means)), {
      error: `every meaning has a rule: ${answerMeanings.join(', ')}`,
    }),
})

const isFlat = (body: TemplateValue): boolean =>
  typeof body === 'object' &&
  !Array.isArray(body) &&
  Object.values(body).every((value) => typeof value === 'string')

export const ProvinceProfile = z
  .strictObject({
    title: z.string().min(2),
    /** Where each part was read, and what is only assumed until a hall has tried it. */
    source: z.string().min(10),
    service: RecordShape,
    rating: RecordShape,
    codes: Codes,
    /** What stands where nothing is known, or an anonymous rater is not named. */
    defaults: z.partialRecord(z.enum(recordValues), z.string()),
    /**
     * When a case was accepted is for the case system to say. Where it says nothing: the time at which the rating was
     * asked for is told in its place, and the report is marked so; or the report is held until it says.
     */
    acceptedWhenUnknown: z.enum(['as-asked', 'held']),
    /** y M d H m s stand for the parts of China's time. */
    timeFormat: z.string().regex(/y.*M.*d.*H.*m.*s/),
    labelSeparator: z.string().min(1),
    /** By what two ratings are one and the same to the province. */
    key: z.enum(['case-and-assessment', 'service-and-assessment']),
    envelope: Envelope,
    signing: Signing,
    encryption: Encryption.nullable(),
    answers: Answers,
    delivery: z.strictObject({
      perSecond: z.int().min(1),
      /** Requests under way at once, of different cases. */
      atOnce: z.int().min(1).max(64),
      /** For one whole answer. */
      deadlineSeconds: z.int().min(1).max(60),
    }),
    /** Levels below this one are refused without a label or words. */
    reasonWantedBelow: z.int().min(1).max(5),
    /** A second rating is taken after a first one below this level only. */
    followUpBelow: z.int().min(1).max(6),
    callBack: Deadline,
    putRight: Deadline,
  })
  .superRefine(({ encryption, envelope, service, rating }, context) => {
    const textWanted = encryption !== null || envelope.format === 'form'
    if (textWanted && envelope.payload === 'object')
      context.addIssue({
        code: 'custom',
        path: ['envelope', 'payload'],
        message: 'what is encrypted or in a form is a text',
      })
    if (Object.values(envelope.headers).some((template) => names(template, 'secret')))
      context.addIssue({ code: 'custom', path: ['envelope', 'headers'], message: 'a secret never travels' })
    for (const [name, { fields, body }] of Object.entries({ service, rating })) {
      if (!Object.values(fields).includes('caseNo'))
        context.addIssue({ code: 'custom', path: [name, 'fields'], message: 'names no case' })
      if (envelope.format === 'form' && !isFlat(body))
        context.addIssue({ code: 'custom', path: [name, 'body'], message: 'a form is one level of texts' })
    }
    for (const value of ['level', 'assessNumber'] as const)
      if (!Object.values(rating.fields).includes(value))
        context.addIssue({ code: 'custom', path: ['rating', 'fields'], message: `holds no ${value}` })
  })
export type ProvinceProfile = z.infer<typeof ProvinceProfile>
