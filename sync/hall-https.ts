/**
 * `fetch` to a hall whose authority or key is configured: Node's own takes neither. Nothing is sent before the server
 * is known to be the hall.
 */
import { Agent, request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import type { HallClock } from './hall-clock.ts'
import { chainFault, type HallTrust, isPinned } from './hall-trust.ts'
import { Instant } from './protocol/identifiers.ts'

/** By which clock a server's dates are judged. `none` is for asking the time of a pinned server, and nothing else. */
type Dates = 'machine' | 'hall' | 'none'

/** What OpenSSL says when all that is wrong may be the clock. */
const DATE_FAULTS: readonly unknown[] = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']

const TIME_PATH = '/v1/time'
const TIME_TIMEOUT_MS = 10_000
/** An instant and its quotes, many times over. */
const MAX_TIME_ANSWER_BYTES = 4096

export interface HallFetch {
  fetch(url: string, init: RequestInit & { body: Uint8Array<ArrayBuffer> | null }): Promise<Response>
  /**
   * After a request failed: when only the dates of a pinned server were wrong, asks it for the time, learns it, and
   * judges dates by it from then on.
   * @returns true when the request is to be made again
   */
  learnTimeAfter(error: unknown): Promise<boolean>
}

class CertificateError extends Error {
  readonly code: string

  constructor(code: string) {
    super('the server is not the hall that this device is set up for')
    this.code = code
  }
}

export function hallFetch(origin: string, trust: HallTrust, clock: HallClock): HallFetch {
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, '')
  const agents: Record<Dates, Agent> = {
    machine: agentFor('machine'),
    hall: agentFor('hall'),
    none: agentFor('none'),
  }
  let dates: Dates = 'machine'

  function agentFor(judged: Dates): Agent {
    // A resumed session brings no chain that could be judged.
    const agent = new Agent({ keepAlive: judged !== 'none', maxCachedSessions: 0 })
    agent.createConnection = (options, done) => {
      const socket = connect({
        ...(options as ConnectionOptions),
        ...(trust.ca === null ? {} : { ca: trust.ca }),
        // Off only where chainFault below does the same with another clock, before the socket is given to anybody.
        rejectUnauthorized: judged === 'machine',
      })
      socket.once('error', (error) => done?.(error, socket))
      socket.once('secureConnect', () => {
        const fault = faultOf(socket, judged)
        if (fault === null) done?.(null, socket)
        else socket.destroy(new CertificateError(fault))
      })
      return undefined
    }
    return agent
  }

  function faultOf(socket: TLSSocket, judged: Dates): string | null {
    const leaf = socket.getPeerX509Certificate()
    if (leaf === undefined) return 'NO_CERTIFICATE'
    if (!isPinned(leaf, trust)) return 'PIN_MISMATCH'
    if (judged === 'machine') return null
    if (trust.pins.length === 0) return 'PIN_MISSING'
    const at = judged === 'hall' ? clock.hallNow() : null
    return chainFault(leaf, host, trust, at)
  }

  async function send(
    url: string,
    init: Parameters<HallFetch['fetch']>[1],
    judged: Dates,
  ): Promise<Response> {
    return await new Promise<Response>((resolve, reject) => {
      const { method = 'GET', headers = {}, body, signal } = init
      const asked = httpsRequest(url, {
        method,
        headers: {
          ...(headers as Record<string, string>),
          ...(body === null ? {} : { 'content-length': body.byteLength }),
        },
        agent: agents[judged],
        ...(signal ? { signal } : {}),
      })
      asked.once('error', (cause) => reject(new TypeError('fetch failed', { cause })))
      asked.once('response', (answer) => {
        const status = answer.statusCode ?? 0
        const bodiless = status === 204 || status === 304
        if (bodiless) answer.resume()
        // A connection that breaks later is told to whoever reads the body.
        const stream = bodiless ? null : (Readable.toWeb(answer) as ReadableStream)
        const pairs = Object.entries(answer.headers).flatMap(([name, value]) =>
          (Array.isArray(value) ? value : [value ?? '']).map((one): [string, string] => [name, one]),
        )
        resolve(new Response(stream, { status, headers: pairs }))
      })
      asked.end(body ?? undefined)
    })
  }

  async function askTime(): Promise<boolean> {
    const sentAt = clock.monotonic()
    const signal = AbortSignal.timeout(TIME_TIMEOUT_MS)
    const answer = await send(origin + TIME_PATH, { body: null, signal }, 'none')
    const text = (await answer.text()).slice(0, MAX_TIME_ANSWER_BYTES)
    const told: unknown = answer.ok ? JSON.parse(text) : null
    const time = Instant.safeParse(
      typeof told === 'object' && told !== null && 'time' in told ? told.time : null,
    )
    if (time.success) clock.learn(time.data, sentAt, true)
    return time.success
  }

  return {
    async fetch(url, init) {
      // A clock that has been set right is the machine's own again.
      if (dates === 'hall' && clock.state().synchronized) dates = 'machine'
      return await send(url, init, dates)
    },
    async learnTimeAfter(error) {
      if (dates !== 'machine' || trust.pins.length === 0 || !DATE_FAULTS.includes(causeCode(error)))
        return false
      const learned = await askTime().catch(() => false)
      if (learned) dates = 'hall'
      return learned
    },
  }
}

function causeCode(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause ? cause.code : undefined
}
