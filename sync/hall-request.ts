/** One signed request of a device to its hall server, and every way it can end, as a value. */

import { hallOrigin } from './hall-address.ts'
import type { HallClock } from './hall-clock.ts'
import { hallFetch, StrangeStatus } from './hall-https.ts'
import type { HallTrust } from './hall-trust.ts'
import type { Identity } from './identity.ts'
import { Instant } from './protocol/identifiers.ts'
import { type Problem, readProblem } from './protocol/problem.ts'
import { type RequestSigner, signRequest } from './protocol/signature.ts'

/** An answer longer than this is not one of the contract's, unless the request expects it. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024

/** Longer no hall keeps a device waiting, whatever `Retry-After` says: a wrong number must not silence it. */
const MAX_RETRY_AFTER_MS = 60 * 60 * 1000

export interface HallRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  /** The bytes as they are to be sent. */
  body?: Uint8Array
  contentType?: string
  contentEncoding?: string | null
  idempotencyKey?: string
  /** Further headers, outside the signature. */
  headers?: Record<string, string>
  /** From sending to the last byte of the answer. */
  timeoutMs: number
  maxAnswerBytes?: number
  signal?: AbortSignal
}

export type NoAnswerReason = 'unreachable' | 'timeout' | 'cancelled' | 'answer-too-large'

export type HallFault =
  | { ok: false; kind: 'no-answer'; reason: NoAnswerReason; detail: string }
  /** A problem of the contract. */
  | { ok: false; kind: 'problem'; status: number; problem: Problem; retryAfterMs: number | null }
  /** Anything else: a proxy's page, a redirect, an answer that breaks its schema. */
  | { ok: false; kind: 'unexpected'; status: number; detail: string; retryAfterMs: number | null }

export interface HallAnswer {
  ok: true
  /** 2xx or 304. */
  status: number
  headers: Headers
  body: Uint8Array
}

export interface HallLine {
  /** Signed as the device, or by thumbprint before it is enrolled. Never throws for what happens on the wire. */
  request(request: HallRequest): Promise<HallAnswer | HallFault>
  /** Sends and gives the answer with its body still running, for streams; faults as `request`. */
  open(request: Omit<HallRequest, 'timeoutMs'>): Promise<{ ok: true; response: Response } | HallFault>
  readonly clock: HallClock
}

/** @throws HallAddressError when `url` is none that this device may use */
export function openHallLine(options: {
  url: string
  identity: Identity
  clock: HallClock
  /** Left out: the system's authorities, and any key. */
  trust?: HallTrust
}): HallLine {
  const { identity, clock, trust } = options
  const origin = hallOrigin(options.url)
  const trusted = trust === undefined || !origin.startsWith('https:') ? null : hallFetch(origin, trust, clock)

  async function send(request: Omit<HallRequest, 'timeoutMs'>, signer: RequestSigner): Promise<Response> {
    const { method, path, body, contentType, contentEncoding, idempotencyKey, signal } = request
    const signed = signRequest({ method, path, body: body ?? null, idempotencyKey }, signer, clock.hallNow())
    return await (trusted?.fetch ?? fetch)(origin + path, {
      method,
      headers: {
        ...request.headers,
        ...signed,
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
        ...(contentEncoding ? { 'content-encoding': contentEncoding } : {}),
      },
      body: body === undefined ? null : new Uint8Array(body),
      redirect: 'manual',
      signal: signal ?? null,
    })
  }

  /** A clock at 1970 fails TLS before any answer: then the time is asked first, of a server that is pinned. */
  async function sendOnceTimed(request: Omit<HallRequest, 'timeoutMs'>): Promise<Response> {
    try {
      return await send(request, identity.signer())
    } catch (error) {
      if (trusted === null || !(await trusted.learnTimeAfter(error, request.signal ?? null))) throw error
      return await send(request, identity.signer())
    }
  }

  /** A 401 `clock` is answered by signing once more with the hall's time. */
  async function exchange(request: Omit<HallRequest, 'timeoutMs'>): Promise<ReadAnswer | Response> {
    const sentAt = clock.monotonic()
    const response = await sendOnceTimed(request)
    if (response.status !== 401) return response
    const answer = await readAnswer(response, MAX_ANSWER_BYTES)
    const time = readProblem(answer.headers.get('content-type'), answer.body)
    const told = time?.code === 'clock' ? Instant.safeParse(time.time) : null
    if (!told?.success) return answer
    clock.learn(told.data, sentAt, true)
    return await send(request, identity.signer())
  }

  return {
    clock,
    async request(request) {
      const timeout = AbortSignal.timeout(request.timeoutMs)
      const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout])
      try {
        const got = await exchange({ ...request, signal })
        return judged(await readAnswer(got, request.maxAnswerBytes ?? MAX_ANSWER_BYTES))
      } catch (error) {
        return noAnswer(error, timeout, request.signal)
      }
    },
    async open(request) {
      try {
        const got = await exchange(request)
        if (got instanceof Response && got.ok) return { ok: true, response: got }
        const answer = judged(await readAnswer(got, MAX_ANSWER_BYTES))
        return answer.ok ? unexpected(answer.status, 'not a stream', null) : answer
      } catch (error) {
        return noAnswer(error, null, request.signal)
      }
    },
  }
}

interface ReadAnswer {
  status: number
  headers: Headers
  body: Uint8Array
}

class AnswerTooLarge extends Error {}

async function readAnswer(answer: Response | ReadAnswer, maxBytes: number): Promise<ReadAnswer> {
  if (!(answer instanceof Response)) return answer
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    // Leaving the loop by a throw cancels the stream, and with it the connection.
    for await (const chunk of answer.body ?? []) {
      bytes += chunk.byteLength
      if (bytes > maxBytes) throw new AnswerTooLarge()
      chunks.push(chunk)
    }
  } catch (cause) {
    // Whatever else ends a body in the middle is the wire's; `fetch` says it with the same words.
    throw cause instanceof AnswerTooLarge ? cause : new TypeError('terminated', { cause })
  }
  return { status: answer.status, headers: answer.headers, body: Buffer.concat(chunks, bytes) }
}

function judged(answer: ReadAnswer): HallAnswer | HallFault {
  const { status, headers, body } = answer
  if ((status >= 200 && status < 300) || status === 304) return { ok: true, ...answer }
  const problem = readProblem(headers.get('content-type'), body)
  const retryAfterMs = readRetryAfter(headers)
  if (problem !== null) return { ok: false, kind: 'problem', status, problem, retryAfterMs }
  return unexpected(status, 'not an answer of a hall server', retryAfterMs)
}

export function unexpected(status: number, detail: string, retryAfterMs: number | null): HallFault {
  return { ok: false, kind: 'unexpected', status, detail, retryAfterMs }
}

/** RFC 9110 §10.2.3: seconds or a date; the date is read against the answer's own, never this device's clock. */
function readRetryAfter(headers: Headers): number | null {
  const value = headers.get('retry-after')
  if (value === null) return null
  const waitMs = /^\d{1,10}$/.test(value)
    ? Number(value) * 1000
    : Date.parse(value) - Date.parse(headers.get('date') ?? '')
  return Number.isFinite(waitMs) ? Math.min(Math.max(waitMs, 0), MAX_RETRY_AFTER_MS) : null
}

function noAnswer(
  error: unknown,
  timeout: AbortSignal | null,
  cancelled: AbortSignal | undefined,
): HallFault {
  const fault = (reason: NoAnswerReason, detail: string): HallFault => ({
    ok: false,
    kind: 'no-answer',
    reason,
    detail,
  })
  if (error instanceof AnswerTooLarge) return fault('answer-too-large', 'the answer is longer than agreed')
  if (cancelled?.aborted) return fault('cancelled', 'the request was given up')
  if (timeout?.aborted) return fault('timeout', 'no whole answer in time')
  if (error instanceof StrangeStatus) return unexpected(error.status, error.message, null)
  // What `fetch` throws for the wire is a TypeError with a cause that has the system's code; all else is a defect.
  if (!(error instanceof TypeError) || error.cause === undefined) throw error
  const { cause } = error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no connection'
  return fault('unreachable', code)
}
