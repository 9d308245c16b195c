/**
 * Whatever the citizen, the clerk, the clock and a stop of the program do in the same moment: each question has one
 * outcome, the window is told that one, and no question appears over another that is unfinished.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { temporaryFolder } from '../support/house.ts'
import { openPadRoom } from '../support/pad-room.ts'
import { anyAtOnce, type BusyPad, openBusyPad } from './races/at-once.ts'
import { atTheVeryMoment, movesAtOnce } from './races/moves.ts'
import { Play, type Stage } from './races/play.ts'

/** The long form, `node scripts/run.js test/faults/pad/races.ts`, has more of each. */
const AS_LONG = z.object({
  runs: z.int().default(60),
  moments: z.int().default(12),
  /** On real wires. */
  rounds: z.int().default(25),
  seed: z.int().optional(),
})
const { runs, moments: most, rounds, seed } = AS_LONG.parse(JSON.parse(process.env.RACES ?? '{}'))
const long = { endOnFailure: true, ...(seed !== undefined && { seed }) }

it('every question has one outcome, whatever falls on the same moment', async () => {
  vi.useFakeTimers({ now: new Date('2026-11-21T10:00:00+08:00') })
  onTestFinished(() => void vi.useRealTimers())
  await using parts = new AsyncDisposableStack()
  const folder = await temporaryFolder(parts)
  const stage: Stage = { folder, room: openPadRoom(folder) }
  parts.defer(() => stage.room.close())
  await fc.assert(
    fc.asyncProperty(fc.array(movesAtOnce, { minLength: 1, maxLength: most }), async (moments) => {
      const play = new Play(stage)
      for (const moves of moments) await play.together(moves)
      await play.over()
    }),
    {
      ...long,
      numRuns: runs + atTheVeryMoment.length,
      examples: atTheVeryMoment.map((moments) => [moments]),
    },
  )
})

describe('over real wires, all at once', () => {
  const parts = new AsyncDisposableStack()
  let pad: BusyPad
  beforeAll(async () => {
    pad = await openBusyPad(parts)
  })
  afterAll(() => parts.disposeAsync())

  it('citizen, clerk and keypad end each question once, and the hall has what the window was told', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyAtOnce, { minLength: 2, maxLength: 5 }),
        async (all) => await pad.round(all),
      ),
      { ...long, numRuns: rounds },
    )
    const outcomes = await pad.outcomes()
    expect(outcomes.size).toBeGreaterThanOrEqual(rounds)
    for (const { told, stored } of outcomes.values()) expect(stored).toEqual(told)
    expect(pad.unit.errors).toEqual([])
  })
})
