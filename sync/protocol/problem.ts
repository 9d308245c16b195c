/** Problem details (RFC 9457) of both interfaces (PROTOCOLS.md §1.1, §2): codes are the contract, words are not. */
import { z } from 'zod'
import { Code } from './identifiers.ts'

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

const TYPE_PREFIX = 'urn:w24:problem:'

/** Every code with the status it goes with and its title. */
export const problems = {
  // signatures and devices (§1.1)
  'signature-missing': { status: 401, title: 'The request is not signed' },
  'signature-malformed': { status: 401, title: 'The signature is not of the agreed shape' },
  'signature-bad': { status: 401, title: 'The signature is wrong' },
  'digest-mismatch': { status: 401, title: 'The body is not the one that was signed' },
  'unknown-key': { status: 401, title: 'No device has this key' },
  clock: { status: 401, title: 'The clock of the device is too far off' },
  'query-not-allowed': { status: 400, title: 'A signed request has no query' },
  revoked: { status: 403, title: 'This device is no longer admitted' },
  'wrong-device': { status: 403, title: 'The path names another device than the signature' },
  'enrolment-code-bad': { status: 403, title: 'This enrolment code is not good, or no longer' },
  'technician-code-bad': { status: 403, title: 'This code is not good, or no longer' },
  'too-many-tries': { status: 429, title: 'Too many tries' },
  // records (§1.2, §1.3)
  'batch-malformed': { status: 400, title: 'The body is no batch of events' },
  'batch-not-consecutive': {
    status: 400,
    title: 'The events are not consecutive in one epoch of one device',
  },
  'batch-too-large': { status: 413, title: 'The batch is too large' },
  'encoding-unknown': { status: 415, title: 'This content encoding is not known' },
  'media-type': { status: 415, title: 'This media type is not taken here' },
  'chain-fork': { status: 409, title: 'Another event is stored at this sequence' },
  // sealed data (§1.2)
  'seal-malformed': { status: 400, title: 'The sealed data are not of the agreed kind' },
  'seal-unknown-key': { status: 400, title: 'Sealed for a key that is not in use' },
  'seal-broken': { status: 400, title: 'The sealed data cannot be opened' },
  'seal-purpose': { status: 403, title: 'Sealed for another purpose' },
  'seal-device': { status: 403, title: 'Sealed by another device' },
  'seal-repeated': { status: 409, title: 'These sealed data were used before' },
  'seal-too-old': { status: 403, title: 'Sealed too long ago' },
  // the rest of §1
  'body-invalid': { status: 400, title: 'The body breaks its schema' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'This method is not allowed here' },
  'too-many-requests': { status: 429, title: 'Too many requests of one sender' },
  'hall-busy': { status: 429, title: 'The hall has more to do than it can' },
  'body-too-slow': { status: 408, title: 'The body came too slowly' },
  'too-many-searches': { status: 429, title: 'Too many searches' },
  'case-system-down': { status: 503, title: 'The case system gives no answer' },
  'already-collected': { status: 409, title: 'The result was collected before' },
  'pickup-refused': { status: 403, title: 'The result is not handed over for this' },
  'proof-issuer-down': { status: 503, title: 'The issuer of proofs gives no answer' },
  'proof-refused': { status: 422, title: 'The issuer makes no such proof for this person' },
  'document-unavailable': { status: 503, title: 'The issuer of this paper gives no answer' },
  'document-unusable': { status: 502, title: 'The issuer’s paper cannot be used' },
  'outcome-unknown': { status: 503, title: 'Nobody knows yet whether it was done' },
  'queue-down': { status: 503, title: 'The queue system gives no answer' },
  'ticket-refused': { status: 409, title: 'No number is given for this' },
  'idempotency-key-missing': { status: 400, title: 'An Idempotency-Key is needed' },
  'idempotency-key-reused': { status: 422, title: 'This Idempotency-Key belongs to another request' },
  'no-pad': { status: 404, title: 'There is no pad at this window' },
  'pad-offline': { status: 409, title: 'The pad of this window cannot be reached' },
  'several-pads': { status: 409, title: 'Several pads have this window' },
  'store-unavailable': { status: 503, title: 'The hall can store or read nothing at the moment' },
  internal: { status: 500, title: 'Something went wrong here' },
  // the window interface (§2)
  'not-enrolled': { status: 503, title: 'This device is not in use yet' },
  unauthorized: { status: 401, title: 'A token is needed' },
  'origin-not-allowed': { status: 403, title: 'This token may not be used from this origin' },
  insecure: { status: 400, title: 'Personal data are taken over TLS or sealed only' },
  busy: { status: 409, title: 'Another question is open' },
  'already-rated': { status: 409, title: 'This service was rated before' },
  paused: { status: 409, title: 'The window is paused' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof problems

/** As received: a code that is not known here is still a problem, told by its words. */
export const Problem = z.looseObject({
  type: z.string().startsWith(TYPE_PREFIX),
  code: Code,
  title: z.string(),
  detail: z.string(),
})
export type Problem = z.infer<typeof Problem>

/**
 * The body of a problem; its status is `problems[code].status`.
 * @param detail what was wrong this time and what to do; nothing personal
 * @param members further members, such as `time` for `clock`
 */
export function problem(code: ProblemCode, detail: string, members: Record<string, unknown> = {}): Problem {
  return { ...members, type: TYPE_PREFIX + code, code, title: problems[code].title, detail }
}

/** A problem of this contract in a received body; null for anything else, such as a proxy's page. */
export function readProblem(contentType: string | null, body: Uint8Array): Problem | null {
  if (contentType?.split(';')[0]?.trim().toLowerCase() !== PROBLEM_MEDIA_TYPE) return null
  try {
    const parsed = Problem.safeParse(JSON.parse(new TextDecoder().decode(body)))
    return parsed.success && parsed.data.type === TYPE_PREFIX + parsed.data.code ? parsed.data : null
  } catch {
    return null
  }
}
