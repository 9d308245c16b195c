import express, { type Request, type RequestHandler } from 'express'
import type { z } from 'zod'
import { HttpProblem } from './problem.ts'

/** No body of either contract comes near it; a larger one is a mistake or an attack. */
const BODY_BYTES_AT_MOST = 64 * 1024

/** JSON only: a form, which any page may send across origins, is refused before it is read. */
export const jsonBody: RequestHandler[] = [
  (request, _response, next) => {
    if (request.is('application/json') === false) {
      throw new HttpProblem('media-type', 'send the body as application/json')
    }
    next()
  },
  express.json({ limit: BODY_BYTES_AT_MOST, inflate: false, type: 'application/json' }),
]

/** Enough for whoever sends it to mend it, without a value of the body. */
const FAULTS_TOLD = 5

/** @throws HttpProblem `body-invalid` with the path of each fault */
export const parseBody = <Schema extends z.ZodType>(schema: Schema, request: Request): z.output<Schema> => {
  const result = schema.safeParse(request.body)
  if (result.success) return result.data
  const faults = result.error.issues.slice(0, FAULTS_TOLD).map((issue) => {
    const path = issue.path.map(String).join('.')
    const what = issue.code === 'unrecognized_keys' ? `unknown: ${issue.keys.join(', ')}` : issue.message
    return `${path === '' ? 'body' : path}: ${what}`
  })
  throw new HttpProblem('body-invalid', faults.join('; '))
}
