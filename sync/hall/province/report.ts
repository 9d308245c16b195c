/** One rating on its way: its service record, then itself, and what became of it is written down before anything else. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventData } from '../../protocol/events.ts'
import type { Claimer, ProvinceQueue, ReportRow, TakenService } from '../store/province-queue.ts'
import { ask, type Exchange } from './exchange.ts'
import { open, type Sources } from './opened.ts'
import type { Pace } from './pace.ts'
import type { ProvinceProfile, RecordShape } from './profile-schema.ts'
import { type ProvinceRecord, provinceRecord, serviceRecord } from './record.ts'
import { provinceRequest } from './request.ts'
import type { Credentials } from './signing.ts'

export interface ReportParts {
  queue: ProvinceQueue
  profile: ProvinceProfile
  url: string
  sources: Sources
  pace: Pace
  keys: KeyHolder
  provinceClock: ProvinceClock
  claimer: () => Claimer
  clock: () => Date
  /** Milliseconds until a row that has failed is tried again. */
  retryIn: (row: ReportRow) => number
  stopping: AbortSignal
}

export interface KeyHolder {
  current(): Credentials
  /** Reads the files anew. true: they hold something else now. */
  refresh(): boolean
}

/** The province's clock as its answers show it; no captured time is ever moved by it. */
export interface ProvinceClock {
  now(): Date
  /** true: it is another time than was thought. */
  learn(serverTime: Date): boolean
}

/** For the log and the state of the reporter; never what a record holds. */
export type Reported =
  | { outcome: 'reported' | 'refused' | 'refused-duplicate' | 'reason-pending' }
  | { outcome: 'later'; because: Because }
  /** Another instance has it, or had settled it. */
  | { outcome: 'lost' }

export type Because =
  | 'no-answer'
  | 'server-error'
  | 'unintelligible'
  | 'unclear'
  | 'busy'
  | 'clock'
  | 'unauthorised'
  | 'not-ready'
  | 'service-missing'
  | 'stopping'

export async function report(row: ReportRow, parts: ReportParts): Promise<Reported> {
  const { queue, profile, sources, clock } = parts
  const text = await queue.ratingText(row)
  if (text === null) throw new Error('a report without its event')
  // The schema was checked before this text was stored.
  const { data: rating } = JSON.parse(text) as { data: EventData<'rating'> }
  if (rating.case === null) throw new Error('a report of a rating without a case')
  const opened = await open(row, rating, await queue.reasonOf(row), sources, clock())
  if (opened.outcome === 'never') return await settle(row, parts, 'refused', opened.reason)
  if (opened.outcome === 'not-now')
    return await later(row, parts, 'not-ready', { outcome: 'not-sent', reason: opened.reason })
  const known = opened.known.reveal()
  const acceptanceAssumed = known.facts === null
  if (acceptanceAssumed && profile.acceptedWhenUnknown === 'held')
    return await later(row, parts, 'not-ready', {
      outcome: 'not-sent',
      reason: 'the case system has not said when the case was accepted',
    })
  const words = provinceRecord(rating, known, profile)
  if (!words.ready) return await settle(row, parts, 'reason-pending', null)

  if (row.serviceReportedAt !== null) return await sendRating(row, parts, words.record, null)
  const service = serviceRecord(rating, rating.case, known, profile)
  const answer = await exchange(parts, profile.service, service)
  const taken = answer.outcome === 'answered' && ['taken', 'already-there'].includes(answer.means)
  if (!taken) return await afterService(row, parts, answer)
  parts.pace.succeeded()
  return await sendRating(row, parts, words.record, { acceptanceAssumed })
}

async function sendRating(
  row: ReportRow,
  parts: ReportParts,
  record: ProvinceRecord,
  service: TakenService | null,
): Promise<Reported> {
  const wait = parts.pace.takeTurn()
  if (wait > 0) await sleep(wait)
  if (parts.stopping.aborted)
    return await later(row, parts, 'stopping', { outcome: 'not-sent', reason: row.reason })
  const began = await parts.queue.beginAttempt(row, parts.claimer(), service)
  if (!began) return { outcome: 'lost' }
  const answer = await send(parts, parts.profile.rating, record)
  if (answer.outcome !== 'answered') return await afterSilence(row, parts, answer, 'rating')
  const { words } = answer
  switch (answer.means) {
    case 'taken':
      parts.pace.succeeded()
      return await settle(row, parts, 'reported', null)
    case 'already-there':
      parts.pace.succeeded()
      if (await isOurs(row, parts)) return await settle(row, parts, 'reported', null)
      return await settle(row, parts, 'refused-duplicate', words)
    case 'refused':
      parts.pace.succeeded()
      return await settle(row, parts, 'refused', words)
    case 'service-missing':
      parts.pace.succeeded()
      return await later(row, parts, 'service-missing', {
        outcome: 'not-taken',
        reason: words,
        serviceMissing: true,
      })
    case 'again':
    case 'clock':
    case 'unauthorised':
      return await afterAnswer(row, parts, answer.means, { answer, words, outcome: 'not-taken' })
    case 'unclear':
      parts.pace.failed(row)
      return await later(row, parts, 'unclear', { outcome: 'unknown', reason: words })
  }
}

/**
 * "Already rated" is our own success when this very rating had been sent before without its outcome being known, and
 * no other rating of this hall has taken the place.
 */
async function isOurs(row: ReportRow, { queue, profile }: ReportParts): Promise<boolean> {
  if (row.firstTriedAt === null) return false
  const { caseNo, assessNumber } = row
  const serviceNumber = profile.key === 'service-and-assessment' ? row.serviceNumber : null
  return !(await queue.isTaken({ caseNo, serviceNumber, assessNumber }, row))
}

async function exchange(parts: ReportParts, shape: RecordShape, record: ProvinceRecord): Promise<Exchange> {
  const wait = parts.pace.takeTurn()
  if (wait > 0) await sleep(wait)
  return await send(parts, shape, record)
}

async function send(parts: ReportParts, shape: RecordShape, record: ProvinceRecord): Promise<Exchange> {
  const { profile, url, keys, provinceClock, stopping } = parts
  const request = provinceRequest(profile, shape, record, {
    credentials: keys.current(),
    at: provinceClock.now(),
  })
  return await ask(profile, url, request, stopping)
}

async function afterService(row: ReportRow, parts: ReportParts, answer: Exchange): Promise<Reported> {
  if (answer.outcome !== 'answered') return await afterSilence(row, parts, answer, 'service')
  const { words } = answer
  switch (answer.means) {
    case 'refused':
      parts.pace.succeeded()
      return await settle(row, parts, 'refused', `service record: ${words}`)
    case 'clock':
    case 'unauthorised':
      return await afterAnswer(row, parts, answer.means, { answer, words, outcome: 'not-sent' })
    case 'unclear':
      parts.pace.failed(row)
      return await later(row, parts, 'unclear', { outcome: 'not-sent', reason: `service record: ${words}` })
    case 'again':
    case 'service-missing':
    case 'taken':
    case 'already-there':
      return await afterAnswer(row, parts, 'again', { answer, words, outcome: 'not-sent' })
  }
}

/** The line or the province itself: the outcome of a rating is open, a service record may come again. */
async function afterSilence(
  row: ReportRow,
  parts: ReportParts,
  answer: Exclude<Exchange, { outcome: 'answered' }>,
  sent: 'service' | 'rating',
): Promise<Reported> {
  if (parts.stopping.aborted)
    return await later(row, parts, 'stopping', {
      outcome: sent === 'rating' ? 'unknown' : 'not-sent',
      reason: row.reason,
      // The province may be at it still: whoever goes on must not ask beside that.
      atOnce: false,
    })
  parts.pace.failed(row)
  if (answer.retryAfterMs !== null) await rest(parts, answer.retryAfterMs)
  if (answer.outcome === 'too-many')
    return await later(row, parts, 'busy', {
      outcome: sent === 'rating' ? 'not-taken' : 'not-sent',
      reason: 'busy',
    })
  const outcome = sent === 'rating' ? 'unknown' : 'not-sent'
  return await later(row, parts, answer.why, { outcome, reason: answer.why })
}

/** What the province asks of one instance it asks of the hall. */
async function rest({ pace, queue, clock }: ReportParts, ms: number): Promise<void> {
  pace.pause(ms)
  const at = clock().getTime()
  await queue.rest(at + ms, at)
}

async function afterAnswer(
  row: ReportRow,
  parts: ReportParts,
  means: 'again' | 'clock' | 'unauthorised',
  { answer, words, outcome }: { answer: Exchange; words: string; outcome: 'not-taken' | 'not-sent' },
): Promise<Reported> {
  const { pace, keys, provinceClock } = parts
  if (means === 'again') {
    pace.failed(row)
    return await later(row, parts, 'busy', { outcome, reason: words })
  }
  const serverTime = answer.outcome === 'answered' ? answer.serverTime : null
  const mended = means === 'clock' ? serverTime !== null && provinceClock.learn(serverTime) : keys.refresh()
  if (!mended) pace.failedForAll()
  return await later(row, parts, means, { outcome, reason: words, atOnce: mended })
}

async function settle(
  row: ReportRow,
  { queue, claimer, clock }: ReportParts,
  state: 'reported' | 'refused' | 'refused-duplicate' | 'reason-pending',
  reason: string | null,
): Promise<Reported> {
  const closed = state === 'reported' || state === 'refused-duplicate'
  const firstTriedAt = closed ? null : row.firstTriedAt
  const settled = await queue.settle(row, claimer().by, {
    state,
    reason,
    firstTriedAt,
    at: clock().getTime(),
  })
  return settled ? { outcome: state } : { outcome: 'lost' }
}

async function later(
  row: ReportRow,
  { queue, claimer, clock, retryIn }: ReportParts,
  because: Because,
  {
    outcome,
    reason,
    serviceMissing = false,
    // Missing although we have just brought it: no haste helps.
    atOnce = because === 'stopping' || (because === 'service-missing' && row.serviceReportedAt !== null),
  }: {
    outcome: 'unknown' | 'not-taken' | 'not-sent'
    reason: string | null
    serviceMissing?: boolean
    atOnce?: boolean
  },
): Promise<Reported> {
  const notBefore = Math.ceil(clock().getTime() + (atOnce ? 0 : retryIn(row)))
  // An answer tells of this one try only: what an earlier one left open stays open.
  const firstTriedAt = outcome === 'not-taken' ? row.firstTriedAt : undefined
  const postponed = await queue.postpone(row, claimer().by, {
    notBefore,
    reason,
    firstTriedAt,
    serviceMissing,
  })
  return postponed ? { outcome: 'later', because } : { outcome: 'lost' }
}
