/**
 * Every screen of the terminal, and every page of the technician's on a device that is really set up, by day and by
 * night, side by side on one sheet: whether they are one design is seen and not measured.
 *
 *   npm run build && node scripts/run.js test/browser/bench/contact-sheet.ts --out DIR [--languages zh,en]
 *     [--faces terminal,setup] [--scenes home,rest]
 *
 * DIR gets a picture of each page (`home.night.zh.png`), `index.html` with all of them, and the same as `sheet-1.png` …
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { showScene } from '../../ui/bench/look.ts'
import { type Looks, scenes, stateOf } from '../../ui/bench/scenes.ts'
import { type Screen, SHEET_GAP_PX, SHOWN_WIDTH_PX, sheetHtml } from '../../ui/bench/sheet.ts'
import { builtPages, openStage } from '../../ui/bench/stage.ts'
import { launchChromium, sharedChromium } from '../chromium.ts'
import { walkSetup } from './setup-walk.ts'

const THEMES = ['night', 'day'] as const
const SCREENS_IN_A_ROW = 8
const PANEL = { width: 1080, height: 1920 }
/** The technician's pages are drawn on the panel that they are used at most. */
const SETUP_PANEL = 'pad'
/** A browser paints no picture much taller than this. */
const SHEET_HEIGHT_PX = 2700

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    faces: { type: 'string', default: 'terminal,setup' },
    languages: { type: 'string', default: 'zh' },
    scenes: { type: 'string', default: Object.keys(scenes).join(',') },
  },
})
const { out } = values
if (out === undefined) throw new Error('--out names the folder for the pictures')
mkdirSync(out, { recursive: true })

const looksOf = (theme: Looks['theme'], language: string): Looks => ({
  theme,
  diagonalInches: 27,
  preferences: {
    language: language === 'en' ? 'en' : 'zh',
    largeType: false,
    highContrast: false,
    reach: false,
    sound: true,
  },
})

const browser = await launchChromium()
const page = await browser.newPage({ viewport: PANEL, reducedMotion: 'reduce' })
const build = builtPages()
const screens: Screen[] = []
const [firstScene] = Object.values(scenes)
if (firstScene === undefined) throw new Error('there are no scenes')
const stage = await openStage('terminal', stateOf(firstScene, looksOf('night', 'zh'), build))
await page.goto(stage.url)
const faces = values.faces.split(',')
for (const name of faces.includes('terminal') ? values.scenes.split(',') : []) {
  const scene = scenes[name]
  if (scene === undefined) throw new Error(`there is no scene ${name}`)
  const pictures: string[] = []
  for (const language of values.languages.split(',')) {
    for (const theme of THEMES) {
      await showScene(page, stage, stateOf(scene, looksOf(theme, language), build))
      const picture = `${name}.${theme}.${language}.png`
      await page.screenshot({ path: join(out, picture) })
      pictures.push(picture)
    }
  }
  screens.push({ name, pictures })
}

if (faces.includes('setup')) {
  for (const language of values.languages.split(',')) {
    const walk = await walkSetup(out, language === 'en' ? 'en' : 'zh', [SETUP_PANEL])
    screens.push(...walk.screens)
    for (const fault of walk.faults) console.log(fault)
  }
  await (await sharedChromium()).close()
}

const index = join(out, 'index.html')
writeFileSync(index, sheetHtml('Window24: every screen', screens, `width: ${SHOWN_WIDTH_PX}px`))
const width = (SHOWN_WIDTH_PX + SHEET_GAP_PX) * SCREENS_IN_A_ROW
await page.setViewportSize({ width, height: SHEET_HEIGHT_PX })
await page.goto(pathToFileURL(index).href)
const height = await page.evaluate<number>('document.documentElement.scrollHeight')
for (let top = 0, number = 1; top < height; top += SHEET_HEIGHT_PX, number += 1) {
  const clip = { x: 0, y: top, width, height: Math.min(SHEET_HEIGHT_PX, height - top) }
  await page.screenshot({ path: join(out, `sheet-${number}.png`), fullPage: true, clip })
}
await browser.close()
stage.close()
console.log(`${screens.length} screens: ${index}`)
