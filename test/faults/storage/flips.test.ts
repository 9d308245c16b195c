/** A store in which one bit is another one. */
import { expect, it } from 'vitest'
import { Tally } from './counts.ts'
import { FLIPPED_FILES, flipMany, flipTemplate } from './flips.ts'
import { openRig } from './rig.ts'
import { anySeed, seeded } from './seeded.ts'

/** For each file. */
const FLIPS = 6
/** Some seconds, and ten times that on a machine that is busy with other things. */
const TIMEOUT_MS = 180_000

const promise =
  'promise 2: a flipped bit never sends anything wrong, loses nothing in silence and stops no start'
it(promise, { timeout: TIMEOUT_MS }, async () => {
  await using rig = openRig({ judges: 0 })
  const tally = new Tally()
  const template = await flipTemplate(rig.rig)
  const seed = anySeed()
  const random = seeded(seed)
  for (const file of FLIPPED_FILES) await flipMany(rig.rig, template, { flips: FLIPS, random, tally, file })
  expect(tally.faults, `--seed ${seed}`).toEqual([])
  expect(tally.total().copies).toBe(FLIPS * FLIPPED_FILES.length)
})
