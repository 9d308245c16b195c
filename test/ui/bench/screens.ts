/**
 * Takes pictures of the terminal's pages and measures them.
 *
 *   node test/ui/bench/screens.ts --out DIR [--scenes home,rest] [--looks night,day-en-large-high-reach] [--inches 27]
 *   … --role pad --scenes cannot-keep --width 1280 --height 800 --inches 10.1   what takes the whole page of a pad
 *
 * Looks are words joined by `-`: night, day, en, large, high, reach. Prints what breaks UX.md's measures.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { showScene } from './look.ts'
import { measure } from './measures.ts'
import { type Looks, padStateOf, scenes, stateOf } from './scenes.ts'
import { builtPages, openStage } from './stage.ts'

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    role: { type: 'string', default: 'terminal' },
    scenes: { type: 'string', default: Object.keys(scenes).join(',') },
    looks: { type: 'string', default: 'night,day' },
    inches: { type: 'string', default: '27' },
    width: { type: 'string', default: '1080' },
    height: { type: 'string', default: '1920' },
  },
})

const looksNamed = (name: string): Looks => {
  const words = name.split('-')
  return {
    theme: words.includes('day') ? 'day' : 'night',
    diagonalInches: Number(values.inches),
    preferences: {
      language: words.includes('en') ? 'en' : 'zh',
      largeType: words.includes('large'),
      highContrast: words.includes('high'),
      reach: words.includes('reach'),
      sound: true,
    },
  }
}

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
})
const page = await browser.newPage({
  viewport: { width: Number(values.width), height: Number(values.height) },
  reducedMotion: 'reduce',
})
page.on('console', (message) => {
  if (message.type() === 'error') console.log(`! console: ${message.text()}`)
})
page.on('pageerror', (error) => console.log(`! page: ${error.message}`))

const build = builtPages()
const first = Object.values(scenes)[0]
if (first === undefined) throw new Error('no scenes')
const role = values.role === 'pad' ? 'pad' : 'terminal'
const stateIn = role === 'pad' ? padStateOf : stateOf
const stage = await openStage(role, stateIn(first, looksNamed('night'), build))
await page.goto(stage.url)
if (values.out !== undefined) mkdirSync(values.out, { recursive: true })
let faults = 0
for (const looks of values.looks.split(',')) {
  for (const name of values.scenes.split(',')) {
    const scene = scenes[name]
    if (scene === undefined) throw new Error(`there is no scene ${name}`)
    const state = stateIn(scene, looksNamed(looks), build)
    await showScene(page, stage, state)
    if (values.out !== undefined) await page.screenshot({ path: join(values.out, `${name}.${looks}.png`) })
    for (const fault of await measure(page, looksNamed(looks))) {
      faults += 1
      console.log(`${name}.${looks}: ${fault}`)
    }
  }
}
console.log(`${faults} measures broken`)
// The page first: a stream that ends under it would be one more error in its console.
await browser.close()
stage.close()
