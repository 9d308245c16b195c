/** The short form; the whole month is `node scripts/run.js test/faults/pad/month.ts`. */
import { expect, it } from 'vitest'
import { offlineFor } from '../../faults/pad/offline.ts'
import { countsOf } from '../../faults/pad/offline-counts.ts'

const DAYS = 2
const A_DAY = 15

it('days of ratings with the line down are at the hall once each, in order, when it is back', async () => {
  const counts = countsOf(await offlineFor({ days: DAYS, perDay: A_DAY, seed: 24 }))
  const { questions, ratings, events, ...wrong } = counts
  expect(questions).toBe(DAYS * A_DAY)
  expect(ratings).toBeGreaterThan((DAYS * A_DAY) / 2)
  expect(events).toBeGreaterThan(questions)
  for (const [what, count] of Object.entries(wrong)) expect(count, what).toBe(0)
})
