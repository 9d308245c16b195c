/**
 * `npm run house`: the rooms and their arrows, drawn from the real imports by dependency-cruiser and Graphviz;
 * `npm run house -- --check` only tells which arrows point up (exit 1 when one does).
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { instance } from '@viz-js/viz'
import { cruise, format, type ICruiseResult } from 'dependency-cruiser'
import rules from '../.dependency-cruiser.js'
import { root } from './runtime.js'

const ROOMS = ['drivers', 'sync', 'device', 'ui', 'scripts']
const PICTURE = 'scripts/pictures/house.svg'

const { forbidden, options } = rules
const house = (
  await cruise(ROOMS, { ...options, baseDir: root, validate: true, ruleSet: { forbidden: forbidden ?? [] } })
).output as ICruiseResult

const { violations, totalCruised, totalDependenciesCruised } = house.summary
for (const { from, to, rule } of violations) console.error(`${rule.name}: ${from} → ${to}`)
console.log(`${totalCruised} files, ${totalDependenciesCruised} arrows, ${violations.length} wrong`)
if (violations.length > 0) process.exitCode = 1

if (!process.argv.includes('--check')) {
  const { output } = await format(house, {
    outputType: 'archi',
    includeOnly: { path: `^(${ROOMS.join('|')})/` },
  })
  const viz = await instance()
  writeFileSync(join(root, PICTURE), viz.renderString(String(output), { format: 'svg' }))
  console.log(PICTURE)
}
