/**
 * A pad that was without its hall for a year, 500 ratings a day, beside one that has just been set up: how long it
 * takes to start, what whoever touches it waits, and how the year arrives when the line is back. Each is a process of
 * its own, as installed. Exit 1 when a bound is broken.
 *
 *   node scripts/run.js test/bench/pad-year.ts [--days 365] [--a-day 500]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startLine } from '../../scripts/demo/line.ts'
import { verified } from '../faults/line/pair.ts'
import { startChild, startHallProcess } from './delivery/processes.ts'
import { ask, type PadProcess, startPad } from './pad/pads.ts'
import { percentile, table } from './support.ts'

const START_MS_AT_MOST = 1_000
/** “No slower”: as far as two rows of measurements of the same thing differ by themselves. */
const TAP_AT_MOST = 1.25
const STARTS = 5
const TAPS = 150
const MIB = 1024 * 1024
const READY_WITHIN_MS = 30_000
const DRAINED_WITHIN_MS = 150_000

const { values } = parseArgs({
  options: { days: { type: 'string', default: '365' }, 'a-day': { type: 'string', default: '500' } },
})
const ratings = Number(values.days) * Number(values['a-day'])
const folder = mkdtempSync(join(tmpdir(), 'w24-pad-year-'))
const hallFolder = join(folder, 'hall')
const hall = await startHallProcess(hallFolder, ['--demo'])
const line = await startLine(hall.url)
try {
  process.exitCode = await measure()
} finally {
  await line.close()
  await hall.stop()
  rmSync(folder, { recursive: true, force: true })
}

type Which = 'new' | 'year'

async function measure(): Promise<number> {
  const enrolmentCode = { new: await hall.enrolmentCode(), year: await hall.enrolmentCode() }
  const start = (which: Which, thanksMs: number | null = null): Promise<PadProcess> =>
    startPad(join(folder, which), { hallUrl: line.url, enrolmentCode: enrolmentCode[which], thanksMs })
  for (const which of ['new', 'year'] as const) {
    const pad = await start(which)
    await pad.until(
      ({ view, hall: known, line: { backlog } }) => view.name === 'rest' && known !== null && backlog === 0,
      READY_WITHIN_MS,
    )
    await pad.stop()
  }
  line.set('cut')
  const dataDir = join(folder, 'year', 'data')
  const filler = startChild(new URL('./pad/fill-year.ts', import.meta.url), [
    dataDir,
    String(values.days),
    String(values['a-day']),
  ])
  await filler.told<{ filled: number }>('filled')
  const storeBytes = statSync(join(dataDir, 'store.sqlite')).size

  const starts: Record<Which, number[]> = { new: [], year: [] }
  const work: Record<Which, number[]> = { new: [], year: [] }
  for (let round = 0; round < STARTS; round += 1) {
    for (const which of ['new', 'year'] as const) {
      const pad = await start(which)
      starts[which].push(pad.startMs)
      work[which].push(pad.startProcessorMs)
      await pad.stop()
    }
  }

  const pads = { new: await start('new', 1), year: await start('year', 1) }
  const taps: Record<Which, number[]> = { new: [], year: [] }
  const thanks: Record<Which, number[]> = { new: [], year: [] }
  for (let round = 0; round < TAPS; round += 1) {
    for (const which of ['new', 'year'] as const) {
      const [tapMs, finishMs] = await rate(pads[which], `YX9999${String(round).padStart(6, '0')}`)
      taps[which].push(tapMs)
      thanks[which].push(finishMs)
    }
  }
  const { device, line: before } = await pads.year.state()
  const drainFrom = performance.now()
  line.set('up')
  await pads.year.until(({ line: { backlog } }) => backlog === 0, DRAINED_WITHIN_MS)
  const drainMs = performance.now() - drainFrom
  await pads.new.until(({ line: { backlog } }) => backlog === 0, DRAINED_WITHIN_MS)
  await Promise.all([pads.new.stop(), pads.year.stop()])
  const chain = await verified(hallFolder, device.id ?? '')

  const p50 = (times: readonly number[]) => percentile(times, 0.5)
  const startMs = p50(starts.year)
  const tapRatio = p50(taps.year) / p50(taps.new)
  const thanksRatio = p50(thanks.year) / p50(thanks.new)
  const whole = chain.faults.length === 0 && chain.setAside === 0
  table([
    bounded('start with a year in the store, ms', startMs, START_MS_AT_MOST, 0),
    bounded('touch of a level against a new pad', tapRatio, TAP_AT_MOST, 2),
    bounded('touch of 完成 against a new pad', thanksRatio, TAP_AT_MOST, 2),
    {
      what: 'at the hall in order, no hole, no fault',
      is: whole ? 'yes' : 'NO',
      bound: 'yes',
      kept: whole ? 'yes' : 'NO',
    },
  ])
  table(
    (['new', 'year'] as const).map((which) => ({
      pad: which,
      'start p50 ms': p50(starts[which]).toFixed(0),
      'start most': Math.max(...starts[which]).toFixed(0),
      'of it processor': p50(work[which]).toFixed(0),
      'level p50': p50(taps[which]).toFixed(2),
      'level p95': percentile(taps[which], 0.95).toFixed(2),
      '完成 p50': p50(thanks[which]).toFixed(2),
      '完成 p95': percentile(thanks[which], 0.95).toFixed(2),
    })),
  )
  console.log(
    `${ratings} ratings, ${(storeBytes / MIB).toFixed(0)} MiB; ${before.backlog} events drained in ${(drainMs / 1000).toFixed(1)} s`,
  )
  const kept = startMs < START_MS_AT_MOST && tapRatio <= TAP_AT_MOST && thanksRatio <= TAP_AT_MOST && whole
  return kept && before.backlog >= ratings ? 0 : 1
}

/** @returns milliseconds of the two touches that somebody waits for: the level, and 完成 */
async function rate(pad: PadProcess, caseNo: string): Promise<[number, number]> {
  const evaluationId = await ask(pad, caseNo)
  const tapFrom = performance.now()
  await pad.act({ type: 'choose-level', evaluationId, level: 'satisfied' })
  const finishFrom = performance.now()
  await pad.act({ type: 'finish', evaluationId, labels: [], comment: null })
  const end = performance.now()
  await pad.until(({ view }) => view.name === 'rest', READY_WITHIN_MS)
  return [finishFrom - tapFrom, end - finishFrom]
}

function bounded(what: string, is: number, bound: number, digits: number) {
  return { what, is: is.toFixed(digits), bound: `≤ ${bound}`, kept: is <= bound ? 'yes' : 'NO' }
}
