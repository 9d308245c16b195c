/** Promise 1, with the power going at any moment. The long form: node scripts/run.js test/faults/storage/run.ts --long */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Tally } from './counts.ts'
import { cutPower, type PowerCutRun, type Victim } from './power-cut.ts'
import { openRig, type Rig } from './rig.ts'
import { anySeed, seeded } from './seeded.ts'

const COPIES = 20
/** Up to six of the first stop, where nothing can be lost yet; each of the others lacks something that is waited for. */
const LYING_COPIES = 10
/** Of a first start or a migration, with up to six copies; the other stops are spread over the work after it. */
const FIRST_STOPS = 1
/** Four processes for each run: some 10 s, and ten times that on a machine that is busy with other things. */
const TIMEOUT_MS = 240_000
/** Two compilations; judges that may be at work on what a failed test has left. */
const HOOK_TIMEOUT_MS = 60_000

let rig: Rig
beforeAll(() => {
  rig = openRig({ judges: 2 })
}, HOOK_TIMEOUT_MS)
afterAll(() => rig[Symbol.asyncDispose](), HOOK_TIMEOUT_MS)

async function cut(
  victim: Victim,
  options: Partial<PowerCutRun> = {},
): Promise<{ tally: Tally; seed: number }> {
  const seed = anySeed()
  const tally = new Tally()
  const name = `cut-${seed}`
  await cutPower({
    ...rig,
    tally,
    random: seeded(seed),
    name,
    victim,
    copies: COPIES,
    firstStops: FIRST_STOPS,
    ...options,
  })
  await rig.judge.settled()
  return { tally, seed }
}

const nothingLost = ({ tally, seed }: { tally: Tally; seed: number }): void => {
  expect(tally.faults, `--seed ${seed}\n${tally.table()}`).toEqual([])
  expect(tally.total().copies).toBe(COPIES)
  expect(tally.total().acknowledged).toBeGreaterThan(0)
}

const promise = 'promise 1: no rating that was acknowledged is lost, and none is doubled, when the power goes'
describe(promise, { timeout: TIMEOUT_MS }, () => {
  it('at a device, at any write or sync from its first start on', async () => {
    nothingLost(await cut('device'))
  })

  it('at a device that brings an older store up to date', async () => {
    nothingLost(await cut('device', { olderRatings: 60 }))
  })

  it('at the hall server alone', async () => {
    nothingLost(await cut('hall'))
  })

  it('at both at once, on a file system that writes data and metadata in any order', async () => {
    nothingLost(await cut('both', { mountOptions: ['data=writeback'] }))
  })
})

it('a disk that answers for syncs and makes none is found out by the same means', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { tally } = await cut('device', { lies: true, copies: LYING_COPIES })
  expect(tally.total().lost).toBeGreaterThan(0)
})
