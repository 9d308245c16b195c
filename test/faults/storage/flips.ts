/**
 * One bit of a store is another one, in the database, its WAL or its shared memory: at rest, or under a device that
 * is killed. Nothing wrong may reach the hall, no start may hang in a circle, and what is lost must be told.
 */
import {
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { startHall } from '../../../sync/hall/hall.ts'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { verifyStore } from '../../../sync/hall/verify.ts'
import { drained, ownEvents, words } from './check.ts'
import type { Tally } from './counts.ts'
import { type Findings, noFindings } from './findings.ts'
import { type Acknowledged, openLedger, readLedger } from './ledger.ts'
import { connect, finished, newQuestion, openRecords, type Records, recover, tapped } from './records.ts'
import { type Seeded, seeded } from './seeded.ts'
import { capture } from './writer.ts'

export const FLIPPED_FILES = ['store.sqlite', 'store.sqlite-wal', 'store.sqlite-shm'] as const
export type FlippedFile = (typeof FLIPPED_FILES)[number]

export interface Template {
  folder: string
  enrolmentCode: string
  texts: string[]
}

const RATINGS_SENT = 12
const RATINGS_WAITING = 25

/** A device as a kill leaves it: some of its facts at the hall, the others waiting, database and WAL both in use. */
export async function flipTemplate(rig: string): Promise<Template> {
  const live = join(rig, `flip-live-${crypto.randomUUID()}`)
  const folder = join(rig, `flip-template-${crypto.randomUUID()}`)
  for (const one of ['device', 'hall']) mkdirSync(join(live, one), { recursive: true })
  writeFileSync(join(live, 'ledger'), '')
  const ledger = openLedger(join(live, 'ledger'))
  const random = seeded(1)
  const hall = await startHall({ dataDir: join(live, 'hall'), listen: '127.0.0.1:0', demo: false })
  const enrolmentCode = hall.createEnrolmentCode()
  const records = openRecords(join(live, 'device'))
  const line = await connect(records, hall.url, enrolmentCode)
  ledger.note({ kind: 'enrolled', deviceId: records.identity.deviceId ?? '' })
  for (let n = 1; n <= RATINGS_SENT; n += 1) await capture(records, `F${n}`, random, ledger)
  await drained(noFindings(), records)
  await line.close()
  for (let n = 1; n <= RATINGS_WAITING; n += 1) {
    if (n === Math.floor(RATINGS_WAITING / 2)) records.db.pragma('wal_checkpoint(TRUNCATE)')
    await capture(records, `W${n}`, random, ledger)
  }
  const open = await newQuestion(records, 'OPEN1')
  records.questions.open(open)
  tapped(records, open, 2)
  ledger.note({ kind: 'tapped', caseNo: 'OPEN1', level: 2 })
  cpSync(live, folder, { recursive: true })
  const texts = ownEvents(records)
  ledger.close()
  records.close()
  await hall.close()
  rmSync(live, { recursive: true })
  return { folder, enrolmentCode, texts }
}

export interface Flip {
  file: FlippedFile
  byte: number
  bit: number
}

export function anyFlip(template: Template, file: FlippedFile, random: Seeded): Flip {
  const { size } = statSync(join(template.folder, 'device', file))
  return { file, byte: random.between(0, size - 1), bit: random.between(0, 7) }
}

export async function flipAndJudge(rig: string, template: Template, flip: Flip): Promise<Findings> {
  const home = join(rig, `flip-${crypto.randomUUID()}`)
  cpSync(template.folder, home, { recursive: true })
  flipBit(join(home, 'device', flip.file), flip)
  const findings = noFindings()
  try {
    await judge(findings, home, template)
  } catch (error) {
    findings.other.push(`it does not go on: ${words(error)}`)
  }
  if (findings.lost.length + findings.chain.length + findings.other.length === 0)
    rmSync(home, { recursive: true })
  return findings
}

export async function flipMany(
  rig: string,
  template: Template,
  options: { flips: number; random: Seeded; tally: Pick<Tally, 'add'>; file: FlippedFile },
): Promise<{ told: number }> {
  const counts = { told: 0 }
  for (let n = 0; n < options.flips; n += 1) {
    const flip = anyFlip(template, options.file, options.random)
    const findings = await flipAndJudge(rig, template, flip)
    if (findings.told.length > 0) counts.told += 1
    options.tally.add(`bit in ${options.file}`, 'copies', findings, `byte ${flip.byte}, bit ${flip.bit}`)
  }
  return counts
}

function flipBit(path: string, { byte, bit }: Flip): void {
  const file = openSync(path, 'r+')
  const one = Buffer.alloc(1)
  readSync(file, one, 0, 1, byte)
  one[0] = (one[0] ?? 0) ^ (1 << bit)
  writeSync(file, one, 0, 1, byte)
  closeSync(file)
}

async function judge(findings: Findings, home: string, template: Template): Promise<void> {
  await using parts = new AsyncDisposableStack()
  const hall = await startHall({ dataDir: join(home, 'hall'), listen: '127.0.0.1:0', demo: false })
  parts.defer(() => hall.close())
  const records = opened(findings, join(home, 'device'))
  parts.defer(() => records.close())
  const line = await connect(records, hall.url, template.enrolmentCode)
  parts.defer(() => line.close())
  recover(records)
  const next = await newQuestion(records, 'NEXT1')
  records.questions.open(next)
  finished(records, tapped(records, next, 5))
  await drained(findings, records)
  if (records.setAsideIn !== null) findings.told.push('the store was set aside')
  for (const trouble of records.troubles) findings.told.push(words(trouble))

  const store = openSqliteStore(join(home, 'hall', 'hall.sqlite'))
  parts.defer(() => store.close())
  const there: string[] = []
  for await (const { text } of store.eventsOf(records.identity.deviceId ?? '')) there.push(text)
  checkHall(findings, readLedger(join(home, 'ledger')), template.texts, there)
  for (const { faults } of await verifyStore(store))
    for (const { kind, epoch, first, last, detail } of faults)
      (kind === 'missing' ? findings.told : findings.chain).push(
        `${kind} ${epoch}/${first}-${last}: ${detail}`,
      )
}

/** A supervisor starts a device again that ends; the third time in a row is a circle. */
const STARTS = 3

function opened(findings: Findings, folder: string): Records {
  for (let start = 1; ; start += 1)
    try {
      return openRecords(folder)
    } catch (error) {
      findings.told.push(`start ${start}: ${words(error)}`)
      if (start === STARTS) throw error
    }
}

interface Read {
  epoch: number
  sequence: string
  type: string
  data: { fact?: string; level?: number; case?: { caseNo: string } | null }
}

function checkHall(
  findings: Findings,
  acknowledged: Acknowledged[],
  before: string[],
  there: string[],
): void {
  const place = ({ epoch, sequence }: Read): string => `${epoch}/${Number(sequence)}`
  const made = new Map(before.map((text) => [place(JSON.parse(text) as Read), text]))
  const levels = new Map<string, number[]>()
  let tells = false
  for (const text of there) {
    const read = JSON.parse(text) as Read
    const own = made.get(place(read))
    if (own !== undefined && own !== text) findings.chain.push(`another event was sent as ${place(read)}`)
    if (read.data.fact === 'set-aside' || read.data.fact === 'storage') tells = true
    const caseNo = read.data.case?.caseNo
    if (read.type === 'cn.window24.rating.v1' && caseNo !== undefined)
      levels.set(caseNo, [...(levels.get(caseNo) ?? []), read.data.level ?? 0])
  }
  for (const [caseNo, all] of levels) if (all.length > 1) findings.doubled.push(caseNo)
  for (const entry of acknowledged) {
    if (entry.kind !== 'tapped' && entry.kind !== 'rated') continue
    findings.acknowledged += 1
    const [level] = levels.get(entry.caseNo) ?? []
    if (level === entry.level) continue
    const what = `${entry.kind} ${entry.caseNo}${level === undefined ? '' : `: ${level} for ${entry.level}`}`
    // Damage may take something away; it must not do so in silence, and never turn one answer into another.
    if (tells && level === undefined) findings.told.push(what)
    else findings.lost.push(what)
  }
}
