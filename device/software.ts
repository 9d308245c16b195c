import { readFileSync } from 'node:fs'
import { z } from 'zod'

const Package = z.object({ name: z.string(), version: z.string() })
const { name, version } = Package.parse(
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')),
)

/** As the hall sees it in its fleet: name and version. */
export const SOFTWARE = `${name} ${version}`
