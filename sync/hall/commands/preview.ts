/** `window24 hall preview`: what the province would be sent. */
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
      for await (const line of previewRatings(store, profile))
        process.stdout.write(`${JSON.stringify(line)}\n`)
      return DONE
    })
  },
})
