/** Rating at a terminal: a case by its receipt or its owner's card, or what the terminal has just done. */
import { z } from 'zod'
import type { OpenRating } from '../../../sync/protocol/cases.ts'
import { id } from './common.ts'
import { Level, RatingWords } from './pad.ts'

/** Its own service has no case. */
export type RatingAbout =
  | { kind: 'service' }
  /** `followUp`: it was rated before, badly, and may be rated this once more. */
  | { kind: 'case'; itemName: string; followUp: boolean }

export type RatingView =
  | {
      name: 'rate-present'
      accepts: ('card' | 'code')[]
      /** Without the hall nobody knows what a receipt is about: that waits for the line. */
      online: boolean
      /** The terminal's own service can still be rated in this session. */
      service: boolean
      problem: 'unreadable-card' | 'card-number-wrong' | 'code-too-long' | 'code-not-text' | null
    }
  | {
      name: 'rate-cases'
      personMasked: string
      cases: { caseNo: string; itemName: string; acceptedAt: string | null; open: OpenRating }[]
    }
  /** Five equal choices; `notKept`: the last touch could not be written, and changed nothing. */
  | { name: 'rate'; about: RatingAbout; anonymous: boolean; notKept: boolean }
  /** The same page after each of the five; it does not know which. */
  | {
      name: 'rate-labels'
      labels: { code: string; text: string }[]
      chosen: string[]
      words: string
      anonymous: boolean
      notKept: boolean
    }
  | { name: 'rate-words'; words: string }
  | { name: 'rate-thanks' }
  /** One rating for each: a friendly page. */
  | { name: 'rated-before'; about: RatingAbout }

const Labels = z.array(z.string().regex(/^\d{3}$/)).max(8)

export const ratingActions = [
  /** From the menu of what citizens leave. */
  z.strictObject({ type: z.literal('open-rating') }),
  z.strictObject({ type: z.literal('rate-service') }),
  /** null: the case that the page shows. */
  z.strictObject({ type: z.literal('rate-case'), caseNo: id.nullable() }),
  z.strictObject({ type: z.literal('choose-rating'), level: Level }),
  z.strictObject({ type: z.literal('set-rating-anonymous'), anonymous: z.boolean() }),
  /** All labels that are chosen now; durable with the answer. */
  z.strictObject({ type: z.literal('set-rating-labels'), labels: Labels }),
  z.strictObject({ type: z.literal('open-rating-words') }),
  /** All of it, as it stands on the page now: what is typed survives a page that is loaded anew. */
  z.strictObject({ type: z.literal('say-rating-words'), words: RatingWords }),
  z.strictObject({ type: z.literal('finish-rating-words'), words: RatingWords }),
  z.strictObject({ type: z.literal('finish-rating'), labels: Labels }),
  z.strictObject({ type: z.literal('not-now') }),
] as const
