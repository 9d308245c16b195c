/**
 * A pad at its window, in real Chromium: from the request of the window's system to the frame in which the question
 * stands, and from the lifted finger to the frame that follows, where what was said is on the disk already; at a
 * quarter of this machine's speed, and at all of it. Exit 1 when a bound is broken.
 *
 *   npm run build && node scripts/run.js test/bench/pad.ts [--rounds 40]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openTouchScreen } from '../browser/bench/screen.ts'
import { padScreen, sharedChromium } from '../browser/chromium.ts'
import { startHallProcess } from './delivery/processes.ts'
import { ask, startPad } from './pad/pads.ts'
import { percentile, table } from './support.ts'
import { startStopwatch } from './touch/stopwatch.ts'

const QUESTION_MS_AT_MOST = 150
const THANKS_MS_AT_MOST = 100
/** A quick finger. */
const HELD_MS = 60
/** Nobody reads the labels faster, and no page takes the next touch for a second tap then. */
const READS_MS = 650
const THANKS_STAND_MS = 150
const READY_WITHIN_MS = 30_000
const SLOWER = 4
/** Another page: the pad's pages are one element each. */
const ANOTHER_PAGE = { selector: 'main' }
const WORDS = {
  question: 'request of the window → question',
  labels: 'touch of a level → labels',
  thanks: 'touch of 完成 → thanks',
}
const LEVELS = ['非常满意', '满意', '基本满意', '不满意', '非常不满意']

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '40' } } })
const rounds = Number(values.rounds)
const folder = mkdtempSync(join(tmpdir(), 'w24-pad-'))
const hall = await startHallProcess(join(folder, 'hall'), ['--demo'])
try {
  process.exitCode = await measure()
} finally {
  await hall.stop()
  await (await sharedChromium()).close()
  rmSync(folder, { recursive: true, force: true })
}

async function measure(): Promise<number> {
  const pad = await startPad(join(folder, 'pad'), {
    hallUrl: hall.url,
    enrolmentCode: await hall.enrolmentCode(),
    thanksMs: THANKS_STAND_MS,
  })
  await pad.until(
    ({ view, hall: known, line }) => view.name === 'rest' && known !== null && line.online,
    READY_WITHIN_MS,
  )
  const screen = await openTouchScreen(pad.screenUrl, padScreen)
  const { page } = screen
  const slow = await page.context().newCDPSession(page)
  const stopwatch = await startStopwatch(page)
  const finger = async (name: string): Promise<number> => {
    const { x, y, width, height } = (await screen.button(name).boundingBox()) ?? {
      x: 0,
      y: 0,
      width: 0,
      height: 0,
    }
    const at = { x: x + width / 2, y: y + height / 2 }
    await stopwatch.set(ANOTHER_PAGE)
    await slow.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] })
    await wait(HELD_MS)
    await slow.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    const { liftedMs, overMs } = await stopwatch.touch()
    return overMs - liftedMs
  }

  const times = new Map<number, { question: number[]; labels: number[]; thanks: number[] }>()
  let asked = 0
  for (const rate of [SLOWER, 1]) {
    await slow.send('Emulation.setCPUThrottlingRate', { rate })
    const seen = { question: [] as number[], labels: [] as number[], thanks: [] as number[] }
    times.set(rate, seen)
    for (let round = 0; round < rounds; round += 1) {
      asked += 1
      await page.locator('main.rest').waitFor()
      await stopwatch.set(ANOTHER_PAGE)
      const askedMs = performance.timeOrigin + performance.now()
      await ask(pad, `YX2026${String(asked).padStart(6, '0')}`)
      seen.question.push((await stopwatch.over()) - askedMs)
      await wait(READS_MS)
      seen.labels.push(await finger(LEVELS[round % LEVELS.length] ?? ''))
      await wait(READS_MS)
      seen.thanks.push(await finger('完成'))
    }
  }
  await screen.close()
  await pad.until(({ line }) => line.backlog === 0, READY_WITHIN_MS)
  await pad.stop()

  const worst = { question: 0, labels: 0, thanks: 0 }
  const rows = [...times].flatMap(([rate, seen]) =>
    (['question', 'labels', 'thanks'] as const).map((what) => {
      const p95 = percentile(seen[what], 0.95)
      const bound = what === 'question' ? QUESTION_MS_AT_MOST : THANKS_MS_AT_MOST
      worst[what] = Math.max(worst[what], p95)
      return {
        [`${rounds} ratings each`]: WORDS[what],
        'slow-down': `${rate}×`,
        'p50 ms': percentile(seen[what], 0.5).toFixed(0),
        'p95 ms': p95.toFixed(0),
        'most ms': Math.max(...seen[what]).toFixed(0),
        bound: `≤ ${bound}`,
        kept: p95 <= bound ? 'yes' : 'NO',
      }
    }),
  )
  table(rows)
  const whole =
    worst.question <= QUESTION_MS_AT_MOST && Math.max(worst.labels, worst.thanks) <= THANKS_MS_AT_MOST
  return whole ? 0 : 1
}
