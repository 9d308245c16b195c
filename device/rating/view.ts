import { formatInstant } from '../../sync/protocol/identifiers.ts'
import type { LevelNumber } from '../../sync/protocol/levels.ts'
import type { PadView } from '../http/contract.ts'
import { labelsIn } from './dictionaries.ts'
import type { OpenQuestion } from './open-question.ts'
import type { PadPage } from './pad-types.ts'
import type { Desk } from './question-store.ts'
import { closesAtMs, type Question } from './rules.ts'

/** The pad's page without what the hall and the keypad add to it, and without the level. */
export type RatingView =
  | Exclude<PadView, { name: 'not-enrolled' | 'rest' | 'asking' }>
  | Omit<Extract<PadView, { name: 'asking' }>, 'voice'>
  | { name: 'rest'; servingTicketNo: string | null }

export const viewOf = (page: PadPage, opened: OpenQuestion | null, desk: Desk): RatingView => {
  switch (page.name) {
    case 'rest':
      return desk.paused
        ? { name: 'paused', message: desk.message }
        : { name: 'rest', servingTicketNo: desk.ticketNo }
    case 'asking':
    case 'labels': {
      if (opened === null) throw new Error(`the page ${page.name} stands without a question`)
      const { question, dictionary, words } = opened
      const common = {
        evaluationId: question.id,
        anonymous: question.anonymous,
        closesAt: closingOf(page),
      }
      if (page.name === 'asking')
        return { name: 'asking', itemName: question.case?.itemName ?? '', ...common }
      const labels = labelsIn(dictionary, levelOf(question)).map(({ code, text }) => ({ code, text }))
      const written = { words: words.text, writing: words.writing }
      return { name: 'labels', labels, chosen: [...question.labels], ...written, ...common }
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
