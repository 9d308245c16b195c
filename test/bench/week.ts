/**
 * A week of use: 10,000 visits to one terminal, of every service and every ending, made by pressing the buttons of its
 * page in Chromium and by its simulated reader and scanner. What page and device hold after a collection has to be flat:
 * over the last three quarters a fitted line gains no more than its measurements waver, or a small part of what is held.
 *
 *   npm run build && node scripts/run.js test/bench/week.ts [--visits N]
 */
import { sharedChromium } from '../browser/chromium.ts'
import { table } from './support.ts'
import { growthOf } from './week/flat.ts'
import { liveAWeek, type Sample, WITHOUT_COMPILERS } from './week/week.ts'

const VISITS = 10_000
const SAMPLES = 40
const ROWS = 10
const asked = process.argv.indexOf('--visits')
const visits = asked < 0 ? VISITS : Number(process.argv[asked + 1])

/** What a week may gain of what is held: a terminal is started anew long before that matters. */
const ALLOWED = { pageHeap: 0.02, nodes: 0.01, listeners: 0.01, deviceHeap: 0.02, deviceRss: 0.05 } as const
type Measure = keyof typeof ALLOWED
const MEASURES = Object.keys(ALLOWED) as Measure[]
const WORDS: Record<Measure, string> = {
  pageHeap: 'page: JS heap MB',
  nodes: 'page: nodes',
  listeners: 'page: listeners',
  deviceHeap: 'device: heap MB',
  deviceRss: 'device: RSS MB',
}
const isCount = (measure: Measure): boolean => measure === 'nodes' || measure === 'listeners'
const shown = (measure: Measure, value: number): string =>
  isCount(measure) ? value.toFixed(0) : (value / 1e6).toFixed(2)

const row = (sample: Sample) => ({
  visits: sample.visits,
  ...Object.fromEntries(MEASURES.map((measure) => [WORDS[measure], shown(measure, sample[measure])])),
})
const minutes = (): string => ((performance.now() - begun) / 60_000).toFixed(1)

await sharedChromium([`--js-flags=${WITHOUT_COMPILERS.join(' ')}`])
const begun = performance.now()
const seen: Sample[] = []
const { samples, kinds } = await liveAWeek({
  visits,
  samples: SAMPLES,
  onSample(sample) {
    if (seen.push(sample) % (SAMPLES / ROWS) === 0)
      console.log(`${sample.visits} visits, ${minutes()} minutes`)
  },
})
await (await sharedChromium()).close()

table(seen.filter((_, at) => (at + 1) % (SAMPLES / ROWS) === 0).map(row))
table(
  MEASURES.map((measure) => {
    const { level, growth, chance, isFlat } = growthOf(
      samples.map((sample) => sample[measure]),
      ALLOWED[measure],
    )
    if (!isFlat) process.exitCode = 1
    return {
      'over the last three quarters': WORDS[measure],
      level: shown(measure, level),
      gained: shown(measure, growth),
      'by chance': shown(measure, chance),
      'let pass': shown(measure, ALLOWED[measure] * level),
      '': isFlat ? 'flat' : 'NOT FLAT',
    }
  }),
)
table(Object.entries(kinds).map(([visit, count]) => ({ visit, count })))
console.log(`${visits} visits in ${minutes()} minutes`)
