/** A terminal in use with its page open: what page and device hold after so many visits, each time after a collection. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { CDPSession } from 'playwright-core'
import { openTerminal, type TerminalBench } from '../../browser/bench.ts'
import { untilWarm } from '../until-warm.ts'
import { KINDS, type Kind, type Step, type Visitor, WALKS_AWAY } from './sessions.ts'

/**
 * V8's compilers go on making faster code of what is run more and more often for thousands of visits, in the page and in
 * the device. Without them each holds what it holds for its own sake, and a leak of a tenth of that code is seen.
 */
export const WITHOUT_COMPILERS = ['--no-opt', '--no-maglev', '--no-sparkplug']

const MEASURING = new URL('./measure.ts', import.meta.url).href
const IN_PAGE = readFileSync(new URL('./visitor.js', import.meta.url), 'utf8')

/**
 * Nobody of this week thinks: idle comes after what no visit takes between two steps, also on a busy machine, and pages
 * that stand for a while by themselves pass at once.
 */
const TIMINGS = { ending: 1, idle: 8_000, warning: 200, thanks: 1 }
/** Waiting for the idle end takes as long as dozens of other visits. */
const WALKS_AWAY_EVERY = 1_000
/** Where nobody walks away, nobody is to be taken for one who has. */
const NEVER_IDLE_MS = 3_600_000

/** Bytes, but for nodes and listeners. */
export interface Sample {
  visits: number
  pageHeap: number
  nodes: number
  listeners: number
  deviceHeap: number
  deviceRss: number
}

export interface WeekOptions {
  visits: number
  /** So many measurements, evenly over them. */
  samples: number
  /** Which visit is the how-manieth, from 1; a week's own mixture otherwise. */
  kindOf?: (visit: number) => Kind
  /** After each visit: what a test plants. */
  afterVisit?: (terminal: TerminalBench) => Promise<void>
  onSample?: (sample: Sample) => void
}

export interface Week {
  samples: Sample[]
  /** How many visits there were of each kind. */
  kinds: Record<string, number>
}

/** @throws when a visit cannot go its way: the page it stood on is named */
export async function liveAWeek(options: WeekOptions): Promise<Week> {
  const { visits, samples, kindOf = mixed, afterVisit, onSample } = options
  const terminal = await openTerminal({
    ownProcess: ['--expose-gc', ...WITHOUT_COMPILERS, `--import=${MEASURING}`],
    timings: kindOf === mixed ? TIMINGS : { ...TIMINGS, idle: NEVER_IDLE_MS },
  })
  try {
    const { page } = terminal
    const inspector = await page.context().newCDPSession(page)
    // Also where the page loads itself anew, as when it was built anew.
    await page.addInitScript(IN_PAGE)
    await page.evaluate(IN_PAGE)
    await untilWarm(page)
    const visitor = visitorOf(terminal)
    const week: Week = { samples: [], kinds: {} }
    const every = visits / samples
    for (let visit = 1; visit <= visits; visit += 1) {
      const kind = kindOf(visit)
      const before = week.kinds[kind.name] ?? 0
      await kind.visit(visitor, before)
      week.kinds[kind.name] = before + 1
      await afterVisit?.(terminal)
      if (visit < every * (week.samples.length + 1)) continue
      const sample = { visits: visit, ...(await ofPage(inspector)), ...(await ofDevice(terminal)) }
      week.samples.push(sample)
      onSample?.(sample)
    }
    return week
  } finally {
    await terminal.close()
  }
}

function visitorOf(terminal: TerminalBench): Visitor {
  return {
    terminal,
    async take(steps: readonly Step[]) {
      const stuck = await terminal.page.evaluate<string | null>(`visit(${JSON.stringify(steps)})`)
      if (stuck !== null) throw new Error(`this step of a visit could not be taken: ${stuck}`)
    },
  }
}

/** The golden section of a hundred: every kind comes again and again in its share, in no order that repeats soon. */
const STRIDE = 61.803_398_875

function mixed(visit: number): Kind {
  if (visit % WALKS_AWAY_EVERY === 0) return WALKS_AWAY
  let drawn = (visit * STRIDE) % 100
  for (const kind of KINDS) {
    drawn -= kind.share
    if (drawn < 0) return kind
  }
  throw new Error('the shares of the visits are less than a hundred')
}

async function ofPage(inspector: CDPSession) {
  await inspector.send('HeapProfiler.collectGarbage')
  await inspector.send('HeapProfiler.collectGarbage')
  const { usedSize } = await inspector.send('Runtime.getHeapUsage')
  const { nodes, jsEventListeners } = await inspector.send('Memory.getDOMCounters')
  return { pageHeap: usedSize, nodes, listeners: jsEventListeners }
}

async function ofDevice({ child }: TerminalBench) {
  if (child === null) throw new Error('the terminal has no process of its own')
  const answer = once(child, 'message')
  child.send('measure')
  const [{ heapUsed, rss }] = (await answer) as [{ heapUsed: number; rss: number }]
  return { deviceHeap: heapUsed, deviceRss: rss }
}
