/** What citizens leave at a terminal: a matter that could not be done, a complaint, a request (DOMAIN.md §3.2). */
import { z } from 'zod'
import type { LifeEvent } from '../../../sync/protocol/content.ts'
import {
  ComplaintGround,
  FEEDBACK_WORDS_MAX,
  FeedbackDay,
  type FeedbackGround,
  FeedbackKind,
  FeedbackReason,
  type FeedbackSlot,
  ReportGround,
  RequestKind,
} from '../../../sync/protocol/feedback.ts'
import type { AnswerDay } from '../../../sync/protocol/feedback-days.ts'
import { id } from './common.ts'
import { GUIDE_QUERY_MAX } from './guides.ts'
import type { SlipView } from './printing.ts'

export type { FeedbackGround, FeedbackKind, FeedbackReason, FeedbackSlot }

/** The rows of the form; which of them there are depends on what is left. */
export const FeedbackField = z.enum(['ground', 'item', 'place', 'day', 'slot', 'said', 'contact'])
export type FeedbackField = z.infer<typeof FeedbackField>

export interface FeedbackItemView {
  itemCode: string
  name: string
  nameEnglish: string
}

/** An office as the hall's windows name it; `window` null where nobody knows its number. */
export interface FeedbackPlaceView {
  office: string
  officeEnglish: string
  window: string | null
}

export interface FeedbackOffice {
  office: string
  officeEnglish: string
  floor: string
  windows: string[]
}

/** What has been said so far, as it is looked through before it is kept. */
export interface FeedbackForm {
  kind: FeedbackKind
  ground: FeedbackGround
  fields: FeedbackField[]
  /** What has still to be said before it can be kept; the first is asked for next. */
  lacks: FeedbackField[]
  /** `unknown`: the citizen has said so. */
  item: FeedbackItemView | 'unknown' | null
  place: FeedbackPlaceView | 'unknown' | null
  day: FeedbackDay | null
  slot: FeedbackSlot | null
  reasons: FeedbackReason[]
  words: string
  /** Only a complaint asks whether it is named. */
  named: boolean | null
  nameMasked: string | null
  phoneMasked: string | null
  answer: AnswerDay
}

/** Nothing was kept: this device has never met its hall, or has no room. What was said still stands in the form. */
export type NotKept = 'no-hall' | 'no-room'

export interface FeedbackKept {
  kind: FeedbackKind
  ground: FeedbackGround
  code: string
  answer: AnswerDay
  named: boolean | null
  slot: FeedbackSlot | null
  /** Whether anybody can ring. */
  hasPhone: boolean
  /** Who answers for it (首问责任). */
  firstAsked: { name: string; nameEnglish: string; windows: string; floor: string } | null
}

export type FeedbackView =
  | { name: 'feedback'; begun: FeedbackKind | null }
  | { name: 'feedback-ground'; kind: FeedbackKind; chosen: FeedbackGround | null }
  /** What no report can change, and what the law gives instead. */
  | { name: 'feedback-excluded' }
  | { name: 'feedback-form'; form: FeedbackForm; notKept: NotKept | null }
  | {
      name: 'feedback-item'
      by: 'life-event' | 'office'
      lifeEvents: { lifeEvent: LifeEvent; count: number }[]
      offices: { office: string; count: number }[]
      /** null: the page of groups; otherwise a life event or an office, with its items. */
      group: string | null
      items: (FeedbackItemView & { office: string })[]
    }
  /** Items by what is typed; `found` counts those that are not shown too, `near` are called otherwise. */
  | {
      name: 'feedback-search'
      query: string
      items: (FeedbackItemView & { office: string })[]
      found: number
      near: boolean
    }
  | { name: 'feedback-place'; kind: FeedbackKind; offices: FeedbackOffice[]; office: string | null }
  | { name: 'feedback-day'; days: string[]; chosen: FeedbackDay | null }
  | { name: 'feedback-slot'; slots: FeedbackSlot[]; chosen: FeedbackSlot | null }
  | {
      name: 'feedback-said'
      ground: FeedbackGround
      offered: readonly FeedbackReason[]
      reasons: FeedbackReason[]
      words: string
    }
  | {
      name: 'feedback-contact'
      kind: FeedbackKind
      named: boolean | null
      /** As written; null where the card has told it. */
      nameWritten: string | null
      nameMasked: string | null
      phone: string
      phoneNeeded: boolean
      /** The card that lies on the reader and has not told the name yet; null where none does. */
      cardMasked: string | null
      /** A card on the reader fills in the name. */
      readsCards: boolean
    }
  | { name: 'feedback-kept'; kept: FeedbackKept; slip: SlipView }

const Ground = z.union([ReportGround, ComplaintGround, RequestKind])
const GROUP_MAX = 100
const NAME_MAX = 64
/** Digits, with a hyphen or a plus; what is no phone yet is told on the page. */
const Phone = z.string().regex(/^[0-9+-]{0,20}$/)

export const feedbackActions = [
  z.strictObject({ type: z.literal('begin-feedback'), kind: FeedbackKind }),
  z.strictObject({ type: z.literal('choose-ground'), ground: Ground }),
  z.strictObject({ type: z.literal('read-excluded') }),
  z.strictObject({ type: z.literal('edit-feedback'), field: FeedbackField }),
  z.strictObject({
    type: z.literal('browse-feedback-items'),
    by: z.enum(['life-event', 'office']),
    group: z.string().min(1).max(GROUP_MAX).nullable(),
  }),
  z.strictObject({ type: z.literal('open-feedback-search') }),
  /** All that stands there now, at each key. */
  z.strictObject({ type: z.literal('search-feedback-items'), query: z.string().max(GUIDE_QUERY_MAX) }),
  /** null: whoever says it does not know. */
  z.strictObject({ type: z.literal('choose-feedback-item'), itemCode: id.nullable() }),
  z.strictObject({ type: z.literal('browse-feedback-place'), office: z.string().min(1).max(GROUP_MAX) }),
  z.strictObject({
    type: z.literal('choose-feedback-place'),
    office: z.string().min(1).max(GROUP_MAX).nullable(),
    window: z.string().min(1).max(32).nullable(),
  }),
  z.strictObject({ type: z.literal('choose-feedback-day'), day: FeedbackDay }),
  z.strictObject({ type: z.literal('choose-feedback-slot'), day: z.iso.date(), opens: z.string().max(5) }),
  /** All of it, as it stands on the page now: what is typed survives a page that is loaded anew. */
  z.strictObject({
    type: z.literal('say-feedback'),
    reasons: z.array(FeedbackReason).max(8),
    words: z.string().max(FEEDBACK_WORDS_MAX),
  }),
  z.strictObject({
    type: z.literal('leave-contact'),
    named: z.boolean().nullable(),
    /** null: as the card has told it. */
    name: z.string().max(NAME_MAX).nullable(),
    phone: Phone,
  }),
  /** The name that the card on the reader tells, on the page of the contact. */
  z.strictObject({ type: z.literal('name-by-card') }),
  /** Back to the form from a page that is left when its citizen is done with it. */
  z.strictObject({ type: z.literal('finish-feedback-field') }),
  /** One key for one intent. */
  z.strictObject({ type: z.literal('keep-feedback'), key: id }),
] as const
