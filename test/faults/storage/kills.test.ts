/** Promise 1, with processes that are killed. */
import { expect, it } from 'vitest'
import { killAndStart } from './kills.ts'
import { openRig } from './rig.ts'
import { anySeed, seeded } from './seeded.ts'

const KILLS = 4
/** A start or two for each kill, on a machine that may be busy with other things. */
const TIMEOUT_MS = 240_000

const promise =
  'promise 1: nothing is lost or doubled by kill -9 of device, hall or both, also while they recover'
it(promise, { timeout: TIMEOUT_MS }, async () => {
  await using rig = openRig({ judges: 1 })
  const seed = anySeed()
  await killAndStart({ ...rig, random: seeded(seed), name: 'kills', kills: KILLS })
  await rig.judge.settled()
  expect(rig.tally.faults, `--seed ${seed}\n${rig.tally.table()}`).toEqual([])
  expect(rig.tally.total().kills).toBe(KILLS)
})
