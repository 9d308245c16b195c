import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { postgresOfThisFile } from '../../sync/hall/support/postgres-of-file.ts'
import { anyCommands, atTheStart } from './commands.ts'
import { endsWell } from './ending.ts'
import { World } from './world.ts'

/** The short form; the long one is `node scripts/run.js test/faults/model/run.ts --long`. */
const RUNS = 6
const COMMANDS = 14

/** Each run opens and migrates a database of its own. */
const POSTGRES_RUNS = 2

/** Some seconds, and ten times that on a machine that is busy with other things. */
const TIMEOUT_MS = 180_000

const postgres = postgresOfThisFile()

/** The seed of a failure stands in its message; `run.ts --seed` takes it. */
async function holds(runs: number, newDatabase: () => Promise<string | null>): Promise<void> {
  let ended = 0
  const inFolder = (await newDatabase()) === null
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(0, 0, 30),
      anyCommands(COMMANDS, { inFolder }),
      async (earlier, commands) => {
        const world = await World.begin({ earlier, database: await newDatabase() })
        try {
          await fc.asyncModelRun(() => ({ model: atTheStart(), real: world }), commands)
          const { captured, delivered, setAside, told } = await endsWell(world)
          expect(delivered + setAside + told).toBeGreaterThanOrEqual(captured)
          ended += 1
        } finally {
          await world.end()
        }
      },
    ),
    { numRuns: runs, endOnFailure: true },
  )
  expect(ended).toBe(runs)
}

describe('whatever happens in whatever order, nothing that was answered for is lost, doubled or changed', () => {
  test('with a hall in one folder', async () => await holds(RUNS, async () => null), TIMEOUT_MS)

  test(
    'with a hall on PostgreSQL',
    async () => await holds(POSTGRES_RUNS, () => postgres().newDatabase()),
    TIMEOUT_MS,
  )
})
