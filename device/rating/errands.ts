/** A terminal's rating, step by step: each answer is durable before the session shows the next page. */
import type { Personal } from '../../drivers/personal.ts'
import type { Identity } from '../../sync/identity.ts'
import { storageProblem } from '../../sync/sqlite-faults.ts'
import { sealUser } from '../cases/card-user.ts'
import type { Cases, SearchAnswer } from '../cases/cases.ts'
import { isStoreClosed } from '../records-fault.ts'
import type { ErrandRunners } from '../session/errands.ts'
import { ratedCaseOf } from './rated-case.ts'
import type { RatableCase, RatingOutcome, RatingWanted } from './rating.ts'
import { sealForRating } from './sealing.ts'
import type { TerminalQuestions } from './terminal-questions.ts'

export interface RatingErrandOptions {
  identity: Identity
  cases: Cases
  questions: TerminalQuestions
  /** Told of a store that cannot be written: the device then shows so until it can. */
  onTrouble: (error: unknown) => void
}

type Wanted<Do extends RatingWanted['do']> = Extract<RatingWanted, { do: Do }>

export const ratingErrands = (options: RatingErrandOptions): Pick<ErrandRunners, 'rating'> => ({
  // Not async: a card is sealed at once, held by nobody who waits, and a touch is written before this returns.
  rating(wanted) {
    switch (wanted.do) {
      case 'find':
        return find(options, wanted)
      case 'ask':
        return ask(options, wanted)
      case 'choose':
      case 'amend':
        return Promise.resolve(touched(options, wanted))
      case 'finish':
        return finish(options, wanted)
      case 'leave':
        return leave(options, wanted)
    }
  },
})

const find = ({ cases, questions }: RatingErrandOptions, wanted: Wanted<'find'>): Promise<RatingOutcome> => {
  const search = wanted.by === 'card' ? cases.byCard(wanted.card) : cases.byReceipt(wanted.caseNo)
  return search.then((answer) => foundIn(answer, questions))
}

const foundIn = (answer: SearchAnswer, questions: TerminalQuestions): RatingOutcome => {
  if (!answer.ok) return { outcome: 'dead-end', deadEnd: answer.deadEnd }
  const cases = answer.cases.flatMap((one): RatableCase[] => {
    const rated = ratedCaseOf(one)
    if (rated === null) return []
    return [{ rated, acceptedAt: one.acceptedAt, open: questions.openOf(rated, one.openRating) }]
  })
  return { outcome: 'found', cases }
}

const ask = (options: RatingErrandOptions, wanted: Wanted<'ask'>): Promise<RatingOutcome> => {
  const { question, about, assessNumber, proof, card } = wanted
  const { identity, questions } = options
  const open = (user: string | null): RatingOutcome =>
    writing(options, () => ({ outcome: questions.ask(question, { about, assessNumber, proof, user }) }))
  const sealed = card === null ? null : sealUser(card, 'rating', identity, new Date())
  return sealed === null ? Promise.resolve(open(null)) : sealed.then(open)
}

const touched = (options: RatingErrandOptions, wanted: Wanted<'choose' | 'amend'>): RatingOutcome => {
  const { questions } = options
  return writing(options, () => {
    if (wanted.do === 'amend') {
      questions.amend(wanted.question, wanted.labels, wanted.anonymous)
      return { outcome: 'kept' }
    }
    const labels = questions.choose(wanted.question, wanted.level)
    return labels === null ? { outcome: 'not-kept' } : { outcome: 'chosen', labels }
  })
}

const finish = (options: RatingErrandOptions, wanted: Wanted<'finish'>): Promise<RatingOutcome> => {
  const { question, labels } = wanted
  return sealedWords(options, wanted).then((comment) =>
    writing(options, () => {
      options.questions.finish(question, labels, comment)
      return { outcome: 'kept' }
    }),
  )
}

const leave = (options: RatingErrandOptions, wanted: Wanted<'leave'>): Promise<RatingOutcome> => {
  const { question, silence, words } = wanted
  const gone = (comment: string | null): RatingOutcome => {
    options.questions.leave(question, silence, comment)
    return { outcome: 'kept' }
  }
  // Without words at once: the store may be closed after the next line.
  return words === null ? Promise.resolve(gone(null)) : sealedWords(options, wanted).then(gone)
}

const sealedWords = (
  { identity }: RatingErrandOptions,
  { words }: { words: Personal<string> | null },
): Promise<string | null> =>
  words === null ? Promise.resolve(null) : sealForRating(identity, { text: words })

/** What the disk does is an outcome; anything else is a defect. */
const writing = ({ onTrouble }: RatingErrandOptions, write: () => RatingOutcome): RatingOutcome => {
  try {
    return write()
  } catch (error) {
    if (storageProblem(error) === null && !isStoreClosed(error)) throw error
    onTrouble(error)
    return { outcome: 'not-kept' }
  }
}
