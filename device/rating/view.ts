import { formatInstant } from '../../sync/protocol/identifiers.ts'
import type { LevelNumber } from '../../sync/protocol/levels.ts'
import type { PadView } from '../http/contract.ts'
import type { PadPage } from './pad-types.ts'
import type { Desk } from './question-store.ts'
import { closesAtMs, labelsFor, type Question } from './rules.ts'

/** The pad's page without what the hall adds to it (notices) and without the level. */
export type RatingView =
  | Exclude<PadView, { name: 'not-enrolled' | 'rest' }>
  | { name: 'rest'; servingTicketNo: string | null }

export const viewOf = (page: PadPage, question: Question | null, desk: Desk): RatingView => {
  switch (page.name) {
    case 'rest':
      return desk.paused
        ? { name: 'paused', message: desk.message }
        : { name: 'rest', servingTicketNo: desk.ticketNo }
    case 'asking':
    case 'labels': {
      if (question === null) throw new Error(`the page ${page.name} stands without a question`)
      const common = {
        evaluationId: question.id,
        anonymous: question.anonymous,
        closesAt: closingOf(page),
      }
      if (page.name === 'asking')
        return { name: 'asking', itemName: question.case?.itemName ?? '', ...common }
      const labels = labelsFor(levelOf(question)).map(({ code, text }) => ({ code, text }))
      return { name: 'labels', labels, chosen: [...question.labels], ...common }
    }
    default:
      return { name: page.name }
  }
}

/** RFC 3339. */
const closingOf = (page: Extract<PadPage, { openedMs: number }>): string =>
  formatInstant(new Date(Date.now() + closesAtMs(page) - performance.now()))

export const levelOf = (question: Question): LevelNumber => {
  if (question.tap === null) throw new Error('the page of labels follows an answer')
  return question.tap.level
}
