/** How the pages of a rating are come by, for the table of every page and every event. */
import type { Level } from '../../../device/http/contract.ts'
import { ratedCaseOf } from '../../../device/rating/rated-case.ts'
import type { RatableCase, RatingOutcome } from '../../../device/rating/rating.ts'
import type { SessionEvent } from '../../../device/session/state.ts'
import { sampleCase } from '../support/samples.ts'
import { action, MENU } from './feedback-ways.ts'

type PlainAction = Extract<SessionEvent, { type: 'action' }>['action']

export const LABELS = [
  { code: '510', text: '一窗受理一次办结' },
  { code: '517', text: '服务热情效率高' },
]

export const ratable = (caseNo: string, open: RatableCase['open'] = 'first'): RatableCase => {
  const rated = ratedCaseOf(sampleCase(caseNo))
  if (rated === null) throw new Error('a sample can be rated')
  return { rated, acceptedAt: '2026-11-16T10:00:00+08:00', open }
}

export const rated = (number: number, outcome: RatingOutcome): SessionEvent => ({
  type: 'errand-done',
  number,
  done: { kind: 'rating', outcome },
  jobId: 'job-9',
})
export const scanned: SessionEvent = { type: 'scanned', text: 'YX2026110001' }
export const choose = (level: Level): SessionEvent => action({ type: 'choose-rating', level })

export const PRESENT = [...MENU, action({ type: 'open-rating' })]
export const FOUND = [...PRESENT, scanned, rated(1, { outcome: 'found', cases: [ratable('YX2026110001')] })]
export const ASKED = [...FOUND, rated(2, { outcome: 'asked' })]
export const LABELLED = [...ASKED, choose('satisfied'), rated(3, { outcome: 'chosen', labels: LABELS })]
export const finish = (labels: string[] = []): SessionEvent => action({ type: 'finish-rating', labels })

export const ratingWays = {
  'rate-present': PRESENT,
  'rate-cases': [
    ...PRESENT,
    scanned,
    rated(1, { outcome: 'found', cases: [ratable('YX2026110001'), ratable('YX2026110002')] }),
  ],
  rate: ASKED,
  'rate-labels': LABELLED,
  'rate-words': [...LABELLED, action({ type: 'open-rating-words' })],
  'rate-thanks': [...LABELLED, finish(['510']), rated(4, { outcome: 'kept' })],
  'rated-before': [...FOUND, rated(2, { outcome: 'already-rated' })],
} satisfies Record<string, SessionEvent[]>

export const ratingActions: PlainAction[] = [
  { type: 'open-rating' },
  { type: 'rate-service' },
  { type: 'rate-case', caseNo: 'YX2026110001' },
  { type: 'rate-case', caseNo: 'of somebody else' },
  { type: 'rate-case', caseNo: null },
  { type: 'not-now' },
  { type: 'choose-rating', level: 'dissatisfied' },
  { type: 'set-rating-anonymous', anonymous: true },
  { type: 'set-rating-labels', labels: ['510', '999'] },
  { type: 'open-rating-words' },
  { type: 'say-rating-words', words: '很快' },
  { type: 'finish-rating-words', words: '很快' },
  { type: 'finish-rating', labels: [] },
]
