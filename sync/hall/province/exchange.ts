/** One question to the province over HTTP, and what came of it. */
import { readAnswer } from './answers.ts'
import type { AnswerMeaning, ProvinceProfile } from './profile-schema.ts'
import type { ProvinceRequest } from './request.ts'

export type Exchange =
  /** `serverTime`: what the answer's Date header says, null where it says nothing. */
  | { outcome: 'answered'; means: AnswerMeaning; words: string; serverTime: Date | null }
  /** 429: it was not looked at. */
  | { outcome: 'too-many'; retryAfterMs: number | null }
  /** It may have been stored, or not. */
  | { outcome: 'unknown'; why: UnknownBecause; retryAfterMs: number | null }

export type UnknownBecause =
  | 'no-answer' // no connection, cut, or not within the deadline
  | 'server-error' // 5xx, 408
  | 'unintelligible' // a page, a redirect, a door before the platform, or nothing that the profile knows

/** An answer is a code and a sentence; a page of a portal is not read to its end. */
const MAX_ANSWER_BYTES = 64 * 1024

/** A province that asks for more patience than this is asked again all the same. */
const MAX_RETRY_AFTER_MS = 5 * 60 * 1000

/** @param stopping ends it at once, as if nothing had been answered */
export async function ask(
  profile: ProvinceProfile,
  url: string,
  request: ProvinceRequest,
  stopping: AbortSignal,
): Promise<Exchange> {
  const deadline = AbortSignal.timeout(profile.delivery.deadlineSeconds * 1000)
  const signal = AbortSignal.any([deadline, stopping])
  let response: Response
  let text: string
  try {
    const { headers, body } = request
    response = await fetch(url + request.path, { method: 'POST', headers, body, signal, redirect: 'manual' })
    text = await limitedText(response)
  } catch {
    // Whatever went wrong on the way: its words may hold the address of a proxy, never more than this.
    return { outcome: 'unknown', why: 'no-answer', retryAfterMs: null }
  }
  const retryAfterMs = retryAfter(response.headers.get('retry-after'))
  if (response.status === 429) return { outcome: 'too-many', retryAfterMs }
  if (response.status >= 500 || response.status === 408)
    return { outcome: 'unknown', why: 'server-error', retryAfterMs }
  const read = readAnswer(profile, response.status, text)
  if (!read.read) return { outcome: 'unknown', why: 'unintelligible', retryAfterMs }
  const date = Date.parse(response.headers.get('date') ?? '')
  const serverTime = Number.isNaN(date) ? null : new Date(date)
  return { outcome: 'answered', means: read.means, words: read.words, serverTime }
}

async function limitedText(response: Response): Promise<string> {
  if (response.body === null) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    if (bytes > MAX_ANSWER_BYTES) break
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Seconds; a date would depend on two clocks. */
function retryAfter(header: string | null): number | null {
  if (header === null || !/^\d{1,9}$/.test(header)) return null
  return Math.min(Number(header) * 1000, MAX_RETRY_AFTER_MS)
}
