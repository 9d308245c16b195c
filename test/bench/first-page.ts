/**
 * What the terminal's first page weighs, and when a slow machine can be touched.
 *
 *   npm run build && node scripts/run.js test/bench/first-page.ts
 *
 * Exits 1 where the bounds are broken: 90 kB of compressed JavaScript and CSS before the first page stands, and the
 * first touch answered 1.5 s after the address was opened, at a quarter of this machine's speed.
 */
import { chromium } from 'playwright-core'
import { type Looks, scenes, stateOf } from '../ui/bench/scenes.ts'
import { builtPages, openStage } from '../ui/bench/stage.ts'
import { firstPageWeight } from './first-page-weight.ts'

const MOST_BYTES = 90_000
const READY_WITHIN_MS = 1_500
const SLOWER = 4
const ROUNDS = 5

const looks: Looks = {
  theme: 'night',
  diagonalInches: 27,
  preferences: { language: 'zh', largeType: false, highContrast: false, reach: false, sound: true },
}
const { rest } = scenes
if (rest === undefined) throw new Error('there is no rest page')

const weight = firstPageWeight()
for (const { file, bytes } of weight.files) console.log(`${String(bytes).padStart(8)}  ${file}`)
console.log(`${String(weight.bytes).padStart(8)}  compressed, of ${MOST_BYTES} allowed`)

const stage = await openStage('terminal', stateOf(rest, looks, builtPages()))
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
const times: number[] = []
for (let round = 0; round < ROUNDS; round += 1) {
  const context = await browser.newContext({ viewport: { width: 1080, height: 1920 }, hasTouch: true })
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  const begun = performance.now()
  await page.goto(stage.url, { waitUntil: 'commit' })
  await page.locator('button.wake').tap()
  while (!stage.actions.some((action) => (action as { type: string }).type === 'wake')) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  times.push(performance.now() - begun)
  stage.actions.length = 0
  await context.close()
}
await browser.close()
stage.close()
times.sort((a, b) => a - b)
const median = times[Math.floor(times.length / 2)] ?? 0
console.log(
  `usable after ${times.map(Math.round).join(', ')} ms at ${SLOWER}× slow-down; median ${Math.round(median)} of ${READY_WITHIN_MS} allowed`,
)
if (weight.bytes > MOST_BYTES || median > READY_WITHIN_MS) process.exitCode = 1
