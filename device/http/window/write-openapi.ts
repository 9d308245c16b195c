/** `node scripts/run.js device/http/window/write-openapi.ts`: writes openapi.json anew after a change. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { windowOpenApiText } from './openapi.ts'

writeFileSync(join(import.meta.dirname, 'openapi.json'), windowOpenApiText())
process.stdout.write('openapi.json\n')
