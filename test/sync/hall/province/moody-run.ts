/**
 * Some thousand ratings through a province in all its moods, by several instances on one database that are killed
 * meanwhile; then what the province has is held against what was stored.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type Mood, seededRandom } from '../../../../sync/hall/province/simulator/moods.ts'
import type { InstanceOptions } from './instance.ts'
import { CITIZEN, profileOf, provinceOf, RatedHall, ratingOfLevel } from './support.ts'

export interface MoodyRun {
  profile: string
  ratings: number
  instances: number
  /** kill -9 of an instance, at random moments, each started again at once. */
  kills: number
  seed: number
  database?: string | null
}

export interface MoodyCounts {
  ratings: number
  kills: number
  /** Requests that the province has answered or swallowed. */
  asked: number
  /** "already rated" in answer to our own second try. */
  again: number
  lost: number
  doubled: number
  altered: number
  'out of order': number
  'refused here': number
  'at once': number
}

const ALL_MOODS: readonly (readonly [Mood, number, number?])[] = [
  ['lost-request', 0.04],
  ['lost-answer', 0.08],
  ['half-open', 0.004],
  ['slow', 0.03, 30],
  ['shuffled', 0.5, 12],
  ['error-before', 0.04],
  ['error-after', 0.05],
  ['too-many', 0.03],
  ['busy', 0.03],
  ['page', 0.03],
  ['page-after', 0.03],
  ['twice', 0.05],
  ['services-lost', 0.002],
]

const INSTANCE = join(import.meta.dirname, 'instance.ts')

/** A killed instance's successor gets so far before it is killed as well. */
const LIFE_MS = 1_200

export async function moodyRun(run: MoodyRun): Promise<MoodyCounts> {
  const random = seededRandom(run.seed)
  const hall = await RatedHall.open({ database: run.database ?? null })
  const province = await provinceOf(profileOf(run.profile), { seed: run.seed })
  for (const [mood, chance, ms] of ALL_MOODS)
    province.moods.add(mood, ms === undefined ? { chance } : { chance, ms })
  const expected = new Map<string, { level: number; comment: string }>()
  const comment = await hall.seal({ text: '按约定办结，但等候偏长' })
  const user = await hall.seal({ user: CITIZEN })
  const given = Array.from({ length: run.ratings }, (_, n) => {
    // Every tenth is the follow-up of the bad rating before it.
    const followUp = n % 10 === 9
    const level = followUp ? 5 - (n % 3) : n % 10 === 8 ? 1 + (n % 2) : 1 + Math.floor(random() * 5)
    const caseNo = `CASE${followUp ? n - 1 : n}`
    const said = n % 5 === 0
    expected.set(`${caseNo}/${followUp ? 2 : 1}`, { level, comment: said ? '按约定办结，但等候偏长' : '' })
    return ratingOfLevel(caseNo, level, {
      assessNumber: followUp ? 2 : 1,
      comment: said ? comment : null,
      ...(n % 4 === 0 ? { anonymous: false, user } : {}),
    })
  })
  const options = {
    dataDir: hall.dataDir,
    database: run.database ?? null,
    name: run.profile,
    url: province.url,
  }
  const start = (): ChildProcess => startInstance({ ...options, sealing: hall.sealing })
  const children = Array.from({ length: run.instances }, start)
  try {
    await Promise.all(children.map(untilStarted))
    await hall.give(...given)
    for (let kill = 0; kill < run.kills; kill += 1) {
      await new Promise((resolve) => setTimeout(resolve, random() * LIFE_MS))
      const victim = kill % children.length
      children[victim]?.kill('SIGKILL')
      children[victim] = start()
    }
    await untilNothingWaits(hall)
    return compare(run, province, expected, await hall.store.province.counts())
  } finally {
    await Promise.all(children.map(stopInstance))
    await province.close()
    await hall.close()
  }
}

function startInstance(options: InstanceOptions): ChildProcess {
  return spawn(process.execPath, [INSTANCE, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function untilStarted({ stdout }: ChildProcess): Promise<void> {
  if (stdout !== null) await once(stdout, 'data')
}

async function stopInstance(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

async function untilNothingWaits(hall: RatedHall): Promise<void> {
  while ((await hall.store.province.counts()).waiting > 0)
    await new Promise((resolve) => setTimeout(resolve, 50))
}

function compare(
  { kills }: MoodyRun,
  province: Awaited<ReturnType<typeof provinceOf>>,
  expected: ReadonlyMap<string, { level: number; comment: string }>,
  counts: Record<string, number>,
): MoodyCounts {
  const kept = new Map<string, number>()
  const firsts = new Set<string>()
  let altered = 0
  let outOfOrder = 0
  for (const { caseNo, assessNumber, level, comment } of province.ratings) {
    const name = `${caseNo}/${assessNumber}`
    kept.set(name, (kept.get(name) ?? 0) + 1)
    const stored = expected.get(name)
    if (stored?.level !== level || stored.comment !== comment) altered += 1
    if (assessNumber === 1) firsts.add(caseNo)
    else if (!firsts.has(caseNo)) outOfOrder += 1
  }
  return {
    ratings: expected.size,
    kills,
    asked: [...province.answers.values()].reduce((sum, n) => sum + n, 0),
    again: province.answers.get('rating already-there') ?? 0,
    lost: [...expected.keys()].filter((name) => !kept.has(name)).length,
    doubled: [...kept.values()].filter((n) => n > 1).length,
    altered,
    'out of order': outOfOrder,
    'refused here': (counts.refused ?? 0) + (counts['refused-duplicate'] ?? 0),
    'at once': province.mostOfOneAtOnce,
  }
}
