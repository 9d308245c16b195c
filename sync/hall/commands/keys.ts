/** `window24 hall keys`: the keys that names are sealed for. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { HallError } from '../fault.ts'
import { listSealingKeys, rotateSealingKeys, SEALING_KEYS_FILE } from '../sealing-keys.ts'
import { inColumns, minute } from './columns.ts'
import { DONE, defineCommand, WrongUse } from './command.ts'

const MS_PER_DAY = 24 * 60 * 60 * 1000

export const keys = defineCommand({
  help: `  window24 hall keys [list] --data DIR [--sealing-keys F]
      the sealing keys by name and age, oldest first; the last one seals, the others still open
  window24 hall keys rotate --data DIR [--sealing-keys F]
      makes a new one, which devices seal for within a minute; what was sealed for the old ones still opens.
      Back the file up afterwards: what is sealed for a lost key stays closed for ever
`,
  options: { 'sealing-keys': { type: 'string' } },
  words: { min: 0, max: 1 },
  async run({ hall, values, words: [what = 'list'] }) {
    if (what !== 'list' && what !== 'rotate') throw new WrongUse(`keys can list and rotate, not "${what}"`)
    const path = values['sealing-keys'] ?? join(hall.data, SEALING_KEYS_FILE)
    if (!existsSync(path))
      throw new HallError(
        'no-hall-here',
        `there are no sealing keys at ${path}: the server makes the first one`,
      )
    if (what === 'rotate') process.stdout.write(`${rotateSealingKeys(path, new Date())}\n`)
    else process.stdout.write(listed(path, new Date()))
    return DONE
  },
})

function listed(path: string, now: Date): string {
  const rows = listSealingKeys(path).map(({ kid, createdAt, current }) => {
    if (createdAt === null) return [kid, 'unknown', '', current ? 'seals' : 'opens']
    const made = new Date(createdAt)
    const days = Math.max(0, Math.floor((now.getTime() - made.getTime()) / MS_PER_DAY))
    return [kid, minute(made), String(days), current ? 'seals' : 'opens']
  })
  return inColumns([['key', 'made', 'days', ''], ...rows])
}
