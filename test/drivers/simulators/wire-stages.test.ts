import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  drop,
  duplicate,
  flip,
  MAX_HELD_BYTES,
  merge,
  noise,
  type Stage,
  slow,
  split,
  stall,
  swallow,
} from '../../../drivers/simulators/wire-stages.ts'
import { join } from '../support.ts'

interface Left {
  atMs: number
  bytes: Uint8Array
}

/** Bytes come `afterMs` after those before them. */
interface Arrival {
  afterMs: number
  bytes: Uint8Array
}

const ENOUGH_ROUNDS = 100_000

/** Runs a stage on a clock of its own, waking it exactly when it asks to be. */
function run(stage: Stage, arrivals: readonly Arrival[], untilMs = Number.POSITIVE_INFINITY): Left[] {
  const left: Left[] = []
  const leave = (atMs: number, pieces: readonly Uint8Array[]) =>
    left.push(...pieces.map((bytes) => ({ atMs, bytes })))
  let nowMs = 0
  const wake = (beforeMs: number) => {
    for (let round = 0; round < ENOUGH_ROUNDS; round += 1) {
      const nextMs = stage.nextMs()
      if (nextMs === Number.POSITIVE_INFINITY || nextMs > beforeMs) return
      nowMs = Math.max(nowMs, nextMs)
      leave(nowMs, stage.due(nowMs))
    }
    throw new Error('the stage asks to be woken for ever')
  }
  for (const { afterMs, bytes } of arrivals) {
    const atMs = nowMs + afterMs
    wake(atMs)
    nowMs = atMs
    leave(nowMs, stage.push(bytes, nowMs))
  }
  wake(untilMs)
  leave(nowMs, stage.end())
  return left
}

const all = (pieces: readonly { bytes: Uint8Array }[]) => join(...pieces.map((piece) => piece.bytes))

const arrivals = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 50 }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  }),
  { maxLength: 12 },
)
const every = fc.integer({ min: 1, max: 9 })

const patient: [string, fc.Arbitrary<() => Stage>][] = [
  [
    'split',
    fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 20 })).map(
      ([bytes, gapMs]) =>
        () =>
          split(bytes, gapMs),
    ),
  ],
  ['merge', fc.integer({ min: 0, max: 80 }).map((holdMs) => () => merge(holdMs))],
  ['stall', fc.constant(() => stall())],
  ['slow', fc.constantFrom(300, 9600, 115_200).map((baud) => () => slow(baud))],
]

test.each(patient)('%s changes no byte and keeps their order', (_, stages) => {
  fc.assert(
    fc.property(stages, arrivals, (make, coming) => {
      expect(all(run(make(), coming))).toEqual(all(coming))
    }),
  )
})

test.each(patient)(
  '%s holds exactly what has come and not left, and nothing once the cable was out',
  (_, stages) => {
    fc.assert(
      fc.property(stages, arrivals, (make, coming) => {
        const stage = make()
        let nowMs = 0
        let leftBytes = 0
        let comeBytes = 0
        for (const { afterMs, bytes } of coming) {
          nowMs += afterMs
          comeBytes += bytes.length
          for (const piece of [...stage.due(nowMs), ...stage.push(bytes, nowMs)]) leftBytes += piece.length
          expect(stage.heldBytes).toBe(comeBytes - leftBytes)
        }
        stage.forget()
        expect(stage.heldBytes).toBe(0)
        expect(stage.nextMs()).toBe(Number.POSITIVE_INFINITY)
        expect(stage.end()).toEqual([])
      }),
    )
  },
)

test('a split line gives pieces of the size asked for, never sooner than the gap', () => {
  fc.assert(
    fc.property(every, fc.integer({ min: 0, max: 20 }), arrivals, (bytes, gapMs, coming) => {
      const left = run(split(bytes, gapMs), coming)
      for (const [index, piece] of left.entries()) {
        expect(piece.bytes.length).toBeLessThanOrEqual(bytes)
        const before = left[index - 1]
        if (before !== undefined) expect(piece.atMs - before.atMs).toBeGreaterThanOrEqual(gapMs)
      }
    }),
  )
})

test('a merging line gives one piece for all that came while it held', () => {
  const coming = [0, 10, 30, 1, 9].map((afterMs, index) => ({ afterMs, bytes: Uint8Array.of(index) }))
  expect(run(merge(20), coming)).toEqual([
    { atMs: 20, bytes: Uint8Array.of(0, 1) },
    { atMs: 60, bytes: Uint8Array.of(2, 3, 4) },
  ])
})

test('a stalled line gives everything at once when it moves again', () => {
  const coming = [0, 10, 3000].map((afterMs, index) => ({ afterMs, bytes: Uint8Array.of(index) }))
  expect(run(stall(), coming)).toEqual([{ atMs: 3010, bytes: Uint8Array.of(0, 1, 2) }])
})

test('a slow line never gives a byte before its last bit has come', () => {
  fc.assert(
    fc.property(fc.constantFrom(300, 9600, 115_200), fc.uint8Array({ minLength: 1 }), (baud, bytes) => {
      let count = 0
      for (const piece of run(slow(baud), [{ afterMs: 0, bytes }])) {
        count += piece.bytes.length
        expect(piece.atMs).toBeGreaterThanOrEqual((count * 10_000) / baud - 0.001)
      }
    }),
  )
})

test('a line that drops loses exactly every nth byte, counted over all sends', () => {
  fc.assert(
    fc.property(every, arrivals, (n, coming) => {
      const kept = all(coming).filter((_, index) => (index + 1) % n !== 0)
      expect(all(run(drop(n), coming))).toEqual(kept)
    }),
  )
})

test('a line that flips turns over exactly those bits of exactly every nth byte', () => {
  fc.assert(
    fc.property(every, fc.integer({ min: 1, max: 255 }), arrivals, (n, mask, coming) => {
      const left = all(run(flip(n, mask), coming))
      const turned = all(coming).map((byte, index) => ((index + 1) % n === 0 ? byte ^ mask : byte))
      expect(left).toEqual(turned)
    }),
  )
})

test('a line that duplicates gives each send twice, one after the other', () => {
  fc.assert(
    fc.property(arrivals, (coming) => {
      const twice = coming.flatMap(({ bytes }) => [bytes, bytes])
      expect(run(duplicate(), coming).map((piece) => piece.bytes)).toEqual(twice)
    }),
  )
})

test('a half-open line gives nothing', () => {
  fc.assert(
    fc.property(arrivals, (coming) => {
      expect(run(swallow(), coming)).toEqual([])
    }),
  )
})

test('noise comes whether anything is said or not, between the sends and never inside one', () => {
  const said = Uint8Array.of(1, 2, 3, 4, 5)
  const left = run(noise(20, 4, 7, 0), [{ afterMs: 50, bytes: said }], 100)
  expect(left.map(({ atMs, bytes }) => [atMs, bytes.length])).toEqual([
    [20, 4],
    [40, 4],
    [50, 5],
    [60, 4],
    [80, 4],
    [100, 4],
  ])
  expect(left[2]?.bytes).toEqual(said)
})

test('the same seed makes the same noise, another seed makes another', () => {
  const heard = (seed: number) => all(run(noise(1, 16, seed, 0), [], 32))
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (seed) => {
      expect(heard(seed)).toEqual(heard(seed))
      expect(heard(seed)).not.toEqual(heard(seed ^ 1))
    }),
  )
  expect(new Set(heard(7)).size).toBeGreaterThan(150)
})

test('a stalled line that is never released holds a bounded number of bytes', () => {
  const stage = stall()
  const chunk = new Uint8Array(100_000)
  for (let round = 0; round < 20; round += 1) stage.push(chunk, round)
  expect(stage.heldBytes).toBe(MAX_HELD_BYTES)
})
