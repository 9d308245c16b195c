/**
 * Some thousand ratings through a province in all its moods, by several instances on one database that are killed
 * meanwhile; then what the province has is held against what was stored.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sm2 } from 'sm-crypto-v2'
import { Credentials } from '../../../../sync/hall/province/signing.ts'
import { DEMO_PROVINCE } from '../../../../sync/hall/province/simulator/demo-keys.ts'
import { type Mood, seededRandom } from '../../../../sync/hall/province/simulator/moods.ts'
import type { ProvinceSimulator } from '../../../../sync/hall/province/simulator/simulator.ts'
import { type Compared, compare, type Given } from './compare.ts'
import type { InstanceOptions } from './instance.ts'
import { CITIZEN, profileOf, provinceOf, RatedHall, ratingOfLevel, settingsFor } from './support.ts'

export interface MoodyRun {
  profile: string
  ratings: number
  instances: number
  /** kill -9 of an instance, each while requests are under way, and started again at once. */
  kills: number
  seed: number
  database?: string | null
}

export interface MoodyCounts extends Compared {
  ratings: number
  /** Those that hit an instance while requests were under way. */
  kills: number
  /** Requests that the province has answered or swallowed. */
  asked: number
  /** "already rated" in answer to our own second try. */
  again: number
  /** Requests turned away for their time, and for their keys: both are changed on the way. */
  'clock off': number
  'old key': number
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

/** Far beyond what every province lets pass. */
const CLOCK_OFF_MS = 3 * 60 * 60 * 1000

const OTHER_KEYS = {
  ...DEMO_PROVINCE,
  secret: 'the-next-one',
  privateKey: '57696e646f7732340000000000000000000000000000000000000000000000b2',
  encryptionKey: '57696e646f7732340000000000000002',
}

/** The new key is at the province before somebody has put it into the hall's files. */
const KEY_LATE_MS = 50

/**
 * So long that a yes is heard also where an instance waits for a processor: one that asks again because it has not
 * looked is none that has not heard. What a killed one held is taken up by another after twice as long.
 */
const DEADLINE_SECONDS = 4

const COMMENT = '按约定办结，但等候偏长'

/** For each rating: many times what a busy machine needs. What still waits then is told. */
const DEADLINE_MS_PER_RATING = 300
const DEADLINE_FLOOR_MS = 60_000

/** As many requests as one instance has under way. */
const AT_ONCE = profileOf('zhejiang').delivery.atOnce

export async function moodyRun(run: MoodyRun): Promise<MoodyCounts> {
  const hall = await RatedHall.open({ database: run.database ?? null })
  const profile = profileOf(run.profile, { deadlineSeconds: DEADLINE_SECONDS })
  const province = await provinceOf(profile, { seed: run.seed })
  for (const [mood, chance, ms] of ALL_MOODS)
    province.moods.add(mood, ms === undefined ? { chance } : { chance, ms })
  const given = await ratingsFor(run, hall)
  const settings = settingsFor(run.profile, province.url, hall.dataDir)
  const { dataDir, sealing } = hall
  const options = {
    ...{ dataDir, database: run.database ?? null, name: run.profile, settings, sealing },
    deadlineSeconds: DEADLINE_SECONDS,
  }
  const children = Array.from({ length: run.instances }, () => startInstance(options))
  const deadline = performance.now() + Math.max(DEADLINE_FLOOR_MS, run.ratings * DEADLINE_MS_PER_RATING)
  try {
    await Promise.all(children.map(untilStarted))
    await hall.give(...[...given.values()].map(({ rating }) => rating))
    const counted = async (): Promise<number> => run.ratings - (await hall.store.province.counts()).waiting
    let kills = 0
    // Kills, the clock and the keys, each when so much of the work is done.
    for (let step = 1; step <= run.kills + 2; step += 1) {
      const done = (run.ratings * step) / (run.kills + 3)
      await until(hall, deadline, async () => (await counted()) >= done)
      if (step === 1) province.setClockOffset(CLOCK_OFF_MS)
      else if (step === 2) await changeKeys(province, hall)
      else {
        await until(hall, deadline, async () => province.underWay > 0)
        const victim = kills % children.length
        const killed = children[victim]
        if (killed !== undefined) await stopInstance(killed)
        children[victim] = startInstance(options)
        kills += 1
      }
    }
    await until(hall, deadline, async () => (await counted()) === run.ratings)
    const { refused, 'refused-duplicate': duplicate } = await hall.store.province.counts()
    const asked = (name: string): number => province.answers.get(name) ?? 0
    return {
      ratings: given.size,
      kills,
      asked: [...province.answers.values()].reduce((sum, n) => sum + n, 0),
      again: asked('rating already-there'),
      'clock off': asked('request clock'),
      'old key': asked('request unauthorised'),
      ...compare(profile, province, given, kills * AT_ONCE),
      'refused here': refused + duplicate,
      'at once': province.mostOfOneAtOnce,
    }
  } finally {
    await Promise.all(children.map(stopInstance))
    await province.close()
    await hall.close()
  }
}

/** By case and assessNumber, in the order in which they are stored. */
async function ratingsFor({ ratings, seed }: MoodyRun, hall: RatedHall): Promise<Map<string, Given>> {
  const random = seededRandom(seed)
  const comment = await hall.seal({ text: COMMENT })
  const user = await hall.seal({ user: CITIZEN })
  const channels = ['pad', 'terminal', 'keypad'] as const
  return new Map(
    Array.from({ length: ratings }, (_, n) => {
      // Every tenth is the follow-up of the bad rating before it.
      const followUp = n % 10 === 9
      const level = followUp ? 5 - (n % 3) : n % 10 === 8 ? 1 + (n % 2) : 1 + Math.floor(random() * 5)
      const said = n % 5 === 0
      const named = n % 4 === 0
      const rating = ratingOfLevel(`CASE${followUp ? n - 1 : n}`, level, {
        assessNumber: followUp ? 2 : 1,
        channel: channels[n % channels.length] ?? 'pad',
        comment: said ? comment : null,
        capturedAt: `2026-11-20T20:${String(n % 60).padStart(2, '0')}:07+08:00`,
        ...(named ? { anonymous: false, user } : {}),
      })
      const name = `${rating.case?.caseNo}/${rating.assessNumber}`
      return [name, { rating, comment: said ? COMMENT : '', userName: named ? CITIZEN.name : null }] as const
    }),
  )
}

async function changeKeys(province: ProvinceSimulator, { dataDir }: RatedHall): Promise<void> {
  province.changeKeys({
    credentials: new Credentials(OTHER_KEYS),
    publicKey: sm2.getPublicKeyFromPrivateKey(OTHER_KEYS.privateKey),
  })
  await sleep(KEY_LATE_MS)
  writeFileSync(join(dataDir, 'province.key'), OTHER_KEYS.privateKey)
  writeFileSync(join(dataDir, 'province.sm4'), OTHER_KEYS.encryptionKey)
  writeFileSync(join(dataDir, 'province.secret'), OTHER_KEYS.secret)
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

/** @throws Error with what waits, and why, when it takes longer than it ever should */
async function until(hall: RatedHall, deadline: number, holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    if (performance.now() > deadline) {
      const counts = await hall.store.province.counts()
      const rows = await hall.store.province.rows('waiting', null, 10)
      const waiting = rows.map(({ caseNo, assessNumber, reason, attempts, notBefore }) => [
        ...[caseNo, assessNumber, reason, attempts],
        new Date(Number(notBefore)).toISOString(),
      ])
      throw new Error(`nothing more has happened: ${JSON.stringify({ counts, waiting })}`)
    }
    await sleep(10)
  }
}
