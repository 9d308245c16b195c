/** Every refusal of both listeners as a problem (RFC 9457), and express's own errors with them. */
import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import {
  PROBLEM_MEDIA_TYPE,
  type Problem,
  type ProblemCode,
  problem,
  problems,
} from '../../sync/protocol/problem.ts'
import { storageProblem } from '../../sync/sqlite-faults.ts'
import { isStoreClosed } from '../records-fault.ts'

/** Codes that only a device's own listeners have. */
const ownProblems = {
  'host-not-allowed': { status: 403, title: 'This address is not served here' },
  'unknown-label': { status: 400, title: 'This label is not one of the page' },
  'not-open': { status: 409, title: 'This question is closed' },
  'unknown-staff': { status: 404, title: 'Nobody of this number works here' },
  'cannot-keep': { status: 503, title: 'Nothing can be written down now' },
  'pages-not-built': { status: 503, title: 'The pages are missing' },
  'wrong-pin': { status: 403, title: 'This PIN is wrong' },
  'no-pin': { status: 403, title: 'This number has no PIN' },
  'not-set-up': { status: 503, title: 'This device has not been set up' },
  locked: { status: 403, title: 'Nobody is in' },
} as const

export type HttpProblemCode = ProblemCode | keyof typeof ownProblems

/** The status that goes with a code, and its title. */
export const problemOf = (code: HttpProblemCode): { status: number; title: string } =>
  isOwn(code) ? ownProblems[code] : problems[code]

/** Thrown by a route to answer with that problem. `detail` holds nothing personal and no value of the body. */
export class HttpProblem extends Error {
  readonly status: number
  readonly body: Problem
  readonly headers: Readonly<Record<string, string>>

  /** @param headers such as `Allow` or `Retry-After` */
  constructor(code: HttpProblemCode, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail)
    const { status, title } = problemOf(code)
    this.status = status
    this.headers = headers
    this.body = isOwn(code) ? { type: `urn:w24:problem:${code}`, code, title, detail } : problem(code, detail)
  }
}

const isOwn = (code: HttpProblemCode): code is keyof typeof ownProblems => Object.hasOwn(ownProblems, code)

const sendProblem = (response: Response, { status, body, headers }: HttpProblem): void => {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.status(status).set({ ...headers, 'Cache-Control': 'no-store' })
  response.type(PROBLEM_MEDIA_TYPE).send(JSON.stringify(body))
}

export const notFound: RequestHandler = (_request, response) => {
  sendProblem(response, new HttpProblem('not-found', 'there is nothing at this path'))
}

/** The last handler: what is expected is told, anything else is logged by `onTrouble` and told as `internal`. */
export const problemHandler = (onTrouble: (error: unknown) => void): ErrorRequestHandler => {
  return (error: unknown, _request, response, _next) => {
    if (error instanceof HttpProblem) sendProblem(response, error)
    else sendProblem(response, knownFault(error) ?? unknownFault(error, onTrouble))
  }
}

const unknownFault = (error: unknown, onTrouble: (error: unknown) => void): HttpProblem => {
  onTrouble(error)
  if (storageProblem(error) !== null || isStoreClosed(error)) {
    return new HttpProblem(
      'cannot-keep',
      'the disk of this device is full or cannot be written: nothing was kept; it tries again by itself',
    )
  }
  return new HttpProblem(
    'internal',
    'the device could not do this; try again, and tell the technician if it stays',
  )
}

/** What express and its body parser throw for a bad request; their messages may quote the body. */
const knownFault = (error: unknown): HttpProblem | null => {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null
  if (error.status === 413) return new HttpProblem('body-too-large', 'the body is larger than 64 KiB')
  if (error.status === 415) return new HttpProblem('media-type', 'send UTF-8 JSON without a content encoding')
  if ('type' in error && error.type === 'entity.parse.failed') {
    return new HttpProblem('body-invalid', 'the body is no JSON; send one JSON object')
  }
  return error.status >= 400 && error.status < 500
    ? new HttpProblem('body-invalid', 'the request is malformed')
    : null
}
