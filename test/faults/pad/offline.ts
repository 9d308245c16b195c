/**
 * Days of ratings at a pad whose line is down, captured as they are at a window: its system asks, the citizen touches,
 * the pad is switched off each evening. Then the line comes back. The calendar goes as fast as the ratings do; all
 * else is real.
 */
import { join } from 'node:path'
import { mock } from 'node:test'
import Database from 'better-sqlite3'
import type { Device } from '../../../device/device.ts'
import type { PadAction, PadState, PadView } from '../../../device/http/contract.ts'
import { STORE_FILE } from '../../../device/store/store.ts'
import { startLine } from '../../../scripts/demo/line.ts'
import { startHall } from '../../../sync/hall/hall.ts'
import type { ChainReport } from '../../../sync/hall/verify.ts'
import { LEVELS, type LevelName, levelNumber } from '../../../sync/protocol/levels.ts'
import { seeded } from '../../bench/delivery/ratings.ts'
import { letThanksBeBrief } from '../../device/support/brief-thanks.ts'
import { startTestDevice, temporaryFolder, windowRequest } from '../../device/support/house.ts'
import { bodyOf, openPad } from '../../device/support/screen.ts'
import { SILENT } from '../../device/support/silent.ts'
import { eventsIn, verified } from '../line/pair.ts'

const MS_PER_MINUTE = 60_000
const MS_PER_DAY = 24 * 60 * MS_PER_MINUTE
/** A hall opens at half past eight; a window asks about one person in some minutes. */
const OPENS_MS = 8.5 * 60 * MS_PER_MINUTE
const BETWEEN_ASKED_MS = 7 * MS_PER_MINUTE
/** From the question to the touch. */
const THINKS_MS = 9_000
/** Far past what any machine needs for a month. */
const DRAINED_WITHIN_MS = 120_000

export interface OfflineDays {
  days: number
  perDay: number
  seed: number
  onDay?: (day: number) => void
}

/** What the citizen did with one question. */
export interface Deed {
  caseNo: string
  outcome: 'rated' | 'declined' | 'cancelled'
  /** Null unless rated. */
  rating: { level: number; labels: string[]; anonymous: boolean; words: boolean; capturedAt: string } | null
}

/** One event, as its own end has it. */
export interface Kept {
  place: string
  id: string
  hash: string
  text: string
}

export interface OfflineResult {
  deeds: Deed[]
  /** What the device had when the line came back, oldest first; all that it has ever written. */
  captured: Kept[]
  /** What the hall had before, and has at the end, in its own order. */
  storedBefore: number
  stored: Kept[]
  chain: ChainReport
}

export async function offlineFor({
  days,
  perDay,
  seed,
  onDay = () => {},
}: OfflineDays): Promise<OfflineResult> {
  await using parts = new AsyncDisposableStack()
  const began = new Date()
  began.setHours(0, 0, 0, 0)
  const firstDayMs = began.getTime() - days * MS_PER_DAY
  mock.timers.enable({ apis: ['Date'], now: firstDayMs })
  parts.defer(() => mock.timers.reset())
  parts.defer(letThanksBeBrief())

  const hallFolder = await temporaryFolder(parts)
  const dataDir = await temporaryFolder(parts)
  const hall = await startHall({ dataDir: hallFolder, listen: '127.0.0.1:0', demo: true, logger: SILENT })
  parts.defer(() => hall.close())
  const line = await startLine(hall.url)
  parts.defer(() => line.close())
  const enrolmentCode = hall.createEnrolmentCode()
  const switchOn = () => startTestDevice({ role: 'pad', hallUrl: line.url, enrolmentCode, dataDir })

  let device = await switchOn()
  parts.defer(() => device.close())
  const first = await openPad(device.screenUrl)
  const enrolled = await first.until(
    ({ line: { online, backlog }, hall: known }) => online && known !== null && backlog === 0,
  )
  const deviceId = enrolled.device.id ?? ''
  const storedBefore = (await eventsIn(hallFolder, deviceId)).length
  line.set('cut')
  await first.until(({ line: { online } }) => !online)
  first.close()

  const random = seeded(seed)
  const deeds: Deed[] = []
  for (let day = 0; day < days; day += 1) {
    for (let one = 0; one < perDay; one += 1) {
      const atMs = firstDayMs + day * MS_PER_DAY + OPENS_MS + one * BETWEEN_ASKED_MS
      mock.timers.setTime(atMs)
      const caseNo = `YX${String(day).padStart(3, '0')}${String(one).padStart(4, '0')}`
      deeds.push(await serve(device, caseNo, random))
    }
    onDay(day)
    await device.close()
    mock.timers.setTime(firstDayMs + (day + 1) * MS_PER_DAY)
    device = await switchOn()
  }

  line.set('up')
  const last = await openPad(device.screenUrl)
  await last.until(({ line: { online, backlog } }) => online && backlog === 0, DRAINED_WITHIN_MS)
  last.close()
  const stored = (await eventsIn(hallFolder, deviceId)).map(({ epoch, sequence, hash, text }) =>
    kept(epoch, sequence, hash, text),
  )
  const chain = await verified(hallFolder, deviceId)
  const captured = chainOf(dataDir)
  return { deeds, captured, storedBefore, stored, chain }
}

const LABELS_AT_MOST = 3
const NOT_NOW_CHANCE = 0.05
const CANCEL_CHANCE = 0.03

/** One question and what becomes of it, over the window's and the screen's own requests. */
async function serve(device: Device, caseNo: string, random: () => number): Promise<Deed> {
  const about = { caseNo, itemCode: '11330099MB0A00010R3000101010000', itemName: '普通护照申领' }
  const asked = await windowRequest(device, 'POST', '/evaluations', about)
  if (asked.status !== 201) throw new Error(`the pad answered ${asked.status}: ${await asked.text()}`)
  const evaluationId = String((await bodyOf(asked)).id)
  mock.timers.setTime(Date.now() + THINKS_MS)
  const chance = random()
  const deed = await decide()
  for (;;) {
    const { state } = await bodyOf(await windowRequest(device, 'GET', `/evaluations/${evaluationId}`))
    if (state !== 'waiting') {
      if (state !== deed.outcome) throw new Error(`${caseNo} is told as ${state} and was ${deed.outcome}`)
      return deed
    }
  }

  async function decide(): Promise<Deed> {
    if (chance < CANCEL_CHANCE) {
      await windowRequest(device, 'DELETE', `/evaluations/${evaluationId}`)
      return { caseNo, outcome: 'cancelled', rating: null }
    }
    if (chance < CANCEL_CHANCE + NOT_NOW_CHANCE) {
      await act(device, { type: 'not-now', evaluationId })
      return { caseNo, outcome: 'declined', rating: null }
    }
    const level: LevelName = LEVELS[Math.floor(random() * LEVELS.length)] ?? 'satisfied'
    const anonymous = random() < 0.3
    const words = random() < 0.2
    if (anonymous) await act(device, { type: 'set-anonymous', evaluationId, anonymous })
    const capturedAt = new Date().toISOString()
    const view = await act(device, { type: 'choose-level', evaluationId, level })
    if (view.name !== 'labels') throw new Error(`after the answer the pad shows ${view.name}`)
    const labels = view.labels.slice(0, Math.floor(random() * (LABELS_AT_MOST + 1))).map(({ code }) => code)
    mock.timers.setTime(Date.now() + THINKS_MS)
    await act(device, { type: 'finish', evaluationId, labels, comment: words ? '等了一会儿' : null })
    return {
      caseNo,
      outcome: 'rated',
      rating: { level: levelNumber(level), labels, anonymous, words, capturedAt },
    }
  }
}

async function act(device: Device, action: PadAction): Promise<PadView> {
  const { origin } = new URL(device.screenUrl)
  const answer = await fetch(`${origin}/api/actions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify(action),
  })
  if (answer.status !== 200) throw new Error(`${action.type}: ${answer.status} ${await answer.text()}`)
  return ((await answer.json()) as PadState).view
}

const kept = (epoch: number, sequence: number, hash: string, text: string): Kept => {
  const { id }: { id: string } = JSON.parse(text)
  return { place: `${epoch}/${sequence}`, id, hash, text }
}

/** Read beside the device that runs on it. */
function chainOf(dataDir: string): Kept[] {
  const db = new Database(join(dataDir, STORE_FILE), { readonly: true })
  try {
    return db
      .prepare<[], { epoch: number; sequence: number; hash: string; text: string }>(
        'SELECT epoch, sequence, hash, text FROM outbox_events ORDER BY epoch, sequence',
      )
      .all()
      .map(({ epoch, sequence, hash, text }) => kept(epoch, sequence, hash, text))
  } finally {
    db.close()
  }
}
