/** The pad: its pages and what can be done on them. */
import { z } from 'zod'
import type { Notice, Staff } from '../../../sync/protocol/content.ts'
import { type CommonState, id, Preferences } from './common.ts'

/** The names of the five levels; numbers only at the edges (DOMAIN.md §2). */
export const Level = z.enum([
  'very-satisfied',
  'satisfied',
  'fairly-satisfied',
  'dissatisfied',
  'very-dissatisfied',
])
export type Level = z.infer<typeof Level>

export type PadView =
  | { name: 'not-enrolled' }
  | { name: 'rest'; notices: Notice[]; servingTicketNo: string | null }
  | { name: 'paused'; message: string | null }
  /** `voice`: a keypad beside the screen asks aloud by itself; then the page is silent. */
  | {
      name: 'asking'
      evaluationId: string
      itemName: string
      voice: 'page' | 'keypad'
      anonymous: boolean
      closesAt: string
    }
  /** The same page after each of the five; it does not know which. */
  | {
      name: 'labels'
      evaluationId: string
      labels: { code: string; text: string }[]
      /** The codes that were touched so far: a page that is loaded anew shows them again. */
      chosen: string[]
      /** What is written so far; `writing`: the page to write on stands in the place of the labels. */
      words: string
      writing: boolean
      anonymous: boolean
      closesAt: string
    }
  | { name: 'thanks' }
  | { name: 'not-now' }
  /** The case was rated before: a friendly page. */
  | { name: 'already-rated' }

export interface PadState extends CommonState {
  role: 'pad'
  view: PadView
  /** `photo`: the address of their picture, where the hall has put one there. */
  staff: (Staff & { photo: string | null }) | null
}

const Labels = z.array(z.string().regex(/^\d{3}$/)).max(8)

/** In UTF-16 units. */
const WORDS_MAX = 500

/**
 * What a citizen writes: well-formed, and no control characters but the line break (PROTOCOLS.md §1.2), since nobody
 * who reads it later could see them.
 */
export const RatingWords = z
  .string()
  .max(WORDS_MAX, `more than ${WORDS_MAX} characters; say it in fewer`)
  .regex(/^[^\p{Cc}]*(?:\n[^\p{Cc}]*)*$/u, 'holds a control character other than the line break; take it out')
  .refine((text) => text.isWellFormed(), 'holds half a character; take it out')

export const PadAction = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('choose-level'), evaluationId: id, level: Level }),
  z.strictObject({ type: z.literal('set-anonymous'), evaluationId: id, anonymous: z.boolean() }),
  /** All labels that are chosen now; durable with the answer, so that no reload and no restart takes one back. */
  z.strictObject({ type: z.literal('set-labels'), evaluationId: id, labels: Labels }),
  z.strictObject({ type: z.literal('open-words'), evaluationId: id }),
  /** All of it, as it stands on the page now; durable with the answer like the labels. */
  z.strictObject({ type: z.literal('set-words'), evaluationId: id, words: RatingWords }),
  /** Back to the labels. */
  z.strictObject({ type: z.literal('close-words'), evaluationId: id, words: RatingWords }),
  z.strictObject({
    type: z.literal('finish'),
    evaluationId: id,
    labels: Labels,
    /** null: what was written so far. */
    comment: RatingWords.nullable(),
  }),
  z.strictObject({ type: z.literal('not-now'), evaluationId: id }),
  z.strictObject({ type: z.literal('touch') }),
  z.strictObject({ type: z.literal('prefer'), preferences: Preferences.partial() }),
])
export type PadAction = z.infer<typeof PadAction>
