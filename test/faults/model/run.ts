/**
 * The model test for as long as one likes: `node scripts/run.js test/faults/model/run.ts [--long] [--runs N]
 * [--minutes N] [--seed N] [--path P]`. Exit 1 when anything was lost, doubled or changed; the seed and the path replay it.
 */
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { anyCommands, atTheStart } from './commands.ts'
import { type Ending, endsWell } from './ending.ts'
import { type Counts, World } from './world.ts'

const SHORT_RUNS = 20
const LONG_RUNS = 1_000
const COMMANDS = 40

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    runs: { type: 'string' },
    minutes: { type: 'string' },
    seed: { type: 'string' },
    path: { type: 'string' },
  },
})
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
const numRuns = Number(values.runs ?? (values.long ? LONG_RUNS : SHORT_RUNS))
const sum: Counts & Ending & { runs: number } = {
  runs: 0,
  captured: 0,
  acknowledged: 0,
  refused: 0,
  counted: 0,
  crashes: 0,
  faults: 0,
  delivered: 0,
  setAside: 0,
  told: 0,
}
const add = (more: Partial<typeof sum>): void => {
  for (const [name, count] of Object.entries(more)) sum[name as keyof typeof sum] += count
}

const begun = performance.now()
const property = fc.asyncProperty(
  fc.constantFrom(0, 0, 30),
  anyCommands(COMMANDS),
  async (earlier, commands): Promise<void> => {
    const world = await World.begin({ earlier })
    try {
      await fc.asyncModelRun(() => ({ model: atTheStart(), real: world }), commands)
      add({ ...(await endsWell(world)), ...world.counts, runs: 1 })
    } finally {
      await world.end()
    }
  },
)
const { failed, counterexample, counterexamplePath, errorInstance } = await fc.check(property, {
  seed,
  numRuns,
  ...(values.path === undefined ? {} : { path: values.path }),
  ...(values.minutes === undefined ? {} : { interruptAfterTimeLimit: Number(values.minutes) * 60_000 }),
  endOnFailure: true,
})
console.table({
  'runs of up to 40 commands': sum.runs,
  'facts in the chains': sum.captured,
  'of them answered for by this test': sum.acknowledged,
  'refused on a full disk or quota': sum.refused,
  'counted by the quota instead of kept': sum.counted,
  'crashes of device and hall': sum.crashes,
  'faults of the line': sum.faults,
  'at the hall, once and whole': sum.delivered,
  'set aside and told': sum.setAside,
  'told by verify, after their 30 days': sum.told,
  'lost, doubled or changed': failed ? 'yes' : 0,
})
console.log(`seed ${seed}, ${Math.round((performance.now() - begun) / 1000)} s`)
if (failed) {
  console.error(`--seed ${seed} --path ${counterexamplePath}`, String(counterexample?.[1]))
  console.error(errorInstance)
  process.exitCode = 1
}
