/**
 * Faults of the line for as long as one likes: `node scripts/run.js test/faults/line/run.ts [--long] [--rounds N]
 * [--seed N]`. Each round captures some ratings and lets the line fail a few times. Exit 1 when anything was lost,
 * doubled or changed.
 */
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { anyLineFault } from './any-fault.ts'
import { startPair, storedIn, until, verified } from './pair.ts'

const SHORT_ROUNDS = 300
const LONG_ROUNDS = 10_000

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seed: { type: 'string' },
  },
})
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
const numRuns = Number(values.rounds ?? (values.long ? LONG_ROUNDS : SHORT_ROUNDS))
const rounds = fc.sample(
  fc.tuple(fc.integer({ min: 1, max: 60 }), fc.array(anyLineFault, { maxLength: 4 })),
  {
    seed,
    numRuns,
  },
)

const begun = performance.now()
const pair = await startPair()
const { device, line, hallDir } = pair
device.startUplink()
const faults: Record<string, number> = {}
for (const [facts, met] of rounds) {
  for (const { kind } of met) faults[kind] = (faults[kind] ?? 0) + 1
  line.next(...met)
  device.capture(facts)
  await until(() => device.outbox.backlog().count === 0)
}
const deviceId = String(device.identity.deviceId)
const stored = await storedIn(hallDir, deviceId)
const lost = [...device.captured].filter(([place, hash]) => stored.get(place) !== hash)
const report = await verified(hallDir, deviceId)
console.table({
  ...faults,
  rounds: numRuns,
  'requests seen by the line': line.seen.length,
  'ratings captured': device.captured.size,
  'at the hall, each once': stored.size,
  'lost or changed': lost.length,
  'faults found by verify': report.faults.length,
})
console.log(`seed ${seed}, ${Math.round((performance.now() - begun) / 1000)} s`)
await pair.close()
if (lost.length > 0 || stored.size !== device.captured.size || report.faults.length > 0) process.exitCode = 1
