/** Whoever leaves a question open: their answer becomes its rating, their silence stays silence. */
import { Personal } from '../../../drivers/personal.ts'
import type { RatingWanted } from '../../rating/rating.ts'
import type { SessionEffect, SessionState } from '../state.ts'
import type { OpenRating } from './draft.ts'

/** No search and no errand has this number: nobody waits for what becomes of it. */
const NOBODY_WAITS = 0

export const ratingEffect = (wanted: RatingWanted): SessionEffect => ({
  type: 'errand',
  number: NOBODY_WAITS,
  errand: { kind: 'rating', wanted },
})

export const wordsOf = ({ words }: OpenRating): Personal<string> | null =>
  words.trim() === '' ? null : new Personal(words.trim())

export const leavingEffects = (
  { personal }: SessionState,
  silence: Extract<RatingWanted, { do: 'leave' }>['silence'],
): SessionEffect[] => {
  const { open } = personal.rating
  if (open === null) return []
  return [ratingEffect({ do: 'leave', question: open.question, silence, words: wordsOf(open) })]
}
