/**
 * Every page of the technician's on every panel, by day and by night, side by side on one sheet.
 *
 *   npm run build && node scripts/run.js test/browser/bench/setup-sheet.ts --out DIR [--language en] [--sizes pad,phone]
 *
 * DIR gets a picture of each screenful (`setup-health-2.pad.day.zh.png`) and `index.html` with all of them. Exit 1 when
 * something lies beyond an edge.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sheetHtml } from '../../ui/bench/sheet.ts'
import { sharedChromium } from '../chromium.ts'
import { SETUP_SIZES, walkSetup } from './setup-walk.ts'

const SHOWN_HEIGHT_PX = 420

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    language: { type: 'string', default: 'zh' },
    sizes: { type: 'string', default: Object.keys(SETUP_SIZES).join(',') },
  },
})
const { out, sizes } = values
if (out === undefined) throw new Error('--out names the folder for the pictures')

const language = values.language === 'en' ? 'en' : 'zh'
const { screens, faults } = await walkSetup(out, language, sizes.split(','))
writeFileSync(join(out, 'index.html'), sheetHtml('Window24: setup', screens, `height: ${SHOWN_HEIGHT_PX}px`))
for (const fault of faults) console.log(fault)
console.log(`${screens.length} screens: ${join(out, 'index.html')}`)
await (await sharedChromium()).close()
process.exitCode = faults.length > 0 ? 1 : 0
