/**
 * A month of ratings at a pad whose line is down, and the line back: `node scripts/run.js test/faults/pad/month.ts
 * [--days 22] [--a-day 60] [--seed N]`. Exit 1 when one is lost, doubled, altered, out of order or told otherwise.
 */
import { parseArgs } from 'node:util'
import { table } from '../../bench/support.ts'
import { offlineFor } from './offline.ts'
import { countsOf } from './offline-counts.ts'

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '22' },
    'a-day': { type: 'string', default: '60' },
    seed: { type: 'string', default: '24' },
  },
})
const days = Number(values.days)
const perDay = Number(values['a-day'])
const counts = countsOf(await offlineFor({ days, perDay, seed: Number(values.seed) }))
const { questions, ratings, events, ...wrong } = counts
table(Object.entries(counts).map(([what, count]) => ({ [`${days} days × ${perDay}`]: what, count })))
if (questions !== days * perDay || ratings === 0 || events <= questions) process.exitCode = 1
if (Object.values(wrong).some((count) => count > 0)) process.exitCode = 1
