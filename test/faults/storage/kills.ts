/**
 * kill -9 of a device, its hall or both while they work, at a random moment or at any write or sync: of the work
 * itself, of a first start, and of the start after the kill before, which is still making good what that one left.
 */
import { closeSync, copyFileSync, cpSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Tally } from './counts.ts'
import type { Judge } from './judge.ts'
import { type Running, type RunningHall, startHallProcess, startWriter } from './processes.ts'
import type { Seeded } from './seeded.ts'
import { Control } from './shim.ts'

export interface KillRun {
  rig: string
  tools: { shim: string }
  judge: Judge
  tally: Pick<Tally, 'add'>
  random: Seeded
  name: string
  kills: number
}

/** Then a new device and a new hall begin, so that what has to be compared stays small. */
const KILLS_OF_A_LIFE = 40
/** Nobody gets there: a writer is killed first. */
const RATINGS = 1_000_000
/** Calls of a start, and of some work after it. */
const CALLS_OF_A_START = 60
const CALLS_OF_WORK = 400
const DURING_START = 0.4
const AT_A_CALL = 0.7
const MOMENT_MS = 150
/** What the named call does not come to by then is killed where it is. */
const WAIT_FOR_CALL_MS = 1_500

export async function killAndStart(run: KillRun): Promise<void> {
  for (let done = 0; done < run.kills; done += KILLS_OF_A_LIFE)
    await life(run, done, Math.min(KILLS_OF_A_LIFE, run.kills - done))
}

async function life(run: KillRun, before: number, kills: number): Promise<void> {
  const { rig, random, name } = run
  const home = join(rig, `${name}-${before}`)
  const folders = { device: join(home, 'device'), hall: join(home, 'hall') }
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true })
  const ledger = join(home, 'ledger')
  closeSync(openSync(ledger, 'w'))
  const controls = { device: new Control(join(home, 'd')), hall: new Control(join(home, 'h')) }
  const shim = (who: 'device' | 'hall'): Record<string, string> =>
    controls[who].environment(run.tools.shim, folders[who])

  const firstHall = await startHallProcess(folders.hall, shim('hall'))
  const { enrolmentCode } = firstHall
  const listen = new URL(firstHall.url).host
  let hall: RunningHall = firstHall
  let writer: Running | null = null
  try {
    for (let kill = 1; kill <= kills; kill += 1) {
      if (hall.ended) hall = await startHallProcess(folders.hall, shim('hall'), listen)
      const victim = random.chance(0.6) ? 'device' : random.chance(0.5) ? 'hall' : 'both'
      const aimed = victim === 'hall' ? 'hall' : 'device'
      const atCall = random.chance(AT_A_CALL)
      const within = random.chance(DURING_START) && aimed === 'device' ? CALLS_OF_A_START : CALLS_OF_WORK
      controls[aimed].stopNowhere()
      if (atCall) controls[aimed].stopAtOp(random.between(1, within), random.chance(0.5) ? 'before' : 'after')
      writer =
        writer === null || writer.ended
          ? startWriter(
              {
                folder: folders.device,
                ledger,
                hallUrl: hall.url,
                enrolmentCode,
                seed: random.between(0, 2 ** 31),
                ratings: RATINGS,
                caseBegin: `K${before + kill}X`,
              },
              shim('device'),
            )
          : writer
      const target = aimed === 'hall' ? hall : writer
      if (atCall) await target.untilStopped(WAIT_FOR_CALL_MS)
      else await sleep(random.between(0, MOMENT_MS))
      controls[aimed].stopNowhere()
      refuseOwnEnd(writer)
      if (victim !== 'hall') await writer.kill()
      if (victim !== 'device') await hall.kill()
      await judged(run, { ledger, enrolmentCode, folders }, [writer, hall], `${victim} ${before + kill}`)
    }
  } finally {
    await writer?.kill()
    await hall.kill()
    for (const control of Object.values(controls)) control.close()
  }
}

/** A kill is all that ends it; anything else is a fault of its own. */
function refuseOwnEnd(writer: Running): void {
  if (writer.ended) throw new Error(`the writer ended with ${writer.exitCode}: ${writer.words()}`)
}

async function judged(
  run: KillRun,
  what: { ledger: string; enrolmentCode: string; folders: { device: string; hall: string } },
  processes: readonly Running[],
  how: string,
): Promise<void> {
  const scratch = join(run.rig, crypto.randomUUID())
  mkdirSync(scratch)
  for (const one of processes) await one.stop()
  copyFileSync(what.ledger, join(scratch, 'ledger'))
  cpSync(what.folders.device, join(scratch, 'device'), { recursive: true })
  cpSync(what.folders.hall, join(scratch, 'hall'), { recursive: true })
  for (const one of processes) if (!one.ended) one.goOn()
  await run.judge.give(
    {
      image: null,
      device: join(scratch, 'device'),
      hall: join(scratch, 'hall'),
      deviceOnImage: false,
      hallOnImage: false,
      ledger: join(scratch, 'ledger'),
      enrolmentCode: what.enrolmentCode,
      scratch,
    },
    (findings) => run.tally.add(run.name, 'kills', findings, `${how}, ${scratch}`),
  )
}
