/** `window24 hall openapi`: the interface of the hall server, for whoever writes against it. */
import { openApiDocument } from '../http/openapi/document.ts'
import { DONE, defineCommand } from './command.ts'

export const openapi = defineCommand({
  help: `  window24 hall openapi
      prints the OpenAPI 3.1 description of this version's HTTP interface
`,
  options: {},
  needsData: false,
  async run() {
    process.stdout.write(`${JSON.stringify(openApiDocument(), null, 2)}\n`)
    return DONE
  },
})
