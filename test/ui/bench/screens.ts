/**
 * Takes pictures of the pages of a terminal or a pad and measures them.
 *
 *   node test/ui/bench/screens.ts --out DIR [--scenes home,rest] [--looks night,day-en-large-high-reach] [--panel 1080x1920@21.5]
 *   node test/ui/bench/screens.ts --role pad --out DIR [--panel 1024x600@7]
 *
 * Looks are words joined by `-`: night, day, en, large, high, reach. Prints what breaks UX.md's measures.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ScreenState } from '../../../device/http/contract.ts'
import { launchChromium } from '../../browser/chromium.ts'
import { showScene } from './look.ts'
import { measure } from './measures.ts'
import { padScenes, padStateOf } from './pad-scenes.ts'
import { type Looks, type Scene, scenes, stateOf } from './scenes.ts'
import { builtPages, openStage } from './stage.ts'

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    role: { type: 'string', default: 'terminal' },
    scenes: { type: 'string' },
    looks: { type: 'string', default: 'night,day' },
    panel: { type: 'string' },
  },
})

const role = values.role === 'pad' ? 'pad' : 'terminal'
const USUAL_PANEL = { terminal: '1080x1920@27', pad: '1280x800@10.1' }
const panel = values.panel ?? USUAL_PANEL[role]
const [width = 0, height = 0, inches = 0] = panel.split(/[x@]/).map(Number)

const looksNamed = (name: string): Looks => {
  const words = name.split('-')
  return {
    theme: words.includes('day') ? 'day' : 'night',
    diagonalInches: inches,
    preferences: {
      language: words.includes('en') ? 'en' : 'zh',
      largeType: words.includes('large'),
      highContrast: words.includes('high'),
      reach: words.includes('reach'),
      sound: true,
    },
  }
}

const browser = await launchChromium()
const page = await browser.newPage({
  viewport: { width, height },
  reducedMotion: 'reduce',
})
page.on('console', (message) => {
  if (message.type() === 'error') console.log(`! console: ${message.text()}`)
})
page.on('pageerror', (error) => console.log(`! page: ${error.message}`))

const build = builtPages()
const SURROUNDINGS: Scene = { view: { name: 'home' } }
const shown: Record<string, (looks: Looks) => ScreenState> =
  role === 'pad'
    ? statesOf(padScenes, (scene, looks) => padStateOf(scene, stateOf(SURROUNDINGS, looks, build)))
    : statesOf(scenes, (scene, looks) => stateOf(scene, looks, build))
const [first] = Object.values(shown)
if (first === undefined) throw new Error('no scenes')
const stage = await openStage(role, first(looksNamed('night')))
await page.goto(stage.url)
if (values.out !== undefined) mkdirSync(values.out, { recursive: true })
let faults = 0
for (const looks of values.looks.split(',')) {
  for (const name of values.scenes?.split(',') ?? Object.keys(shown)) {
    const scene = shown[name]
    if (scene === undefined) throw new Error(`there is no scene ${name}`)
    await showScene(page, stage, scene(looksNamed(looks)))
    if (values.out !== undefined) await page.screenshot({ path: join(values.out, `${name}.${looks}.png`) })
    for (const fault of await measure(page, looksNamed(looks), role)) {
      faults += 1
      console.log(`${name}.${looks}: ${fault}`)
    }
  }
}
console.log(`${faults} measures broken`)
// The page first: a stream that ends under it would be one more error in its console.
await browser.close()
stage.close()

function statesOf<S>(all: Record<string, S>, state: (scene: S, looks: Looks) => ScreenState) {
  return Object.fromEntries(
    Object.entries(all).map(([name, scene]) => [name, (looks: Looks) => state(scene, looks)]),
  )
}
