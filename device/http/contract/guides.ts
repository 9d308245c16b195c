/** Guides: browsed, read and taken along. */
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

export type GuidesView =
  | {
      name: 'guides'
      lifeEvents: { lifeEvent: LifeEvent; count: number }[]
      /** null: the page of life events; otherwise the guides of that one. */
      lifeEvent: LifeEvent | null
      guides: GuideEntry[]
      /** A guide can be printed from the list: three touches from home to paper. */
      printable: Record<PrintPaper, boolean>
    }
  | { name: 'guide'; guide: Guide; printable: Record<PrintPaper, boolean> }

export const guideActions = [
  z.strictObject({ type: z.literal('choose-life-event'), lifeEvent: LifeEvent }),
  z.strictObject({ type: z.literal('open-guide'), itemCode: id }),
] as const
