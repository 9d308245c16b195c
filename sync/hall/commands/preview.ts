/** `window24 hall preview`: what the province would be sent. */
import { writeLines } from '../export/output.ts'
import { HallError } from '../fault.ts'
import { previewRatings } from '../province/preview.ts'
import { loadProfile, profileNames } from '../province/profile.ts'
import { DONE, defineCommand, WrongUse } from './command.ts'
import { withStore } from './open.ts'

export const preview = defineCommand({
  help: `  window24 hall preview --data DIR --profile PROVINCE
      what the province would be sent for each stored rating, one JSON line each, nothing unsealed
`,
  options: { profile: { type: 'string' } },
  async run({ hall, values: { profile: name } }) {
    if (name === undefined) throw new WrongUse('--profile PROVINCE is needed')
    const profile = loadProfile(name)
    if (profile === null)
      throw new HallError(
        'no-profile',
        `no province profile is called "${name}": there is ${profileNames().join(', ')}`,
      )
    return await withStore(hall, async (store) => {
      await writeLines(asLines(previewRatings(store, profile)), process.stdout)
      return DONE
    })
  },
})

async function* asLines(values: AsyncIterable<object>): AsyncIterable<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`
}
