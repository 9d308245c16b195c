/**
 * `node scripts/run.js test/faults/province.ts [--long] [--seed N]`: ratings through every province's moods, by
 * several instances on one database that are killed meanwhile. Exit 1 when one is lost, doubled, altered, out of
 * order, refused, or was under way twice at once.
 */
import { parseArgs } from 'node:util'
import { inColumns } from '../../sync/hall/commands/columns.ts'
import { type MoodyCounts, type MoodyRun, moodyRun } from '../sync/hall/province/moody-run.ts'
import { PROVINCES } from '../sync/hall/province/support.ts'
import { startPostgres } from '../sync/hall/support/postgres.ts'

const { values } = parseArgs({
  options: { long: { type: 'boolean', default: false }, seed: { type: 'string', default: '24' } },
})
const { ratings, kills } = values.long ? { ratings: 5_000, kills: 30 } : { ratings: 200, kills: 2 }
const seed = Number(values.seed)

const MUST_BE: Partial<MoodyCounts> = {
  lost: 0,
  doubled: 0,
  altered: 0,
  'out of order': 0,
  'refused here': 0,
  'at once': 1,
}

const rows: string[][] = []
let broken = false
for (const database of ['SQLite', 'PostgreSQL'] as const) {
  const postgres = database === 'PostgreSQL' ? await startPostgres() : null
  for (const profile of PROVINCES) {
    const run: MoodyRun = { profile, ratings, instances: 2, kills, seed }
    const counts = await moodyRun({ ...run, database: (await postgres?.newDatabase()) ?? null })
    const wrong = Object.entries(MUST_BE).some(
      ([name, wanted]) => counts[name as keyof MoodyCounts] !== wanted,
    )
    if (wrong) broken = true
    if (rows.length === 0) rows.push(['province', 'store', ...Object.keys(counts)])
    rows.push([profile, database, ...Object.values(counts).map(String)])
    console.error(`${profile} on ${database}: ${wrong ? 'broken' : 'whole'}`)
  }
  await postgres?.remove()
}
process.stdout.write(inColumns(rows))
if (broken) process.exitCode = 1
