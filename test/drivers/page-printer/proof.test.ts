import { expect, test } from 'vitest'
import type { JobFacts } from '../../../drivers/page-printer/ipp.ts'
import { judgeCompleted, reasonOfEnd } from '../../../drivers/page-printer/proof.ts'

function job(more: Partial<JobFacts>): JobFacts {
  const counts = { impressions: undefined, impressionsCompleted: undefined, sheetsCompleted: undefined }
  return { id: 1, name: undefined, user: undefined, state: 'completed', reasons: [], ...counts, ...more }
}

const CONFIRMED = { outcome: 'printed', proof: 'confirmed' }
const PROBABLE = { outcome: 'printed', proof: 'probable' }

test('only sheets that were counted, all of them, without a complaint, are confirmed', () => {
  expect(judgeCompleted(job({ impressionsCompleted: 2 }), undefined)).toEqual(CONFIRMED)
  expect(judgeCompleted(job({ impressions: 2, impressionsCompleted: 2 }), undefined)).toEqual(CONFIRMED)
  expect(judgeCompleted(job({ sheetsCompleted: 1 }), undefined)).toEqual(CONFIRMED)
  expect(judgeCompleted(job({ impressions: 3, impressionsCompleted: 2 }), undefined)).toEqual(PROBABLE)
  expect(judgeCompleted(job({ impressionsCompleted: 0 }), undefined)).toEqual(PROBABLE)
  expect(judgeCompleted(job({ impressionsCompleted: 2 }), 'paper-out')).toEqual(PROBABLE)
})

test('a queue’s word alone is never a confirmation', () => {
  expect(judgeCompleted(undefined, undefined)).toEqual(PROBABLE)
  expect(judgeCompleted(undefined, 'paper-out')).toEqual({ outcome: 'unknown', reason: 'paper-out' })
})

test('completed with errors, or with a complaint and no count, proves nothing', () => {
  const withErrors = job({ impressionsCompleted: 2, reasons: ['job-completed-with-errors'] })
  expect(judgeCompleted(withErrors, undefined)).toEqual({ outcome: 'unknown', reason: 'mechanical' })
  expect(judgeCompleted(job({}), 'mechanical')).toEqual({ outcome: 'unknown', reason: 'mechanical' })
})

test('why a printer ended a job: the document, its own trouble, somebody at its panel', () => {
  const aborted = (reasons: string[]) => job({ state: 'aborted', reasons })
  expect(reasonOfEnd(aborted(['document-format-error']), undefined)).toBe('bad-frames')
  expect(reasonOfEnd(aborted([]), 'cover-open')).toBe('cover-open')
  expect(reasonOfEnd(aborted([]), undefined)).toBe('mechanical')
  expect(reasonOfEnd(job({ state: 'canceled' }), undefined)).toBe('offline')
})
