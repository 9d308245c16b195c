/** A disk that is full, or fails, at a write or a sync; the long form tries each of them. */
import { expect, it } from 'vitest'
import { PLANS } from './episodes.ts'
import { failCalls } from './failing-calls.ts'
import { openRig } from './rig.ts'
import { anySeed, seeded } from './seeded.ts'

/** For each plan. */
const LIVES = 3
/** Spreads so few lives over the calls of one. */
const STEP = { device: 37, hall: 9 }
/** Some seconds, and ten times that on a machine that is busy with other things. */
const TIMEOUT_MS = 180_000

it.each(['device', 'hall'] as const)(
  'promise 1: whichever write or sync of a %s fails, what was acknowledged stays and the rest goes on once it can',
  { timeout: TIMEOUT_MS },
  async (victim) => {
    await using rig = openRig({ judges: 0 })
    const from = seeded(anySeed()).between(1, STEP[victim])
    const plans = Object.keys(PLANS)
    const lives = await failCalls({ ...rig, plans, victim, from, step: STEP[victim], most: LIVES })
    expect(rig.tally.faults, `from call ${from}`).toEqual([])
    expect(new Set(lives.map(({ plan }) => plan))).toEqual(new Set(plans))
  },
)
