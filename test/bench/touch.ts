/**
 * From the lifted finger, as the page is handed it, to the frame in which the next screen stands: at a quarter of this machine's speed, over
 * a walk that touches every service of a real terminal, with its hall on loopback. It begins as a terminal's first citizen
 * finds it, at rest for a while (ui/terminal/warm-up); with `--cold` as soon as its page stands. Exits 1 when 95 of 100
 * touches take more than 100 ms, and names the pages that are worst.
 *
 *   npm run build && node scripts/run.js test/bench/touch.ts [--long] [--full-speed] [--cold]
 */
import { setTimeout as wait } from 'node:timers/promises'
import { openTerminal } from '../browser/bench.ts'
import { sharedChromium } from '../browser/chromium.ts'
import { percentile, table } from './support.ts'
import { watchHandedOn } from './touch/handed-on.ts'
import { ANOTHER_PAGE, startStopwatch } from './touch/stopwatch.ts'
import { type Touch, walk } from './touch/walk.ts'
import { untilWarm } from './until-warm.ts'

const WITHIN_MS = 100
const SLOWER = process.argv.includes('--full-speed') ? 1 : 4
const WALKS = process.argv.includes('--long') ? 6 : 2
/** A quick finger; the row's frame around what is touched is drawn in the meantime. */
const HELD_MS = 60
/** Quicker in nearly the same place, a page takes it for a second tap of the same finger (ui/shared/button.svelte). */
const BETWEEN_TAPS_MS = 650
const WORST_NAMED = 5
/** What a session's own pages wait for is not what is measured here. */
const TIMINGS = { thanks: 500 }

const terminal = await openTerminal({ timings: TIMINGS, ownProcess: [] })
const { page } = terminal
const slow = await page.context().newCDPSession(page)
await slow.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
if (!process.argv.includes('--cold')) await untilWarm(page)
const stopwatch = await startStopwatch(page)
const whenHandedOn = await watchHandedOn(await sharedChromium(), page)

let lastMs = 0
const touches: { what: string; liftedMs: number; overMs: number }[] = []
const touch: Touch = async (what, name, watched = ANOTHER_PAGE) => {
  const button = terminal.button(name)
  await button.waitFor()
  const { x, y, width, height } = (await button.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  const at = { x: x + width / 2, y: y + height / 2 }
  await stopwatch.set(watched)
  await wait(Math.max(0, lastMs + BETWEEN_TAPS_MS - performance.now()))
  await slow.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] })
  await wait(HELD_MS)
  await slow.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  lastMs = performance.now()
  touches.push({ what, ...(await stopwatch.touch()) })
}
for (let round = 0; round < WALKS; round += 1) await walk(terminal, touch)
const handedOn = await whenHandedOn()
await terminal.close()
await (await sharedChromium()).close()

const byPage = new Map<string, number[]>()
const heldBack: number[] = []
for (const { what, liftedMs, overMs } of touches) {
  const fromMs = handedOn(liftedMs)
  byPage.set(what, [...(byPage.get(what) ?? []), overMs - fromMs])
  heldBack.push(fromMs - liftedMs)
}
const all = [...byPage.values()].flat()
const line = (what: string, times: readonly number[]) => ({
  'next screen': what,
  touches: times.length,
  'p50 ms': percentile(times, 0.5).toFixed(0),
  'p95 ms': percentile(times, 0.95).toFixed(0),
  'most ms': Math.max(...times).toFixed(0),
})
const worstFirst = [...byPage].toSorted(([, one], [, other]) => percentile(other, 0.5) - percentile(one, 0.5))
table([...worstFirst.map(([what, times]) => line(what, times)), line('all', all)])
const p95 = percentile(all, 0.95)
const worst = worstFirst.slice(0, WORST_NAMED).map(([what]) => what)
console.log(
  `at ${SLOWER}× slow-down 95 of 100 touches are answered within ${p95.toFixed(0)} ms, of ${WITHIN_MS} allowed; worst: ${worst.join(', ')}`,
)
const [p50Held, p95Held] = [0.5, 0.95].map((part) => percentile(heldBack, part).toFixed(0))
console.log(`before that the inspector held a finger back for ${p50Held} ms at p50, ${p95Held} ms at p95`)
if (p95 > WITHIN_MS) process.exitCode = 1
