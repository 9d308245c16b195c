/**
 * What the terminal's first page weighs, and when a slow machine can be touched: a finger taps the middle of the panel
 * again and again from the moment its address is opened, until the device has been told. A bare page with one button
 * stands beside it, turn by turn, for what the browser itself takes.
 *
 *   npm run build && node scripts/run.js test/bench/first-page.ts [rounds]
 *
 * Exits 1 where the bounds are broken: 90 kB of compressed JavaScript and CSS before the first page stands, and the
 * first touch answered 1.5 s after the address was opened, at a quarter of this machine's speed.
 */
import type { Browser } from 'playwright-core'
import { launchChromium, terminalScreen } from '../browser/chromium.ts'
import { type Looks, scenes, stateOf } from '../ui/bench/scenes.ts'
import { builtPages, openStage } from '../ui/bench/stage.ts'
import { openBarePage } from './first-page/bare-page.ts'
import { firstPageWeight } from './first-page-weight.ts'
import { percentile, table } from './support.ts'

const MOST_BYTES = 90_000
const READY_WITHIN_MS = 1_500
const SLOWER = 4
const ROUNDS = Number(process.argv[2] ?? 7)
/** As fast as somebody impatient, and no load worth speaking of. */
const TAP_EVERY_MS = 40

const looks: Looks = {
  theme: 'night',
  diagonalInches: 27,
  preferences: { language: 'zh', largeType: false, highContrast: false, reach: false, sound: true },
}

interface Subject {
  url: string
  actions: unknown[]
}

/** Milliseconds from opening the address until the touch is told, in a browser that has never seen the page. */
async function untilTouched(browser: Browser, { url, actions }: Subject): Promise<number> {
  const context = await browser.newContext(terminalScreen)
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  actions.length = 0
  const { width, height } = terminalScreen.viewport
  const middle = { x: width / 2, y: height / 2 }
  const begun = performance.now()
  await page.goto(url, { waitUntil: 'commit' })
  while (!actions.some((action) => (action as { type: string }).type === 'wake')) {
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [middle] })
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    await new Promise((resolve) => setTimeout(resolve, TAP_EVERY_MS))
  }
  const ms = performance.now() - begun
  await context.close()
  return ms
}

const { rest } = scenes
if (rest === undefined) throw new Error('there is no rest page')
const weight = firstPageWeight()
for (const { file, bytes } of weight.files) console.log(`${String(bytes).padStart(8)}  ${file}`)
console.log(`${String(weight.bytes).padStart(8)}  compressed, of ${MOST_BYTES} allowed\n`)

const browser = await launchChromium()
const bare = await openBarePage()
const stage = await openStage('terminal', stateOf(rest, looks, builtPages()))
const times = { bare: [] as number[], terminal: [] as number[] }
// The first page of a browser pays for the browser.
await untilTouched(browser, bare)
for (let round = 0; round < ROUNDS; round += 1) {
  times.bare.push(await untilTouched(browser, bare))
  times.terminal.push(await untilTouched(browser, stage))
}
await browser.close()
bare.close()
stage.close()

const row = (page: string, ms: readonly number[]) => ({
  [`touched, at ${SLOWER}× slow-down`]: page,
  'p50 ms': percentile(ms, 0.5).toFixed(0),
  'least ms': Math.min(...ms).toFixed(0),
  'most ms': Math.max(...ms).toFixed(0),
})
table([row('a bare page', times.bare), row('the terminal', times.terminal)])
const median = percentile(times.terminal, 0.5)
const ratio = median / percentile(times.bare, 0.5)
console.log(
  `usable after ${median.toFixed(0)} ms of ${READY_WITHIN_MS} allowed, ${ratio.toFixed(1)} times a bare page`,
)
if (weight.bytes > MOST_BYTES || median > READY_WITHIN_MS) process.exitCode = 1
