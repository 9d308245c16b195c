/**
 * The power goes while a device and its hall work: at a random moment, before or after any write or sync, from the
 * first start on. Each time the disk is copied as it would be found afterwards, several ways.
 */
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Tally } from './counts.ts'
import { makeDisk } from './disk.ts'
import type { Judge } from './judge.ts'
import { readLedger } from './ledger.ts'
import { layOlderStore } from './older-store.ts'
import { flush, type Scene, takeCopies } from './power-cut-copies.ts'
import { beginHall, type Running, type RunningHall, startWriter } from './processes.ts'
import type { Seeded } from './seeded.ts'
import { Control, FOR_EVER, SYNC } from './shim.ts'

/** Whose disk it is that goes; the other one's lies in memory and stays as it is at that moment. */
export type Victim = 'device' | 'hall' | 'both'

export interface PowerCutRun {
  rig: string
  tools: { shim: string; keep: string }
  judge: Judge
  tally: Pick<Tally, 'add'>
  random: Seeded
  name: string
  victim: Victim
  /** Ends when so many copies were taken. */
  copies: number
  mountOptions?: readonly string[]
  /** A disk that answers for syncs and makes none: it must be found out, or this rig finds nothing. */
  lies?: boolean
  /** So many stops lie close together at the beginning. */
  firstStops?: number
  /** What waits in the store of an earlier version, whose migration the cuts then meet. */
  olderRatings?: number
}

/** A first start is some hundred calls; after them a stop is looked for further apart. */
const CALLS_APART_AT_FIRST = 3
const CALLS_APART = 40
const FIRST_STOPS = 30
/** So often the moment is any, and not one of the product's own. */
const ANY_MOMENT = 0.25
const ANY_MOMENT_MS = 30
/** A stop that does not come means that nothing is written any more; a start on a loaded machine takes seconds. */
const WAIT_FOR_STOP_MS = 2_000
const WAIT_FOR_START_MS = 20_000
const GO_ON_EVERY_MS = 50
const LOOK_MS = 2
/** Of a run's copies, for the start of the hall. */
const SHARE_OF_START = 0.3

type Controls = Record<'device' | 'hall', Control>

export async function cutPower(run: PowerCutRun): Promise<void> {
  const { rig, tools, random, name } = run
  await using parts = new AsyncDisposableStack()
  const disk = makeDisk(rig, name, run.mountOptions)
  parts.defer(() => disk.remove())
  const memory = join(rig, `${name}-memory`)
  parts.defer(() => rmSync(memory, { recursive: true, force: true }))
  const folders = {
    device: join(run.victim === 'hall' ? memory : disk.folder, 'device'),
    hall: join(run.victim === 'device' ? memory : disk.folder, 'hall'),
  }
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true })
  const ledger = join(rig, `${name}-ledger`)
  closeSync(openSync(ledger, 'w'))
  flush(disk)

  const controls = { device: new Control(join(rig, `${name}-d`)), hall: new Control(join(rig, `${name}-h`)) }
  for (const control of Object.values(controls)) {
    parts.defer(() => control.close())
    if (run.lies) control.fail({ kinds: SYNC, at: 1, times: FOR_EVER, errno: 'swallowed' })
  }
  const watched = (who: 'device' | 'hall'): Record<string, string> =>
    run.victim === who || run.victim === 'both' ? controls[who].environment(tools.shim, folders[who]) : {}

  const scene: Scene = { run, disk, folders, ledger, enrolmentCode: '', taken: 0 }
  const hall = await startedHall(scene, controls.hall, watched('hall'))
  parts.defer(() => hall.kill())
  scene.enrolmentCode = hall.enrolmentCode
  const { enrolmentCode, url: hallUrl } = hall
  if (run.olderRatings !== undefined) {
    const ratings = run.olderRatings
    await goingOn([hall], layOlderStore({ folder: folders.device, ledger, hallUrl, enrolmentCode, ratings }))
    flush(disk)
  }

  for (let session = 1; scene.taken < run.copies; session += 1) {
    controls.device.stopAtOp(random.between(1, CALLS_APART_AT_FIRST), 'before')
    const seed = random.between(0, 2 ** 31)
    const caseBegin = `C${session}X`
    const writer = startWriter(
      { folder: folders.device, ledger, hallUrl, enrolmentCode, seed, ratings: run.copies, caseBegin },
      watched('device'),
    )
    try {
      await cutWhile(scene, { writer, hall }, controls, session === 1 ? (run.firstStops ?? FIRST_STOPS) : 0)
      if (writer.exitCode !== null && writer.exitCode !== 0)
        throw new Error(`the writer ended with ${writer.exitCode}: ${writer.words()}`)
    } finally {
      await writer.kill()
    }
  }
}

/** The hall's own first start is cut as well, where its disk is the one that goes. */
async function startedHall(
  scene: Scene,
  control: Control,
  environment: Record<string, string>,
): Promise<RunningHall> {
  const { run } = scene
  const mayTake = run.victim === 'device' ? 0 : Math.ceil(run.copies * SHARE_OF_START)
  if (mayTake > 0) control.stopAtOp(run.random.between(1, CALLS_APART_AT_FIRST), 'before')
  const { process, ready } = beginHall(scene.folders.hall, environment)
  let isUp = false
  const up = ready.finally(() => {
    isUp = true
  })
  // Told by whoever awaits it below.
  up.catch(() => {})
  for (let stops = control.stops; scene.taken < mayTake; stops = control.stops) {
    const stands = await process.untilStopped(WAIT_FOR_START_MS, () => isUp)
    if (!stands) break
    if (control.stops > stops || stops > 0) await takeCopies(scene)
    control.stopAtOp(run.random.between(1, CALLS_APART_AT_FIRST), run.random.chance(0.5) ? 'before' : 'after')
    process.goOn()
  }
  control.stopNowhere()
  return await goingOn([process], ready)
}

/**
 * Whoever has reached the call at which it was to stop may stop a moment after it was told to go on, and nobody would
 * tell it again: what is waited for here would never come.
 */
async function goingOn<T>(processes: readonly Running[], awaited: Promise<T>): Promise<T> {
  const goOn = (): void => {
    for (const process of processes) process.goOn()
  }
  goOn()
  const again = setInterval(goOn, GO_ON_EVERY_MS)
  try {
    return await awaited
  } finally {
    clearInterval(again)
  }
}

/** The first stops may all lie in the start: the others are for the work after it. */
async function untilRated(ledger: string, writer: Running): Promise<void> {
  while (!writer.ended && !readLedger(ledger).some(({ kind }) => kind === 'rated')) await sleep(LOOK_MS)
}

async function cutWhile(
  scene: Scene,
  { writer, hall }: { writer: Running; hall: RunningHall },
  controls: Controls,
  firstStops: number,
): Promise<void> {
  const { random, victim, copies } = scene.run
  const calls = (): number => controls.device.ops + controls.hall.ops
  let copiedAt = -1
  for (let stops = 0; ; stops += 1) {
    if (stops > 0 && stops === firstStops) await goingOn([writer, hall], untilRated(scene.ledger, writer))
    const who = victim === 'both' ? (stops > 0 && random.chance(0.5) ? 'hall' : 'device') : victim
    const process = who === 'device' ? writer : hall
    // The first stop of a device was set before it was started.
    if (stops > 0 || who === 'hall') {
      const apart = stops < firstStops ? CALLS_APART_AT_FIRST : CALLS_APART
      const when = random.chance(0.5) ? 'before' : 'after'
      if (random.chance(0.5)) controls[who].stopAtOp(random.between(1, apart), when)
      else controls[who].stopAtSync(random.between(1, Math.ceil(apart / 4)), when)
    }
    const anyMoment = stops > firstStops && random.chance(ANY_MOMENT)
    const waitMs =
      stops === 0 ? WAIT_FOR_START_MS : anyMoment ? random.between(0, ANY_MOMENT_MS) : WAIT_FOR_STOP_MS
    const stands = await process.untilStopped(waitMs, () => writer.ended)
    controls[who].stopNowhere()
    if (!stands || !(await writer.stop()) || !(await hall.stop())) break
    // Where nothing was written or synced since, the same disk would only be judged twice.
    if (calls() !== copiedAt) await takeCopies(scene)
    copiedAt = calls()
    if (scene.taken >= copies) break
    hall.goOn()
    writer.goOn()
  }
  if (hall.ended) throw new Error(`the hall has ended: ${hall.words()}`)
  hall.goOn()
}
