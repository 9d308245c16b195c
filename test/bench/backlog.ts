/**
 * A line that comes back after long: how a device sends what waits, and what whoever rates meanwhile notices of it.
 * Device and hall are processes of their own. In a hall they are two machines: the hall's store is in memory where
 * there is such a folder, and the hall gives way where both want a processor. Exit 1 when a bound is broken.
 *
 *   node scripts/run.js test/bench/backlog.ts [--events 100000]
 *
 * The promise is for --events 1000000; a smaller number shows the same ratios but for the memory.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { constants, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Child, startChild, startHallProcess } from './delivery/processes.ts'
import { percentile, table } from './support.ts'

const LAST_TENTH_AT_LEAST = 0.9
const RSS_MIB_AT_MOST = 160
const FILE_AT_MOST = 2
const CAPTURE_P99_AT_MOST = 3

const MIB = 1024 * 1024
const MEMORY_FOLDER = '/dev/shm'

interface Result {
  delivered: number
  drainMs: number
  firstRate: number
  lastRate: number
  rss: number
  alone: number[]
  draining: number[]
  afterDrain: { file: number; live: number }
  afterMonth: { file: number; live: number }
  tidyMs: number
  longestStepMs: number
}

/** As `window24 device` runs: its sources are compiled once and read from there, and its garbage is taken away early. */
const INSTALLED = {
  NODE_COMPILE_CACHE: join(tmpdir(), 'w24-backlog-compiled'),
  NODE_OPTIONS: '--max-semi-space-size=4',
}

const { values } = parseArgs({ options: { events: { type: 'string', default: '100000' } } })
const folder = mkdtempSync(join(tmpdir(), 'w24-backlog-'))
const hallFolder = mkdtempSync(join(existsSync(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir(), 'w24-backlog-'))
try {
  process.exitCode = judge(await drain(Number(values.events)))
} finally {
  rmSync(folder, { recursive: true, force: true })
  rmSync(hallFolder, { recursive: true, force: true })
}

async function drain(events: number): Promise<Result> {
  const dir = join(folder, 'device')
  mkdirSync(dir)
  const hall = await startHallProcess(hallFolder)
  setPriority(hall.pid, constants.priority.PRIORITY_LOW)
  try {
    const device = (code: string): Child =>
      startChild(new URL('./backlog/device.ts', import.meta.url), [dir, hall.url, code], INSTALLED)
    const { enrolled } = await device(await hall.enrolmentCode()).told<{ enrolled: string }>('enrolled')
    const filler = startChild(new URL('./backlog/fill.ts', import.meta.url), [dir, enrolled, String(events)])
    await filler.told<{ filled: true }>('filled')
    const result = await device('').told<Result>('delivered', 'afterMonth')
    const stored = await hall.events()
    if (stored !== result.delivered) throw new Error(`${stored} of ${result.delivered} events are stored`)
    return result
  } finally {
    await hall.stop()
  }
}

function judge(result: Result): number {
  const { afterDrain, afterMonth } = result
  const mib = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`
  const capture = (times: number[]): string =>
    `p50 ${percentile(times, 0.5).toFixed(2)} p99 ${percentile(times, 0.99).toFixed(2)} ms (${times.length})`
  const lastTenth = result.lastRate / result.firstRate
  const p99 = percentile(result.draining, 0.99) / percentile(result.alone, 0.99)
  const fileDrained = afterDrain.file / afterDrain.live
  const fileAfterMonth = afterMonth.file / afterMonth.live
  const rows = [
    row('last tenth against first', lastTenth, lastTenth >= LAST_TENTH_AT_LEAST, `≥ ${LAST_TENTH_AT_LEAST}`),
    row('memory, MiB', result.rss / MIB, result.rss <= RSS_MIB_AT_MOST * MIB, `≤ ${RSS_MIB_AT_MOST}`),
    row('file against live data, drained', fileDrained, fileDrained <= FILE_AT_MOST, `≤ ${FILE_AT_MOST}`),
    row('the same, 30 days later', fileAfterMonth, fileAfterMonth <= FILE_AT_MOST, `≤ ${FILE_AT_MOST}`),
    row('capture p99 while draining', p99, p99 <= CAPTURE_P99_AT_MOST, `≤ ${CAPTURE_P99_AT_MOST}`),
  ]
  table(rows)
  console.log(`${result.delivered} events, each stored once, ${Math.round(result.drainMs)} ms in all`)
  console.log(
    `${Math.round(result.firstRate)} a second in the first tenth, ${Math.round(result.lastRate)} in the last`,
  )
  console.log(`capture alone ${capture(result.alone)}; while draining ${capture(result.draining)}`)
  console.log(`file ${mib(afterDrain.file)} with 30 days of sent events, ${mib(afterMonth.file)} after them`)
  console.log(
    `tidied in ${Math.round(result.tidyMs)} ms, the longest step ${result.longestStepMs.toFixed(1)} ms`,
  )
  return rows.every((one) => one.kept === 'yes') ? 0 : 1
}

function row(what: string, is: number, kept: boolean, bound: string) {
  return { what, is: is.toFixed(2), bound, kept: kept ? 'yes' : 'NO' }
}
