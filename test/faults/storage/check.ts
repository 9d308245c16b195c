/**
 * Opens what a cut has left with the product's own code and holds it against what was acknowledged: nothing lost,
 * nothing doubled, the chain whole, the next rating taken, and everything at a real hall in the end.
 */
import { join } from 'node:path'
import { startHall } from '../../../sync/hall/hall.ts'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { verifyStore } from '../../../sync/hall/verify.ts'
import { checkEvent } from '../../../sync/protocol/chain.ts'
import type { Envelope } from '../../../sync/protocol/events.ts'
import { FIRST_PREVHASH, parseSequence } from '../../../sync/protocol/identifiers.ts'
import { type Findings, noFindings } from './findings.ts'
import { type Acknowledged, openLedger, readLedger } from './ledger.ts'
import { connect, finished, newQuestion, openRecords, type Records, recover, tapped } from './records.ts'

export interface Cut {
  /** The device's folder, and the hall's, as the cut has left them. */
  device: string
  hall: string
  /** What a device joins its hall with that has not done so yet; empty where the hall had made none. */
  enrolmentCode: string
  ledger: string
  /** How long everything may take to reach the hall; what takes longer never reaches it. */
  drainMs?: number | undefined
}

/** A loaded machine, and a hall that limits how fast a device may send. */
const DRAIN_MS = 30_000
const LOOK_MS = 5

export async function check(cut: Cut): Promise<Findings> {
  const findings = noFindings()
  try {
    await checkInto(findings, cut)
  } catch (error) {
    findings.other.push(`it does not go on: ${words(error)}`)
  }
  return findings
}

async function checkInto(findings: Findings, cut: Cut): Promise<void> {
  const acknowledged = readLedger(cut.ledger)
  await using parts = new AsyncDisposableStack()
  const hall = await startHall({ dataDir: cut.hall, listen: '127.0.0.1:0', demo: false })
  parts.defer(() => hall.close())
  const records = openRecords(cut.device)
  parts.defer(() => records.close())
  if (acknowledged.some(({ kind }) => kind === 'enrolled') && records.identity.deviceId === null)
    findings.lost.push('the enrolment')

  const line = await connect(records, hall.url, cut.enrolmentCode || hall.createEnrolmentCode())
  parts.defer(() => line.close())
  recover(records)
  checkAcknowledged(findings, acknowledged, ownEvents(records))
  await captureOneMore(findings, records, cut.ledger)
  await drained(findings, records, cut.drainMs)
  if (records.troubles.length > 0) findings.other.push(`trouble: ${records.troubles.map(words).join('; ')}`)
  await checkHall(findings, records, cut.hall)
}

/** The device's whole chain, oldest first. */
export const ownEvents = ({ db }: Pick<Records, 'db'>): string[] =>
  db
    .prepare<[], string>('SELECT text FROM outbox_events')
    .pluck()
    .all()
    .map((text) => ({ text, ...placeOf(text) }))
    .sort((a, b) => a.epoch - b.epoch || a.sequence.localeCompare(b.sequence))
    .map(({ text }) => text)

function placeOf(text: string): { epoch: number; sequence: string } {
  const { epoch, sequence } = JSON.parse(text) as { epoch: number; sequence: string }
  return { epoch, sequence }
}

function checkAcknowledged(findings: Findings, acknowledged: Acknowledged[], texts: string[]): void {
  const ratings = new Map<string, number[]>()
  let before: Envelope | null = null
  for (const text of texts) {
    const checked = checkEvent(text)
    if (!checked.ok) {
      findings.chain.push(`${checked.code}: ${checked.detail}`)
      continue
    }
    const { event, type } = checked
    const fault = linkFault(event, before)
    if (fault !== null) findings.chain.push(fault)
    before = event
    if (type !== 'rating') continue
    const { case: rated, level } = event.data as { case: { caseNo: string }; level: number }
    ratings.set(rated.caseNo, [...(ratings.get(rated.caseNo) ?? []), level])
  }
  for (const [caseNo, levels] of ratings) if (levels.length > 1) findings.doubled.push(caseNo)
  for (const entry of acknowledged) {
    if (entry.kind !== 'tapped' && entry.kind !== 'rated') continue
    findings.acknowledged += 1
    const [level] = ratings.get(entry.caseNo) ?? []
    if (level === undefined) findings.lost.push(`${entry.kind} ${entry.caseNo}`)
    else if (level !== entry.level)
      findings.lost.push(`${entry.kind} ${entry.caseNo}: ${level} for ${entry.level}`)
  }
}

function linkFault(event: Envelope, before: Envelope | null): string | null {
  const here = `${event.epoch}/${parseSequence(event.sequence)}`
  if (event.prevhash !== (before?.hash ?? FIRST_PREVHASH)) return `${here} does not link to the one before it`
  if (before === null || event.epoch > before.epoch)
    return parseSequence(event.sequence) === 1 ? null : `${here} begins its epoch`
  return parseSequence(event.sequence) === parseSequence(before.sequence) + 1 ? null : `${here} leaves a gap`
}

async function captureOneMore(findings: Findings, records: Records, ledgerPath: string): Promise<void> {
  const caseNo = `AFTER${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`
  const question = await newQuestion(records, caseNo)
  records.questions.open(question)
  finished(records, tapped(records, question, 5))
  if (!ownEvents(records).at(-1)?.includes(caseNo))
    findings.other.push('the next rating is not the last event')
  const ledger = openLedger(ledgerPath)
  ledger.note({ kind: 'rated', caseNo, level: 5 })
  ledger.close()
}

export async function drained(
  findings: Findings,
  { outbox }: Pick<Records, 'outbox'>,
  withinMs = DRAIN_MS,
): Promise<void> {
  const end = performance.now() + withinMs
  while (outbox.backlog().count > 0) {
    if (performance.now() > end) {
      findings.other.push(`${outbox.backlog().count} events never reach the hall`)
      return
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

/** What the hall has stored is what the device has made, all of it, and `window24 hall verify` agrees. */
async function checkHall(findings: Findings, records: Records, hallFolder: string): Promise<void> {
  const store = openSqliteStore(join(hallFolder, 'hall.sqlite'))
  try {
    for (const { deviceId, faults } of await verifyStore(store))
      for (const fault of faults)
        findings.chain.push(
          `hall verify, ${deviceId}: ${fault.kind} ${fault.epoch}/${fault.first}: ${fault.detail}`,
        )
    const here = new Set(ownEvents(records))
    const there = new Set<string>()
    for await (const { text } of store.eventsOf(records.identity.deviceId ?? '')) there.add(text)
    const missing = here.difference(there).size
    const strange = there.difference(here).size
    if (missing > 0) findings.lost.push(`${missing} events at the hall`)
    if (strange > 0) findings.other.push(`${strange} events at the hall that the device does not know`)
  } finally {
    await store.close()
  }
}

export const words = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? `${String(error.code)} ` : ''
  return code + (error instanceof Error ? error.message : String(error))
}
