/** One thing that an outside system is asked, by the small REST contract that this product sets integrators. */
import { z } from 'zod'
import { Code } from '../../protocol/identifiers.ts'

export type Bytes = 'application/pdf'

export interface Operation<S extends z.ZodType | Bytes = z.ZodType | Bytes> {
  id: string
  method: 'GET' | 'POST'
  /** Fixed: whatever is asked travels in the body, so that no access log ever holds a person's number. */
  path: string
  summary: string
  description?: string
  body?: z.ZodType
  /** The request has an Idempotency-Key: the same key again is the same errand, with the same answer. */
  idempotent?: boolean
  status: 200 | 201
  /** What it answers: a schema, or a paper's bytes. */
  answer: S
  /**
   * The answer's list whose members are checked one by one: one that breaks its schema is left out and told to
   * technicians, for a single odd record must hide none of the others.
   */
  oneByOne?: string
  /** Which refusals it may give beside those that every operation may. */
  refusals: readonly (404 | 409 | 422)[]
  /** From sending to the last byte of the answer. */
  timeoutMs: number
  maxAnswerBytes: number
}

export function operation<S extends z.ZodType | Bytes>(one: Operation<S>): Operation<S> {
  return one
}

/** With 404, 409 and 422. Without it those statuses are a wrong address or a proxy's page, and no answer. */
export const RefusalBody = z.object({
  code: Code.describe('for machines: lower-case letters, digits and hyphens'),
  words: z.string().min(1).max(200).describe('for the citizen, in Chinese; names nobody'),
})

export interface Contract {
  title: string
  description: string
  operations: readonly Operation[]
}

/** Of a paper that is longer than its operation takes: said for the system, which is well all the same. */
export const TOO_LARGE = 'too-large'

/** An answer in JSON: a person has a few cases, each with a few papers' words. */
export const MAX_JSON_ANSWER_BYTES = 2 * 1024 * 1024

/** Opaque to this hall; short enough to be stored with a handle. */
export const Reference = z.string().min(1).max(512).describe('opaque; names nobody')

/** GA/T 517: a resident's identity card, unless the reader says otherwise. */
export const ID_CARD = '111'

/** As read from the card. */
export const Person = z.object({
  name: z.string().min(1).max(128).optional(),
  idType: z.string().max(8).describe('GA/T 517: 111 resident identity card, 553, 990'),
  idNumber: z.string().min(1).max(64),
})
