/**
 * The pad's races for as long as one likes: `node scripts/run.js test/faults/pad/races.ts [--long] [--seed N]`. It is
 * test/device/rating/races.test.ts with more runs, more moments in each, and another seed; exit 1 when a question had
 * another than one outcome.
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const SHORT_RUNS = 1_000
const LONG_RUNS = 20_000
const MOMENTS = 30
const TIMEOUT_MS = 60 * 60_000

const { values } = parseArgs({
  options: { long: { type: 'boolean', default: false }, seed: { type: 'string' } },
})
const seed = values.seed ?? String(Date.now() % 2 ** 31)
const runs = values.long ? LONG_RUNS : SHORT_RUNS
const tests = [
  'run',
  '--project',
  'house',
  '--testTimeout',
  String(TIMEOUT_MS),
  'test/device/rating/races.test.ts',
]
console.log(`${runs} runs of up to ${MOMENTS} moments, seed ${seed}`)
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', ...tests], {
  stdio: 'inherit',
  env: {
    ...process.env,
    RACES: JSON.stringify({ runs, moments: MOMENTS, rounds: runs / 10, seed: Number(seed) }),
  },
})
process.exitCode = status ?? 1
