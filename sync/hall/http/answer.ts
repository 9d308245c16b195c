/** What a route answers, as a value; one place turns it into HTTP. */
import type { ServerResponse } from 'node:http'
import { PROBLEM_MEDIA_TYPE, type ProblemCode, problem, problems } from '../../protocol/problem.ts'

export interface Answer {
  status: number
  headers?: Readonly<Record<string, string>>
  /** Null: no body. Bytes are sent as they are, anything else as JSON. */
  body: unknown
}

export function ok(body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, headers, body }
}

/** `detail`: what was wrong this time and what to do; nothing personal. */
export function refusal(
  code: ProblemCode,
  detail: string,
  members: Record<string, unknown> = {},
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status: problems[code].status,
    headers: { ...headers, 'content-type': PROBLEM_MEDIA_TYPE },
    body: problem(code, detail, members),
  }
}

/** Retry-After counts whole seconds (RFC 9110 §10.2.3); a client that waits them out must not come too early. */
export function retryAfter(ms: number): Readonly<Record<string, string>> {
  return { 'retry-after': String(Math.max(1, Math.ceil(ms / 1000))) }
}

export function send(response: ServerResponse, answer: Answer): void {
  const headers: Record<string, string | number> = { 'cache-control': 'no-store', ...answer.headers }
  if (answer.body === null) {
    response.writeHead(answer.status, headers).end()
    return
  }
  // Text goes out in one piece with its head: thousands are told at once that they have to come again.
  const body = answer.body instanceof Uint8Array ? answer.body : JSON.stringify(answer.body)
  headers['content-type'] ??= 'application/json'
  headers['content-length'] = Buffer.byteLength(body)
  response.writeHead(answer.status, headers).end(body)
}
