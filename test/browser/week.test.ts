/** The short form of test/bench/week.ts: what one visit leaves behind shows after a few. */
import { expect, it } from 'vitest'
import { firstSeen, growthOf } from '../bench/week/flat.ts'
import { KINDS, type Kind } from '../bench/week/sessions.ts'
import { liveAWeek, type Sample } from '../bench/week/week.ts'

/** Visits without paper, card and scanner: they are quick, and most of a page's life. */
const QUICK = KINDS.filter(({ isQuick }) => isQuick) as [Kind, ...Kind[]]
const ROUNDS = 5
/** Of a test that hangs; it takes some seconds on a machine with nothing else to do. */
const WITHIN_MS = 180_000

/** Nodes and listeners are counted, not weighed: none may be left. */
const COUNTED_PART = 0.005
/**
 * What a young heap still gains by code that is compiled and tables that fill is some tens of kB a visit; the long
 * form shows that it ends.
 */
const YOUNG = { pageHeap: 80_000, deviceHeap: 250_000 } as const

it(
  'a few dozen visits leave nothing behind in the page or in the device',
  async () => {
    const { samples } = await liveAWeek({
      visits: ROUNDS * QUICK.length,
      samples: ROUNDS,
      kindOf: (visit) => QUICK[visit % QUICK.length] ?? QUICK[0],
    })
    const growth = (measure: keyof Sample, allowedPart = 0) =>
      growthOf(
        samples.map((sample) => sample[measure]),
        allowedPart,
      )
    expect(growth('nodes', COUNTED_PART)).toMatchObject({ isFlat: true })
    expect(growth('listeners', COUNTED_PART)).toMatchObject({ isFlat: true })
    const rounds = samples.length - firstSeen(samples.length) - 1
    const perVisit = (measure: keyof Sample) => growth(measure).growth / (rounds * QUICK.length)
    expect(perVisit('pageHeap')).toBeLessThan(YOUNG.pageHeap)
    expect(perVisit('deviceHeap')).toBeLessThan(YOUNG.deviceHeap)
  },
  WITHIN_MS,
)
