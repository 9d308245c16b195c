/**
 * Asks the hall for the time, unsigned, and says who answered: the hall itself, or something on the way that took its
 * place (a sign-in page, a proxy, another server). PROTOCOLS.md §1.1: `GET /v1/time` is open.
 */
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { createHallClock } from '../../../sync/hall-clock.ts'
import { hallFetch } from '../../../sync/hall-https.ts'
import type { HallTrust } from '../../../sync/hall-trust.ts'
import { TIME_PATH, TimeAnswer } from '../../../sync/protocol/devices.ts'
import { readProblem } from '../../../sync/protocol/problem.ts'
import { codeOf, STEP_WITHIN_MS } from './line.ts'

/** Far more than an instant; of a sign-in page the first of it is enough. */
const ANSWER_BYTES_MAX = 64 * 1024

export interface HallAddress {
  /** The origin, as device.json has it. */
  url: string
  trust: HallTrust | null
}

export type HallHeard =
  /** `offsetMs`: hall − device, right by half of `ms`, the way there and back. */
  | { heard: 'hall'; ms: number; offsetMs: number }
  | { heard: 'trouble'; status: number; code: string }
  /** `where`: the host that it sends browsers to; empty where it shows its page itself. */
  | { heard: 'portal'; status: number; where: string }
  | { heard: 'proxy'; status: number }
  | { heard: 'stranger'; status: number }
  | { heard: 'dates'; code: string }
  | { heard: 'certificate'; code: string }
  | { heard: 'silence' }
  | { heard: 'cut'; code: string }

export const askHall = async ({ url, trust }: HallAddress): Promise<HallHeard> => {
  const origin = new URL(url).origin
  const ask =
    trust !== null && origin.startsWith('https:')
      ? hallFetch(origin, trust, createHallClock()).fetch
      : plainly
  const signal = AbortSignal.timeout(STEP_WITHIN_MS)
  const sentAt = performance.now()
  try {
    const response = await ask(origin + TIME_PATH, { redirect: 'manual', signal, body: null })
    const body = await readSome(response)
    const ms = performance.now() - sentAt
    return judgeAnswer(response, body, { ms, askedOf: origin })
  } catch (error) {
    if (signal.aborted) return { heard: 'silence' }
    return judgeError(codeOf(error))
  }
}

/** Not by `fetch`, which keeps a proxy's 407 to itself. The system's authorities are trusted, as by the device. */
const plainly = (url: string, { signal }: RequestInit): Promise<Response> =>
  new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest
    const request = send(url, { agent: false, signal: signal ?? undefined }, (answer) => {
      const chunks: Buffer[] = []
      let length = 0
      const whole = (): void => {
        const { statusCode = 0 } = answer
        const headers = new Headers()
        for (const [name, value] of Object.entries(answer.headers)) headers.set(name, String(value))
        const body = BODILESS.includes(statusCode) ? null : Buffer.concat(chunks)
        resolve(new Response(body, { status: statusCode, headers }))
      }
      answer.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        length += chunk.byteLength
        if (length < ANSWER_BYTES_MAX) return
        whole()
        answer.destroy()
      })
      answer.once('end', whole)
      answer.once('error', reject)
    })
    request.once('error', reject)
    request.end()
  })

/** The fetch standard's "null body status". */
const BODILESS: readonly number[] = [204, 205, 304]

const readSome = async (response: Response): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  let length = 0
  if (response.body !== null)
    for await (const chunk of response.body) {
      chunks.push(chunk)
      length += chunk.byteLength
      if (length >= ANSWER_BYTES_MAX) break
    }
  return Buffer.concat(chunks)
}

const judgeAnswer = (
  response: Response,
  body: Uint8Array,
  { ms, askedOf }: { ms: number; askedOf: string },
): HallHeard => {
  const { status, headers } = response
  const type = headers.get('content-type')
  const problem = readProblem(type, body)
  if (problem !== null) return { heard: 'trouble', status, code: problem.code }
  const time = status === 200 ? timeIn(body) : null
  if (time !== null)
    return { heard: 'hall', ms: Math.round(ms), offsetMs: Math.round(time + ms / 2 - Date.now()) }
  if (status === PROXY_WANTS_SIGN_IN) return { heard: 'proxy', status }
  if (status === NETWORK_WANTS_SIGN_IN) return { heard: 'portal', status, where: '' }
  if (status >= 300 && status < 400) return { heard: 'portal', status, where: hostOf(headers, askedOf) }
  if (GATEWAY_STATUSES.includes(status) || PROXY_HEADERS.some((name) => headers.has(name)))
    return { heard: 'proxy', status }
  return type?.startsWith('text/html') && status === 200
    ? { heard: 'portal', status, where: '' }
    : { heard: 'stranger', status }
}

/** RFC 9110 §15.5.8; RFC 6585 §6. */
const PROXY_WANTS_SIGN_IN = 407
const NETWORK_WANTS_SIGN_IN = 511
/** Said by whoever stands before the hall: its own faults are problems of the contract. */
const GATEWAY_STATUSES: readonly number[] = [502, 503, 504]
/** RFC 9110 §7.6.3, RFC 9209, and what Squid writes. */
const PROXY_HEADERS = ['via', 'proxy-status', 'proxy-authenticate', 'x-squid-error']

const timeIn = (body: Uint8Array): number | null => {
  try {
    const read = TimeAnswer.safeParse(JSON.parse(new TextDecoder().decode(body)))
    return read.success ? Date.parse(read.data.time) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

const hostOf = (headers: Headers, askedOf: string): string => {
  try {
    return new URL(headers.get('location') ?? '', askedOf).host
  } catch {
    return ''
  }
}

/** OpenSSL's names, and those of sync/hall-https.ts. */
const DATE_CODES: readonly string[] = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']
const CERTIFICATE_CODES =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS_|ERR_SSL_|PIN_|NO_CERTIFICATE|INVALID_)|EPROTO/

const judgeError = (code: string): HallHeard => {
  if (DATE_CODES.includes(code)) return { heard: 'dates', code }
  return CERTIFICATE_CODES.test(code) ? { heard: 'certificate', code } : { heard: 'cut', code }
}
