/** `window24 hall enrol`: a code for a technician to type. */
import { keepEnrolmentCode, newEnrolmentCode } from '../enrolment.ts'
import { DONE, defineCommand } from './command.ts'
import { withStore } from './open.ts'

export const enrol = defineCommand({
  help: `  window24 hall enrol --data DIR
      prints a code that enrols one device within 24 hours; works while the server runs
`,
  options: {},
  async run({ hall }) {
    return await withStore(hall, async (store) => {
      const code = newEnrolmentCode()
      await keepEnrolmentCode(store, code, new Date())
      process.stdout.write(`${code}\n`)
      return DONE
    })
  },
})
