/** What the long form is made of, and how much of each. */
import type { Tally } from './counts.ts'
import { PLANS } from './episodes.ts'
import { failCalls } from './failing-calls.ts'
import { failForAWhile } from './failing-disk.ts'
import { FLIPPED_FILES, flipMany, flipTemplate } from './flips.ts'
import { fillUp } from './full-disk.ts'
import { killAndStart } from './kills.ts'
import { cutPower, type PowerCutRun } from './power-cut.ts'
import { turnReadOnly } from './read-only.ts'
import type { Rig } from './rig.ts'
import type { Seeded } from './seeded.ts'

export interface Occasion extends Pick<Rig, 'rig' | 'tools' | 'judge'> {
  tally: Tally
  random: Seeded
  seed: number
  /** So many copies, kills or lives now. */
  wanted: number
  /** Names what this occasion leaves, apart from all others. */
  round: number
}

export interface Part {
  name: string
  /** In the long form. */
  aim: number
  /** More at once would only make a fault harder to have again. */
  atOnce: number
  /** Gives how many it has done. */
  run(occasion: Occasion): Promise<number>
}

export type Progress = Map<string, number>

/** The one that is furthest behind; null when all are done. */
export function nextPart(
  parts: readonly Part[],
  progress: Progress,
  aim: (part: Part) => number,
): Part | null {
  const share = (part: Part): number => (progress.get(part.name) ?? 0) / aim(part)
  const [next] = parts.filter((part) => share(part) < 1).toSorted((a, b) => share(a) - share(b))
  return next ?? null
}

type CutOptions = Pick<PowerCutRun, 'victim'> & Partial<PowerCutRun>

const cuts = (name: string, aim: number, options: CutOptions): Part => ({
  name,
  aim,
  atOnce: 150,
  async run({ wanted, round, seed, ...occasion }) {
    const tally = occasion.tally.under(name, seed)
    await cutPower({ ...occasion, tally, name: `cut-${round}`, copies: wanted, ...options })
    return wanted
  },
})

/** Every call of a life, each plan; a life has some 350 of a device's and some 60 of a hall's. */
const calls = (victim: 'device' | 'hall', aim: number): Part => ({
  name: `calls-${victim}`,
  aim,
  atOnce: aim,
  async run({ wanted, random, ...occasion }) {
    const step = Math.max(1, Math.ceil(aim / wanted))
    const from = step === 1 ? 1 : random.between(1, step)
    await failCalls({ ...occasion, plans: Object.keys(PLANS), victim, from, step })
    return wanted
  },
})

export const PARTS: readonly Part[] = [
  cuts('cut-device', 4_500, { victim: 'device' }),
  cuts('cut-device-any-order', 2_000, { victim: 'device', mountOptions: ['data=writeback'] }),
  cuts('cut-migration', 2_000, { victim: 'device', olderRatings: 200 }),
  cuts('cut-hall', 2_500, { victim: 'hall' }),
  cuts('cut-both', 3_000, { victim: 'both' }),
  cuts('cut-both-any-order', 1_000, { victim: 'both', mountOptions: ['data=writeback'] }),
  {
    name: 'kills',
    aim: 1_000,
    atOnce: 40,
    async run({ wanted, round, seed, ...occasion }) {
      const tally = occasion.tally.under('kills', seed)
      await killAndStart({ ...occasion, tally, name: `kills-${round}`, kills: wanted })
      return wanted
    },
  },
  calls('device', 1_000),
  calls('hall', 200),
  {
    name: 'full-disk',
    aim: 20,
    atOnce: 1,
    async run({ rig, tally, round, seed }) {
      const { findings, waiting } = await fillUp(rig, `full-${round}`, { restart: round % 2 === 0 })
      if (waiting.after > 0) findings.other.push(`${waiting.after} events cannot leave the full disk`)
      tally.add('full-disk', 'copies', findings, `--seed ${seed}`)
      return 1
    },
  },
  {
    name: 'read-only',
    aim: 20,
    atOnce: 1,
    async run({ rig, tally, round, seed }) {
      const { findings } = await turnReadOnly(rig, `read-only-${round}`)
      tally.add('read-only', 'copies', findings, `--seed ${seed}`)
      return 1
    },
  },
  {
    name: 'failing-disk',
    aim: 300,
    atOnce: 1,
    async run({ rig, tally, round, seed, random }) {
      const { findings } = await failForAWhile(rig, `failing-${round}`, random)
      tally.add('failing-disk', 'copies', findings, `--seed ${seed}`)
      return 1
    },
  },
  {
    name: 'flips',
    aim: 1_500,
    atOnce: 150,
    async run({ rig, tally, random, seed, wanted }) {
      const template = await flipTemplate(rig)
      const flips = Math.ceil(wanted / FLIPPED_FILES.length)
      for (const file of FLIPPED_FILES)
        await flipMany(rig, template, { flips, random, tally: tally.under(`bit in ${file}`, seed), file })
      return flips * FLIPPED_FILES.length
    },
  },
]
