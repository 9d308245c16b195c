/**
 * The storage faults, for as long as they are given:
 *
 *   node scripts/run.js test/faults/storage/run.ts [--long] [--minutes N] [--only NAME] [--seed N] [--keep]
 *
 * Without --long a tenth of everything. A seed that a fault was told with, and --only with the part it was in, run
 * the same again; --keep leaves what was not clean in memory, to be looked into. Exit 1 when anything was lost,
 * doubled or otherwise not as promised.
 */
import { parseArgs } from 'node:util'
import { nextPart, PARTS, type Part, type Progress } from './parts.ts'
import { openRig } from './rig.ts'
import { anySeed, seeded } from './seeded.ts'

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '60' },
    only: { type: 'string' },
    seed: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
})

/** One for each core. */
const JUDGES = 2
const SHORT = 0.1
const MS_PER_MINUTE = 60_000
const TOLD_EVERY_MS = 60_000

const parts = PARTS.filter(({ name }) => values.only === undefined || name === values.only)
if (parts.length === 0) {
  console.error(`no part is called ${values.only}; there are ${PARTS.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}
const startedMs = performance.now()
const minutes = (): string => ((performance.now() - startedMs) / MS_PER_MINUTE).toFixed(1)
const endsMs = startedMs + Number(values.minutes) * MS_PER_MINUTE
await using rig = openRig({ judges: JUDGES, keep: values.keep })
const progress: Progress = new Map()
const aim = (part: Part): number => Math.ceil(part.aim * (values.long ? 1 : SHORT))
let toldMs = startedMs

for (let round = 1; performance.now() < endsMs; round += 1) {
  const part = nextPart(parts, progress, aim)
  if (part === null) break
  const seed = values.seed === undefined ? anySeed() : Number(values.seed)
  const wanted = Math.min(part.atOnce, aim(part) - (progress.get(part.name) ?? 0))
  try {
    const done = await part.run({ ...rig, random: seeded(seed), seed, wanted, round })
    progress.set(part.name, (progress.get(part.name) ?? 0) + done)
  } catch (error) {
    rig.tally.fail(part.name, `${error instanceof Error ? error.message : String(error)} (--seed ${seed})`)
    progress.set(part.name, (progress.get(part.name) ?? 0) + wanted)
  }
  if (values.seed !== undefined) break
  if (performance.now() - toldMs < TOLD_EVERY_MS) continue
  toldMs = performance.now()
  const { copies, kills, lost, doubled } = rig.tally.total()
  console.log(`${minutes()} min: ${copies} copies, ${kills} kills, ${lost} lost, ${doubled} doubled`)
}
await rig.judge.settled()
console.log(rig.tally.table())
const { copies } = rig.tally.total()
console.log(
  `${minutes()} min, ${(copies / ((performance.now() - startedMs) / 1000)).toFixed(1)} copies a second`,
)
if (!rig.tally.clean) process.exitCode = 1
