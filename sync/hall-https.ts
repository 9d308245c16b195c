/**
 * `fetch` to a hall whose authority or key is configured: Node's own takes neither. Nothing is sent before the server
 * is known to be the hall.
 */
import type { IncomingMessage } from 'node:http'
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https'
import { Readable } from 'node:stream'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import type { HallClock } from './hall-clock.ts'
import { chainFault, type HallTrust, isPinned } from './hall-trust.ts'
import { Instant } from './protocol/identifiers.ts'

/** By which clock a server's dates are judged. `none` is for asking the time of a pinned server, and nothing else. */
type Dates = 'machine' | 'hall' | 'none'

/** What OpenSSL says when all that is wrong may be the clock. */
const DATE_FAULTS: readonly unknown[] = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']

/** TCP and TLS together: a line that swallows everything must not hold whoever waits without a limit of their own. */
const HANDSHAKE_TIMEOUT_MS = 10_000

/** A certificate that has truly expired is no reason to ask for the time with every request. */
const TIME_ASKED_AGAIN_MS = 30_000

/** What `Response` takes: anything else is no answer of HTTP's. */
const MIN_STATUS = 200
const MAX_STATUS = 599
/** The fetch standard's "null body status", as far as a final answer can have it. */
const BODILESS: readonly number[] = [204, 205, 304]

const TIME_PATH = '/v1/time'
const TIME_TIMEOUT_MS = 10_000
/** An instant and its quotes, many times over. */
const MAX_TIME_ANSWER_BYTES = 4096

export interface HallFetch {
  fetch(url: string, init: RequestInit & { body: Uint8Array<ArrayBuffer> | null }): Promise<Response>
  /**
   * After a request failed: when only the dates of a pinned server were wrong, asks it for the time, learns it, and
   * judges dates by it from then on. Asked again, at most twice a minute, when they are wrong by what was learned: the
   * hall's own clock may have been wrong.
   * @returns true when the request is to be made again
   */
  learnTimeAfter(error: unknown, signal: AbortSignal | null): Promise<boolean>
}

/** A status that is none of HTTP's final ones. */
export class StrangeStatus extends Error {
  readonly status: number

  constructor(status: number) {
    super('not a status of HTTP')
    this.status = status
  }
}

/** Carried by a request to its agent: who asked must be able to end a connection that does not come about. */
interface DialledRequest extends RequestOptions {
  onDialled: (socket: TLSSocket) => void
}

class CertificateError extends Error {
  readonly code: string

  constructor(code: string) {
    super('the server is not the hall that this device is set up for')
    this.code = code
  }
}

class HandshakeTimeout extends Error {
  readonly code = 'ETIMEDOUT'
}

export function hallFetch(origin: string, trust: HallTrust, clock: HallClock): HallFetch {
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, '')
  const agents: Record<Dates, Agent> = {
    machine: agentFor('machine'),
    hall: agentFor('hall'),
    none: agentFor('none'),
  }
  let dates: Dates = 'machine'
  let timeAskedAt = Number.NEGATIVE_INFINITY

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
      const limit = setTimeout(() => socket.destroy(new HandshakeTimeout()), HANDSHAKE_TIMEOUT_MS)
      const failed = (error: Error): void => {
        clearTimeout(limit)
        done?.(error, socket)
      }
      socket.once('error', failed)
      socket.once('secureConnect', () => {
        clearTimeout(limit)
        const fault = faultOf(socket, judged)
        if (fault !== null) return socket.destroy(new CertificateError(fault))
        socket.off('error', failed)
        done?.(null, socket)
      })
      ;(options as DialledRequest).onDialled(socket)
      // Given by `done` alone: nothing may be written before the server is known.
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
      if (signal?.aborted) return reject(gaveUp(signal))
      let dialled: TLSSocket | null = null
      const options: DialledRequest = {
        method,
        headers: {
          ...(headers as Record<string, string>),
          ...(body === null ? {} : { 'content-length': body.byteLength }),
        },
        agent: agents[judged],
        // Ends it once there is a socket, the answer's body too.
        ...(signal ? { signal } : {}),
        onDialled(socket) {
          dialled = socket
        },
      }
      const asked = httpsRequest(url, options)
      // Until there is a socket an aborted request says nothing at all: whoever waits is told here.
      const abort = (): void => {
        reject(gaveUp(signal))
        dialled?.destroy(gaveUp(signal))
      }
      signal?.addEventListener('abort', abort, { once: true })
      asked.once('close', () => {
        signal?.removeEventListener('abort', abort)
        reject(new TypeError('fetch failed', { cause: new Error('closed without an answer') }))
      })
      asked.once('upgrade', (answer, socket) => {
        socket.destroy()
        reject(new StrangeStatus(answer.statusCode ?? 0))
      })
      asked.on('error', (cause) => reject(new TypeError('fetch failed', { cause })))
      asked.once('response', (answer) => {
        try {
          resolve(responseOf(answer))
        } catch (cause) {
          answer.destroy()
          reject(cause)
        }
      })
      asked.end(body ?? undefined)
    })
  }

  async function askTime(given: AbortSignal | null): Promise<boolean> {
    const sentAt = clock.monotonic()
    const limit = AbortSignal.timeout(TIME_TIMEOUT_MS)
    const signal = given === null ? limit : AbortSignal.any([given, limit])
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
    async learnTimeAfter(error, signal) {
      if (trust.pins.length === 0 || !DATE_FAULTS.includes(causeCode(error))) return false
      const now = clock.monotonic()
      if (dates === 'hall' && now - timeAskedAt < TIME_ASKED_AGAIN_MS) return false
      timeAskedAt = now
      const learned = await askTime(signal).catch(() => false)
      if (learned) dates = 'hall'
      return learned
    },
  }
}

function gaveUp(signal: AbortSignal | null | undefined): TypeError {
  return new TypeError('fetch failed', { cause: signal?.reason })
}

/** @throws StrangeStatus */
function responseOf(answer: IncomingMessage): Response {
  const status = answer.statusCode ?? 0
  if (status < MIN_STATUS || status > MAX_STATUS) throw new StrangeStatus(status)
  const bodiless = BODILESS.includes(status)
  if (bodiless) answer.resume()
  const stream = bodiless ? null : (Readable.toWeb(answer) as ReadableStream)
  const pairs = Object.entries(answer.headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).map((one): [string, string] => [name, one]),
  )
  return new Response(stream, { status, headers: pairs })
}

function causeCode(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause ? cause.code : undefined
}
