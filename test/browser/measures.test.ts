import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const SCREENS = join(import.meta.dirname, '../ui/bench/screens.ts')
/** Every page in one look; each takes a fraction of a second. */
const ENOUGH_MS = 120_000

it.each(['night', 'day-en-large', 'night-high-reach'])(
  'every page of the terminal keeps the contrasts, sizes and places of UX.md: %s',
  (look) => {
    const said = execFileSync(process.execPath, [SCREENS, '--looks', look], { encoding: 'utf8' })
    expect(said.trim()).toBe('0 measures broken')
  },
  ENOUGH_MS,
)

it(
  'every page of the pad keeps the contrasts and sizes of UX.md',
  () => {
    const args = [SCREENS, '--role', 'pad', '--looks', 'day-en-large-high']
    expect(execFileSync(process.execPath, args, { encoding: 'utf8' }).trim()).toBe('0 measures broken')
  },
  ENOUGH_MS,
)
