import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import rules from '../.dependency-cruiser.js'

let house: string

beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'house-'))
})
afterEach(() => rmSync(house, { recursive: true }))

/** Builds a small house of these files and names the rules that its imports break. */
async function brokenRules(files: Record<string, string>): Promise<string[]> {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, path)), { recursive: true })
    writeFileSync(join(house, path), text)
  }
  const { tsConfig: _none, ...options } = rules.options ?? {}
  const result = await cruise([...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))], {
    ...options,
    baseDir: house,
    validate: true,
    ruleSet: { forbidden: rules.forbidden ?? [] },
  })
  return (result.output as ICruiseResult).summary.violations.map(({ rule }) => rule.name)
}

const file = 'export const here = 1\n'
const importing = (path: string) => `import { here } from '${path}'\nexport const there = here\n`

describe('the rules of the house', () => {
  it.each([
    ['a driver that knows the hall', 'drivers/a.ts', '../sync/b.ts', 'drivers-know-only-drivers'],
    ['sync that knows a driver', 'sync/a.ts', '../drivers/b.ts', 'sync-knows-only-sync'],
    ['sync that knows its device', 'sync/a.ts', '../device/b.ts', 'sync-knows-only-sync'],
    ['an uplink that knows the hall server', 'sync/a.ts', './hall/b.ts', 'devices-end-of-the-line'],
    ['a device that carries a hall server', 'device/a.ts', '../sync/hall/b.ts', 'device-points-down'],
    ['a device that knows its pages', 'device/a.ts', '../ui/b.ts', 'device-points-down'],
    [
      'a page that knows more than its contract',
      'ui/pad/a.ts',
      '../../device/rating/b.ts',
      'pages-know-only-contracts',
    ],
    ['a terminal page that leans on the pad', 'ui/terminal/a.ts', '../pad/b.ts', 'pages-stand-apart'],
    [
      'a terminal page that knows the demo',
      'ui/terminal/a.ts',
      '../../scripts/demo/contract.ts',
      'only-the-dock-knows-the-demo',
    ],
    ['one driver that knows another', 'drivers/scanner/a.ts', '../keypad/b.ts', 'one-driver-knows-no-other'],
  ])('%s is refused', async (_what, from, to, rule) => {
    const target = join(dirname(from), to)
    expect(await brokenRules({ [from]: importing(to), [target]: file })).toContain(rule)
  })

  it.each(['contract', 'contract-words'])('a page may know its device by the %s', async (face) => {
    const files = {
      'ui/pad/a.ts': importing(`../../device/http/${face}.ts`),
      [`device/http/${face}.ts`]: file,
    }
    expect(await brokenRules(files)).toEqual([])
  })

  it('a circle of imports is refused', async () => {
    const files = {
      'device/a.ts': "import { b } from './b.ts'\nexport const a = () => b\n",
      'device/b.ts': "import { a } from './a.ts'\nexport const b = () => a\n",
    }
    expect(await brokenRules(files)).toContain('no-circles')
  })
})
