import { type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestTls, Agent as TlsAgent } from 'node:https'
import { httpTroubleOf, type Trouble } from './http-trouble.ts'
import { sharedLookup } from './name-lookup.ts'
import type { IppTarget } from './target.ts'

export interface PostLimits {
  /** For the whole exchange, from the name's lookup to the answer's last byte. */
  deadlineMs: number
  /** A line on which nothing has moved for so long is given up sooner; noticed at twice this at the latest. */
  idleMs?: number
  maxAnswerBytes: number
  signal: AbortSignal
}

export type PostResult =
  /** `sentAll`: false where the line ended before all of the request had left, although the answer was whole. */
  | { ok: true; status: number; contentType: string; body: Uint8Array; sentAll: boolean }
  /** `reached`: a line was up, so that the other side may have got any part of what was sent. */
  | { ok: false; trouble: Trouble; detail: string; reached: boolean }

/** Remembers TLS sessions: a printer's processor takes up to a second for a handshake from the beginning. */
const tlsAgent = new TlsAgent({ keepAlive: false })

/**
 * One POST of IPP on a line of its own, which is gone afterwards (field row 8). Never rejects; answers that are too
 * long, too late or cut off are values. The parts are sent one behind the other and not kept. A printer may answer before
 * it has taken them all (RFC 8011 §4.2.1 allows it, those with little memory do it): the line stays up for the rest.
 */
export function postIpp(
  target: IppTarget,
  parts: readonly Uint8Array[],
  limits: PostLimits,
): Promise<PostResult> {
  const { promise, resolve } = Promise.withResolvers<PostResult>()
  let reached = false
  let ended = false
  let answer: Omit<Extract<PostResult, { ok: true }>, 'sentAll'> | undefined
  const end = (result: PostResult): void => {
    if (ended) return
    ended = true
    clearTimeout(timer)
    limits.signal.removeEventListener('abort', aborted)
    request.destroy()
    resolve(result)
  }
  const fail = (trouble: Trouble, detail: string): void =>
    end(answer === undefined ? { ok: false, trouble, detail, reached } : { ...answer, sentAll: false })
  const aborted = (): void => fail('aborted', 'given up by this program')

  const request = openRequest(target, parts)
  const timer = setTimeout(
    () => fail('timeout', `${target.host} did not answer within ${Math.round(limits.deadlineMs)} ms`),
    limits.deadlineMs,
  )
  const { idleMs } = limits
  limits.signal.addEventListener('abort', aborted, { once: true })
  request.on('socket', (socket) => {
    socket.once(target.tls ? 'secureConnect' : 'connect', () => {
      reached = true
    })
    if (idleMs === undefined) return
    // Node counts bytes that the other side takes in as movement, within one long write too.
    socket.setTimeout(idleMs, () => fail('timeout', `nothing moved to ${target.host} for ${idleMs} ms`))
  })
  request.on('error', (error: Error) => {
    const { trouble, detail } = httpTroubleOf(error, target, reached)
    fail(trouble, detail)
  })
  request.on('response', (response) => {
    const tooLong = (): void => fail('too-long', `the answer is longer than ${limits.maxAnswerBytes} bytes`)
    collect(response, limits.maxAnswerBytes, tooLong, (body) => {
      const status = response.statusCode ?? 0
      const contentType = response.headers['content-type'] ?? ''
      answer = { ok: true, status, contentType, body }
      // Another status is a refusal: nobody takes the rest.
      if (request.writableFinished || status !== 200) end({ ...answer, sentAll: request.writableFinished })
    })
    response.on('error', () => fail('cut', 'the line was cut within the answer'))
    response.on('close', () => {
      if (answer === undefined) fail('cut', 'the line was cut within the answer')
    })
  })
  request.on('finish', () => {
    if (answer !== undefined) end({ ...answer, sentAll: true })
  })
  request.on('close', () => fail('cut', 'the line was cut'))
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
