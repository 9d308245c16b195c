/** `window24 hall verify`: is every chain whole? */
import { verifyStore } from '../verify.ts'
import { inWords } from '../verify-words.ts'
import { DONE, defineCommand, FAULT_FOUND } from './command.ts'
import { withStore } from './open.ts'

export const verify = defineCommand({
  help: `  window24 hall verify --data DIR
      walks every device's chain; exit 1 when something is missing, altered or forked
`,
  options: {},
  async run({ hall }) {
    return await withStore(hall, async (store) => {
      const reports = await verifyStore(store)
      process.stdout.write(inWords(reports))
      return reports.some(({ faults }) => faults.length > 0) ? FAULT_FOUND : DONE
    })
  },
})
