/** One HTTP exchange with an outside system: bounded in time and size, without redirects, saying nothing of what it held. */
import { readFileSync } from 'node:fs'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { HallError } from '../fault.ts'
import { type OutsideSettings, Token } from './settings.ts'

/** At once: a slow system must not eat the hall's sockets, and these are more people than a hall has terminals. */
const MAX_SOCKETS = 32
const KEEP_ALIVE_MS = 30_000

export interface Exchange {
  method: 'GET' | 'POST'
  path: string
  headers: Readonly<Record<string, string>>
  body: Uint8Array | null
  timeoutMs: number
  maxAnswerBytes: number
}

export interface RawAnswer {
  status: number
  mediaType: string
  bytes: Uint8Array
}

/** What an outside system did instead of answering; its message is for technicians and quotes nothing. */
export class NoAnswer extends Error {
  /** Nothing was asked of it, so that it has surely done nothing. */
  readonly notAsked: boolean

  constructor(message: string, { notAsked = false } = {}) {
    super(message)
    this.notAsked = notAsked
  }
}

/** Of an answer that was longer than agreed. */
export class TooLarge extends NoAnswer {}

/**
 * The other end closed a kept connection just as it was used again: nothing is wrong with it, and asking once more is
 * safe, since whatever changes something there has an Idempotency-Key.
 */
class StaleConnection extends Error {}

/** There was no connection, or none to the system that hall.json means: the request never left. */
class NotConnected extends Error {}

export interface Line {
  /** @throws NoAnswer */
  exchange(exchange: Exchange): Promise<RawAnswer>
  close(): void
}

/** @throws HallError `configuration-invalid` when a file that the settings name cannot be read */
export function openLine(settings: OutsideSettings): Line {
  const base = settings.url.replace(/\/+$/, '')
  const secure = base.startsWith('https:')
  const token = settings.token ?? readToken(settings.tokenFile ?? '')
  const options = { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_MS, maxSockets: MAX_SOCKETS }
  const ca = settings.ca === undefined ? {} : { ca: readNamed(settings.ca) }
  // Said outright: else NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would let anybody be the system.
  const checked = { rejectUnauthorized: true, ...ca }
  const agent = secure ? new HttpsAgent({ ...options, ...checked }) : new HttpAgent(options)
  const send = secure ? httpsRequest : httpRequest

  function once(exchange: Exchange, signal: AbortSignal): Promise<RawAnswer> {
    const { method, path, headers, body, maxAnswerBytes } = exchange
    const length = body === null ? {} : { 'content-length': body.byteLength }
    return new Promise((resolve, reject) => {
      const request = send(base + path, {
        method,
        agent,
        signal,
        headers: {
          accept: 'application/json, application/pdf',
          'accept-encoding': 'identity',
          authorization: `Bearer ${token}`,
          ...headers,
          ...length,
        },
      })
      let connected = false
      request.on('socket', (socket) => {
        if (request.reusedSocket) connected = true
        else socket.once(secure ? 'secureConnect' : 'connect', () => (connected = true))
      })
      request.on('error', (error) => {
        const stale = request.reusedSocket && 'code' in error && error.code === 'ECONNRESET'
        if (stale) reject(new StaleConnection())
        else reject(connected ? error : new NotConnected(error.message, { cause: error }))
      })
      request.on('response', (response) => {
        readAnswer(response, maxAnswerBytes).then(resolve, (error: unknown) => {
          request.destroy()
          reject(error)
        })
      })
      request.end(body ?? undefined)
    })
  }

  return {
    async exchange(exchange) {
      const signal = AbortSignal.timeout(exchange.timeoutMs)
      try {
        return await once(exchange, signal)
      } catch (error) {
        if (!(error instanceof StaleConnection)) throw noAnswer(error, signal, exchange.timeoutMs)
      }
      try {
        return await once(exchange, signal)
      } catch (error) {
        // The first time it may have been asked, whatever hindered the second.
        const failed = noAnswer(error, signal, exchange.timeoutMs)
        throw failed.notAsked ? new NoAnswer(failed.message) : failed
      }
    },
    close() {
      agent.destroy()
    },
  }
}

async function readAnswer(response: IncomingMessage, maxBytes: number): Promise<RawAnswer> {
  const told = Number(response.headers['content-length'] ?? 0)
  if (told > maxBytes) throw new TooLarge(`its answer is larger than ${maxBytes} bytes`)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    size += chunk.length
    if (size > maxBytes) throw new TooLarge(`its answer is larger than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  if (!response.complete) throw new NoAnswer('its answer was cut off')
  const mediaType = (response.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  return { status: response.statusCode ?? 0, mediaType, bytes: Buffer.concat(chunks, size) }
}

function noAnswer(error: unknown, signal: AbortSignal, timeoutMs: number): NoAnswer {
  if (error instanceof NoAnswer) return error
  const notAsked = error instanceof NotConnected
  if (signal.aborted) return new NoAnswer(`no whole answer within ${timeoutMs} ms`, { notAsked })
  const cause = notAsked ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no connection'
  return new NoAnswer(`cannot be reached (${code})`, { notAsked })
}

function readToken(path: string): string {
  const token = Token.safeParse(readNamed(path).trim())
  if (token.success) return token.data
  const why = token.error.issues[0]?.message ?? ''
  throw new HallError('configuration-invalid', `${path} holds no token: ${why}; hall.json names it`)
}

function readNamed(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
    throw new HallError('configuration-invalid', `${path} cannot be read (${code}): hall.json names it`, {
      cause,
    })
  }
}
