/** `window24 hall pin`: what a clerk signs in with at the pad of their window, where no case system does it for them. */
import { join } from 'node:path'
import { hashPin, PIN_DIGITS_AT_LEAST, PIN_DIGITS_AT_MOST } from '../../protocol/staff-pin.ts'
import { setStaffPin, staffEntry } from '../content/staff-file.ts'
import { CONTENT_FOLDER } from '../hall.ts'
import { DONE, defineCommand, FAULT_FOUND, WrongUse } from './command.ts'
import { readNewPin } from './read-pin.ts'

export const pin = defineCommand({
  help: `  window24 hall pin STAFFID --data DIR [--remove]
      sets the PIN that STAFFID signs in with at /window/ of a pad, of ${PIN_DIGITS_AT_LEAST} to ${PIN_DIGITS_AT_MOST} digits: asks for it twice, or
      reads one line from a pipe. It is printed nowhere; content/staff.json keeps its hash, and every device of the
      hall has it within a minute. Whoever is signed in with the one before is signed out
      --remove   takes it away: STAFFID cannot sign in any more
`,
  options: { remove: { type: 'boolean' } },
  words: { min: 1, max: 1 },
  async run({ hall, values, words: [staffId = ''] }) {
    const path = join(hall.data, CONTENT_FOLDER, 'staff.json')
    // Asked for before the PIN is: nobody types one for a number that is not there.
    staffEntry(path, staffId)
    if (values.remove) {
      const had = setStaffPin(path, staffId, null)
      process.stdout.write(had ? `${staffId} cannot sign in any more\n` : `${staffId} had no PIN\n`)
      return DONE
    }
    const read = await readNewPin(staffId)
    if (!read.ok) {
      if (read.code === 'none') throw new WrongUse(read.message)
      process.stderr.write(`window24 hall: ${read.message}\n`)
      return FAULT_FOUND
    }
    const had = setStaffPin(path, staffId, await hashPin(read.pin))
    process.stdout.write(`${staffId} has ${had ? 'another' : 'a'} PIN\n`)
    return DONE
  },
})
