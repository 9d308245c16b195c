/** What people at the hall see of its reports, and the two things that they can do about one. */
import type { Calendar } from '../../protocol/content.ts'
import { labelsOf } from '../../protocol/dictionary.ts'
import type { EventData } from '../../protocol/events.ts'
import type { LevelNumber } from '../../protocol/levels.ts'
import {
  type CompletedReason,
  type ProvinceQueue,
  type ReportKey,
  type ReportRow,
  type ReportState,
  reportName,
} from '../store/province-queue.ts'
import { type Deadlines, deadlinesOf, givenAt } from './deadlines.ts'
import type { ProvinceProfile } from './profile-schema.ts'

export interface ShownReport {
  row: ReportRow
  /** Of those that wait for the call back; null for all others, and where no province is set. */
  deadlines: Deadlines | null
  /** Of a waiting one: what of its case has to be settled first. */
  behind: ReportRow | null
}

export interface DeskOptions {
  queue: ProvinceQueue
  profile: Pick<ProvinceProfile, 'callBack' | 'putRight'> | null
  calendars: readonly Calendar[]
  now: Date
}

/** Rows read at once: a year's reports are more than a memory holds. */
const PAGE_ROWS = 500

/** In the order in which they came. */
export async function* shownReports(
  { queue, profile, calendars, now }: DeskOptions,
  states: readonly ReportState[],
): AsyncGenerator<ShownReport> {
  for (const state of states) {
    let last: ReportRow | null = null
    for (;;) {
      const rows: ReportRow[] = await queue.rows(state, last, PAGE_ROWS)
      for (const row of rows) {
        const clockRuns = row.state === 'reason-pending' && profile !== null
        const rating = clockRuns ? await ratingOf(queue, row) : null
        const from = rating === null ? null : givenAt(rating, Number(row.receivedAt))
        const deadlines =
          from === null || profile === null ? null : deadlinesOf(profile, from, now, calendars)
        const behind = row.state === 'waiting' ? await queue.behind(row) : null
        yield { row, deadlines, behind }
      }
      last = rows.at(-1) ?? null
      if (last === null || rows.length < PAGE_ROWS) break
    }
  }
}

export type Done =
  /** It waits for its turn now; `behind`: what has to be settled first. */
  | { ok: true; behind: ReportRow | null }
  | { ok: false; code: 'report-unknown' | 'report-state' | 'label-unknown' | 'reason-empty'; detail: string }

/** A refused one, after whatever was wrong has been mended. */
export async function sendAgain(queue: ProvinceQueue, key: ReportKey, at: Date): Promise<Done> {
  if (await queue.sendAgain(key, at.getTime())) return await done(queue, key)
  const row = await queue.row(key)
  return row === null
    ? unknown(key)
    : wrongState(row, 'only what was refused can be sent again; the rest goes by itself')
}

/** As many words as the citizen could have written. */
export const MAX_WORDS_CHARACTERS = 500

/** What the call back has brought; from then on the rating waits for its turn. */
export async function completeReason(
  queue: ProvinceQueue,
  key: ReportKey,
  reason: CompletedReason,
  at: Date,
): Promise<Done> {
  const row = await queue.row(key)
  if (row === null) return unknown(key)
  if (row.state !== 'reason-pending') return wrongState(row, 'only one that waits for its reason takes one')
  if (reason.labels.length === 0 && reason.words === null)
    return { ok: false, code: 'reason-empty', detail: 'give labels, words, or both' }
  if (reason.words !== null && [...reason.words].length > MAX_WORDS_CHARACTERS)
    return { ok: false, code: 'reason-empty', detail: `words are at most ${MAX_WORDS_CHARACTERS} characters` }
  const fault = await labelFault(queue, row, reason.labels)
  if (fault !== null) return { ok: false, code: 'label-unknown', detail: fault }
  if (await queue.completeReason(key, reason, at.getTime())) return await done(queue, key)
  return wrongState(row, 'somebody else has completed it meanwhile')
}

async function labelFault(
  queue: ProvinceQueue,
  row: ReportRow,
  labels: readonly string[],
): Promise<string | null> {
  const rating = await ratingOf(queue, row)
  const known = labelsOf(rating.dictionary, rating.level as LevelNumber)
  if (known === null) return `the dictionary ${rating.dictionary} is not known here: update this software`
  const wrong = labels.filter((label) => !known.some(({ code }) => code === label))
  if (new Set(labels).size !== labels.length) return 'a label is named twice'
  if (wrong.length === 0) return null
  const list = known.map(({ code, text }) => `${code} ${text}`).join(', ')
  return `${wrong.join(', ')}: no label of this rating's level; there are ${list}`
}

async function ratingOf(queue: ProvinceQueue, row: ReportRow): Promise<EventData<'rating'>> {
  const text = await queue.ratingText(row)
  if (text === null) throw new Error('a report without its event')
  return (JSON.parse(text) as { data: EventData<'rating'> }).data
}

/** `DEVICE/EPOCH/SEQUENCE`; null when it is none. */
export function parseReportKey(text: string): ReportKey | null {
  const found = /^([A-Za-z0-9][A-Za-z0-9-]{0,63})\/([1-9]\d{0,14})\/([1-9]\d{0,14})$/.exec(text)
  if (found === null) return null
  const [, deviceId = '', epoch, sequence] = found
  return { deviceId, epoch: Number(epoch), sequence: Number(sequence) }
}

async function done(queue: ProvinceQueue, key: ReportKey): Promise<Done> {
  const row = await queue.row(key)
  return { ok: true, behind: row === null ? null : await queue.behind(row) }
}

const unknown = (key: ReportKey): Done => ({
  ok: false,
  code: 'report-unknown',
  detail: `no rating of a case is stored as ${reportName(key)}: see "window24 hall province"`,
})

const wrongState = (row: ReportRow, why: string): Done => ({
  ok: false,
  code: 'report-state',
  detail: `${reportName(row)} is ${row.state}: ${why}`,
})
