/** Guides: browsed, searched, read and taken along, with the blank forms of their items. */
import { z } from 'zod'
import { type Guide, LifeEvent } from '../../../sync/protocol/content.ts'
import { id } from './common.ts'
import type { PrintPaper } from './printing.ts'

export interface GuideEntry {
  itemCode: string
  name: string
  nameEnglish: string
  office: string
  kind: Guide['kind']
  promisedWorkingDays: number
}

/** A form to be filled in at home; `formId` is the SHA-256 of its PDF. */
export interface FormEntry {
  formId: string
  title: string
  titleEnglish: string
  pages: number
}

/** The three ways through the guides. Letters are of the Pinyin, in an English session of the English name. */
export const BrowseBy = z.enum(['life-event', 'office', 'letter'])
export type BrowseBy = z.infer<typeof BrowseBy>

export interface LetterCount {
  letter: string
  count: number
}

export type GuidesView =
  | {
      name: 'guides'
      by: BrowseBy
      lifeEvents: { lifeEvent: LifeEvent; count: number }[]
      offices: { office: string; count: number }[]
      /** What was chosen of the groups; all null and '' on the page of groups itself. */
      lifeEvent: LifeEvent | null
      office: string | null
      letters: string
      /** Where there are more guides than can be leafed through: the letters that come next. Else empty. */
      nextLetters: LetterCount[]
      /** All guides of what was chosen, where they can be leafed through. */
      guides: GuideEntry[]
      /** A guide can be printed from the list: three touches from home to paper. */
      printable: Record<PrintPaper, boolean>
    }
  | {
      name: 'guide-search'
      /** As typed so far: a page that is loaded anew goes on with it. */
      query: string
      /** The likeliest first; `found` counts those that are not shown too. */
      guides: GuideEntry[]
      found: number
      /** Nothing is called so: these are near. */
      near: boolean
      printable: Record<PrintPaper, boolean>
    }
  | {
      name: 'guide'
      guide: Guide
      forms: FormEntry[]
      /** Of the one-time notice: the same wherever it is told. */
      noticeVersion: string
      printable: Record<PrintPaper, boolean>
    }
  /** The blank forms of one item. */
  | { name: 'guide-forms'; guide: GuideEntry; forms: FormEntry[]; printable: Record<PrintPaper, boolean> }

/** As long as a name can be; nobody types more to find one. */
export const GUIDE_QUERY_MAX = 40
const OFFICE_MAX = 100

export const guideActions = [
  z.strictObject({ type: z.literal('browse-guides'), by: BrowseBy }),
  z.strictObject({ type: z.literal('choose-life-event'), lifeEvent: LifeEvent }),
  z.strictObject({ type: z.literal('choose-office'), office: z.string().min(1).max(OFFICE_MAX) }),
  /** One letter further. */
  z.strictObject({ type: z.literal('choose-letter'), letter: z.string().regex(/^[0-9A-Z]$/) }),
  z.strictObject({ type: z.literal('open-guide-search') }),
  /** All that stands there now, at each key. */
  z.strictObject({ type: z.literal('search-guides'), query: z.string().max(GUIDE_QUERY_MAX) }),
  z.strictObject({ type: z.literal('open-guide'), itemCode: id }),
  z.strictObject({ type: z.literal('open-guide-forms') }),
] as const

/** One key for one intent. */
export const guidePrints = [
  z.strictObject({ type: z.literal('print-notice'), paper: z.enum(['a4', 'receipt']), key: id }),
  z.strictObject({ type: z.literal('print-form'), formId: id, key: id }),
] as const
