/** `node scripts/run.js sync/hall/outside/write-openapi.ts`: writes the integrators' files anew after a change. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { contracts, openApiText } from './openapi.ts'

for (const [name, contract] of Object.entries(contracts)) {
  writeFileSync(join(import.meta.dirname, name), openApiText(contract))
  process.stdout.write(`${name}\n`)
}
