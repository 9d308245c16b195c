/**
 * One short life of a device and its hall, again and again, in which one more call of theirs fails each time: the
 * first write, the second, and so on until the whole life is through. After each the disk is well again, and what it
 * holds is judged.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startHall } from '../../../sync/hall/hall.ts'
import { check, words } from './check.ts'
import { type Findings, isClean } from './findings.ts'
import { openLedger, readLedger } from './ledger.ts'
import { connect, openRecords, recover } from './records.ts'
import { seeded } from './seeded.ts'
import { CHANGES, Control, type FaultPlan, FOR_EVER, SYNC } from './shim.ts'
import { capture, codeOf } from './writer.ts'

export interface EpisodesOptions {
  /** Below here both live; the shim watches it. */
  folder: string
  control: string
  /** Whose calls fail. */
  victim: 'device' | 'hall'
  /** By their names. */
  plans: readonly string[]
  /** The first call that fails, and how many further on the next. */
  from: number
  step: number
  /** At most so many lives for each plan; all when null. */
  most: number | null
}

export interface Episode {
  plan: string
  at: number
  findings: Findings
  /** What the product said of it, by its code. */
  codes: string[]
}

const RATINGS = 4
/** A delivery that is refused is tried again within half a second; the judge waits for the rest. */
const DELIVERY_MS = 150
const LOOK_MS = 5

export async function* episodes(options: EpisodesOptions): AsyncGenerator<Episode> {
  const control = new Control(options.control)
  for (const plan of options.plans) yield* livesOf(plan, options, control)
  control.close()
}

/** Ends with the first life in which nothing failed: there is no such call any more. */
async function* livesOf(plan: string, options: EpisodesOptions, control: Control): AsyncGenerator<Episode> {
  const fault = PLANS[plan]
  if (fault === undefined)
    throw new Error(`no plan is called ${plan}; there are ${Object.keys(PLANS).join(', ')}`)
  const lives = options.most ?? Number.POSITIVE_INFINITY
  for (let life = 0; life < lives; life += 1) {
    const at = options.from + life * options.step
    const folder = join(options.folder, plan, String(at))
    const home = (who: 'device' | 'hall'): string =>
      // The shim watches what begins with the folder's name; the other one's lies beside it.
      who === options.victim
        ? join(folder, who)
        : join(`${dirOutside(options.folder)}`, plan, String(at), who)
    const cut = {
      device: home('device'),
      hall: home('hall'),
      ledger: join(dirOutside(options.folder), `${plan}-${at}-ledger`),
    }
    for (const one of [cut.device, cut.hall]) mkdirSync(one, { recursive: true })
    writeFileSync(cut.ledger, '')
    const hall = await startHall({ dataDir: cut.hall, listen: '127.0.0.1:0', demo: false })
    const enrolmentCode = hall.createEnrolmentCode()
    await hall.counts()
    control.fail({ ...fault, at })
    const codes = await live(cut.device, hall.url, enrolmentCode, cut.ledger)
    const { failed } = control
    control.mend()
    await hall.close()
    const findings = await check({ ...cut, enrolmentCode })
    if (isClean(findings)) {
      rmSync(folder, { recursive: true, force: true })
      rmSync(join(dirOutside(options.folder), plan, String(at)), { recursive: true, force: true })
    }
    yield { plan, at, findings, codes }
    if (failed === 0) return
  }
}

const dirOutside = (watched: string): string => join(watched, '..', 'unwatched')

/** Whatever fails is told and gone round, as people and supervisors do; a process that dies of it dies here. */
async function live(folder: string, hallUrl: string, code: string, ledgerPath: string): Promise<string[]> {
  const ledger = openLedger(ledgerPath)
  const codes: string[] = []
  await using parts = new AsyncDisposableStack()
  parts.defer(() => ledger.close())
  try {
    const records = openRecords(folder)
    parts.defer(() => tried(() => records.close(), codes))
    const line = await connect(records, hallUrl, code)
    parts.defer(() => line.close())
    ledger.note({ kind: 'enrolled', deviceId: records.identity.deviceId ?? '' })
    recover(records)
    const random = seeded(1)
    for (let n = 1; n <= RATINGS; n += 1) await capture(records, `E${n}`, random, ledger)
    const end = performance.now() + DELIVERY_MS
    while (records.outbox.backlog().count > 0 && performance.now() < end) await sleep(LOOK_MS)
    records.db.pragma('wal_checkpoint(TRUNCATE)')
  } catch (error) {
    codes.push(codeOf(error))
  }
  for (const entry of readLedger(ledgerPath)) if (entry.kind === 'refused') codes.push(entry.code)
  return codes
}

function tried(action: () => void, codes: string[]): void {
  try {
    action()
  } catch (error) {
    codes.push(words(error))
  }
}

/** By name, for a command line. */
export const PLANS: Readonly<Record<string, Omit<FaultPlan, 'at'>>> = {
  'disk-full-once': { kinds: CHANGES, times: 1, errno: 'ENOSPC' },
  'disk-full-from-there': { kinds: CHANGES, times: FOR_EVER, errno: 'ENOSPC', shortFirst: true },
  'write-fails': { kinds: CHANGES, times: 1, errno: 'EIO' },
  'sync-fails': { kinds: SYNC, times: 1, errno: 'EIO' },
  'syncs-fail-from-there': { kinds: SYNC, times: FOR_EVER, errno: 'EIO' },
}
