/** What an answer to a batch means (PROTOCOLS.md §1.3): pure, so that every row of that table can be read here. */
import { readJson } from './hall-client.ts'
import type { HallAnswer, HallFault } from './hall-request.ts'
import type { Stretch } from './outbox.ts'
import { BatchAnswer } from './protocol/batch.ts'
import { parseSequence } from './protocol/identifiers.ts'

export type StopReason = 'signature-refused' | 'revoked' | 'chain-fork' | 'three-set-aside'

export type WaitReason =
  | 'no-line' // nothing answered
  | 'hall-busy' // 5xx, 408, 429
  | 'clock' // the hall finds our time wrong even when we sign with its own
  | 'strange-answer' // somebody answered who is not the hall, or not as agreed
  | 'own-store' // this device's own store failed: what the hall has cannot be written down, or not be read

export interface UplinkStatus {
  line: 'up' | 'down'
  state: 'idle' | 'sending' | 'waiting' | 'stopped'
  /** Why the last try failed or it has stopped; null when all is well. */
  reason: WaitReason | StopReason | null
  /** A person is needed. */
  alarm: boolean
  /** Events that the hall has not got. */
  backlog: number
  /** When the hall last stored something, RFC 3339; null since the start. */
  lastStoredAt: string | null
}

export type Verdict =
  /** Only this releases anything. `rejected` in order, each once. */
  | {
      verdict: 'stored'
      answer: BatchAnswer
      through: number
      rejected: { sequence: number; code: string }[]
    }
  /** Something in this batch is refused without saying what. */
  | { verdict: 'refused'; code: string }
  | { verdict: 'wait'; reason: WaitReason; retryAfterMs: number | null }
  /** Given up by this device itself. */
  | { verdict: 'cancelled' }
  | { verdict: 'stop'; reason: StopReason }

const wait = (reason: WaitReason, retryAfterMs: number | null = null): Verdict => ({
  verdict: 'wait',
  reason,
  retryAfterMs,
})

export function judgeAnswer(batch: Stretch, answer: HallAnswer | HallFault): Verdict {
  if (answer.ok) return judgeStored(batch, answer)
  if (answer.kind === 'no-answer')
    return answer.reason === 'cancelled' ? { verdict: 'cancelled' } : wait('no-line')
  const { status, retryAfterMs } = answer
  if (status >= 500 || status === 408 || status === 429) return wait('hall-busy', retryAfterMs)
  // A proxy's 401, 403 or 413 says nothing about us: only the hall's own problems do.
  if (answer.kind === 'unexpected') return wait('strange-answer', retryAfterMs)
  const { code } = answer.problem
  switch (status) {
    case 400:
    case 413:
      return { verdict: 'refused', code }
    case 401:
      return code === 'clock' ? wait('clock', retryAfterMs) : { verdict: 'stop', reason: 'signature-refused' }
    case 403:
      return { verdict: 'stop', reason: 'revoked' }
    case 409:
      return code === 'chain-fork' ? { verdict: 'stop', reason: 'chain-fork' } : wait('strange-answer')
    default:
      return wait('strange-answer', retryAfterMs)
  }
}

/**
 * 200, application/json, this epoch, a `through` no later than the last sequence sent, `rejected` of nothing out of
 * the batch and nothing twice, and every event up to `through` counted as stored, duplicate or rejected.
 */
function judgeStored(batch: Stretch, answer: HallAnswer): Verdict {
  if (answer.status !== 200) return wait('strange-answer')
  const read = readJson(BatchAnswer, answer)
  if (!read.ok || read.value.epoch !== batch.epoch) return wait('strange-answer')
  const through = parseSequence(read.value.through)
  const rejected = read.value.rejected
    .map(({ sequence, code }) => ({ sequence: parseSequence(sequence), code }))
    .sort((one, other) => one.sequence - other.sequence)
  const ours = rejected.every(({ sequence }) => sequence >= batch.first && sequence <= batch.last)
  const twice = rejected.some(({ sequence }, index) => sequence === rejected[index - 1]?.sequence)
  const counted = read.value.stored + read.value.duplicate + rejected.length
  if (through > batch.last || !ours || twice) return wait('strange-answer')
  // What is to be let go has to be accounted for, and nothing can be that was not sent.
  if (counted < through - batch.first + 1 || counted > batch.last - batch.first + 1)
    return wait('strange-answer')
  return { verdict: 'stored', answer: read.value, through, rejected }
}

type Stored = Extract<Verdict, { verdict: 'stored' }>

/**
 * What of an answer is heeded: once `limit` events were refused one after the other, what else is refused stays as it
 * is, unsent. A hall that refuses whatever it gets is a case for a person, and each event set aside is one more fact.
 * @param inRow how many were set aside up to the event before this batch, one after the other
 * @returns `release`: the last sequence to let go; `inRow` as it stands after it
 */
export function divideRejected(
  batch: Stretch,
  { through, rejected }: Pick<Stored, 'through' | 'rejected'>,
  { inRow, limit }: { inRow: number; limit: number },
): { setAside: Stored['rejected']; release: number; inRow: number } {
  let row = inRow
  let next = batch.first
  for (const [index, { sequence }] of rejected.entries()) {
    if (row >= limit)
      return { setAside: rejected.slice(0, index), release: Math.min(through, sequence - 1), inRow: row }
    if (sequence > next) row = 0
    row += 1
    next = sequence + 1
  }
  return { setAside: rejected, release: through, inRow: through >= next && row < limit ? 0 : row }
}
