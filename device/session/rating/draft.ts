/** What is being rated, and what was touched so far; it lives with the session and ends with it. */

import type { TerminalView } from '../../http/contract.ts'
import type { Label, RatableCase } from '../../rating/rating.ts'
import type { Question } from '../../rating/rules.ts'

export interface OpenRating {
  /** The number of the errand that asked. */
  question: number
  /** null: what this terminal has done. */
  about: { caseNo: string; itemName: string; followUp: boolean } | null
  /** The page that stood when it was asked. */
  from: TerminalView['name']
  /** Where thanks lead. */
  next: 'home' | 'back'
  anonymous: boolean
  /** The labels of the answer; null before there is one. */
  offered: Label[] | null
  chosen: string[]
  words: string
}

export interface RatingDraft {
  /** Of this session's own service: it is asked after once, and rated once. */
  service: 'not-asked' | 'asked' | 'rated'
  /** What a receipt or a card has brought forth. */
  found: { proof: Question['proof']; cases: RatableCase[] } | null
  open: OpenRating | null
}

export const noRating = (): RatingDraft => ({ service: 'not-asked', found: null, open: null })
