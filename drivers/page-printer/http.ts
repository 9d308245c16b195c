import { type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestTls, Agent as TlsAgent } from 'node:https'
import { httpTroubleOf, type Trouble } from './http-trouble.ts'
import { sharedLookup } from './name-lookup.ts'
import type { IppTarget } from './target.ts'

export interface PostLimits {
  /** For the whole exchange, from the name's lookup to the answer's last byte. */
  deadlineMs: number
  maxAnswerBytes: number
  signal: AbortSignal
}

export type PostResult =
  | { ok: true; status: number; contentType: string; body: Uint8Array }
  /** `reached`: a line was up, so that the other side may have got any part of what was sent. */
  | { ok: false; trouble: Trouble; detail: string; reached: boolean }

/** Remembers TLS sessions: a printer's processor takes up to a second for a handshake from the beginning. */
const tlsAgent = new TlsAgent({ keepAlive: false })

/**
 * One POST of IPP on a line of its own, which is gone afterwards (field row 8). Never rejects; answers that are too
 * long, too late or cut off are values. The parts are sent one behind the other and not kept.
 */
export function postIpp(
  target: IppTarget,
  parts: readonly Uint8Array[],
  limits: PostLimits,
): Promise<PostResult> {
  const { promise, resolve } = Promise.withResolvers<PostResult>()
  let reached = false
  let ended = false
  const end = (result: PostResult): void => {
    if (ended) return
    ended = true
    clearTimeout(timer)
    limits.signal.removeEventListener('abort', aborted)
    request.destroy()
    resolve(result)
  }
  const fail = (trouble: Trouble, detail: string): void => end({ ok: false, trouble, detail, reached })
  const aborted = (): void => fail('aborted', 'given up by this program')

  const request = openRequest(target, parts)
  const timer = setTimeout(
    () => fail('timeout', `${target.host} did not answer within ${limits.deadlineMs} ms`),
    limits.deadlineMs,
  )
  limits.signal.addEventListener('abort', aborted, { once: true })
  request.on('socket', (socket) => {
    socket.once(target.tls ? 'secureConnect' : 'connect', () => {
      reached = true
    })
  })
  request.on('error', (error: Error) => {
    const { trouble, detail } = httpTroubleOf(error, target, reached)
    fail(trouble, detail)
  })
  request.on('response', (response) => {
    const tooLong = (): void => fail('too-long', `the answer is longer than ${limits.maxAnswerBytes} bytes`)
    collect(response, limits.maxAnswerBytes, tooLong, (body) =>
      end({
        ok: true,
        status: response.statusCode ?? 0,
        contentType: response.headers['content-type'] ?? '',
        body,
      }),
    )
    response.on('error', () => fail('cut', 'the line was cut within the answer'))
    response.on('close', () => fail('cut', 'the line was cut within the answer'))
  })
  for (const part of parts) request.write(part)
  request.end()
  if (limits.signal.aborted) aborted()
  return promise
}

function openRequest(target: IppTarget, parts: readonly Uint8Array[]): ClientRequest {
  const options = {
    method: 'POST',
    host: target.host,
    port: target.port,
    path: target.path,
    lookup: sharedLookup,
    headers: {
      'Content-Type': 'application/ipp',
      // Of a length that is not told beforehand small printers take nothing.
      'Content-Length': parts.reduce((sum, part) => sum + part.length, 0),
    },
  }
  return target.tls ? requestTls({ ...options, agent: tlsAgent }) : requestPlain({ ...options, agent: false })
}

function collect(
  response: IncomingMessage,
  maxBytes: number,
  tooLong: () => void,
  done: (body: Uint8Array) => void,
): void {
  const chunks: Buffer[] = []
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > maxBytes) tooLong()
    else chunks.push(chunk)
  })
  response.on('end', () => done(Buffer.concat(chunks)))
}
