/** The hall server's HTTP interface (PROTOCOLS.md §1). */
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express'
import { formatInstant } from '../../protocol/identifiers.ts'
import { type Answer, ok, refusal, send } from './answer.ts'
import { errorForLog, logRequests } from './log.ts'
import type { HallParts } from './parts.ts'
import { BATCH_LIMIT_BYTES, storeBatch } from './routes/batches.ts'
import { SEARCH_LIMIT_BYTES, searchCases } from './routes/case-searches.ts'
import { getItem, getManifest } from './routes/content.ts'
import { enrolDevice } from './routes/enrolment.ts'
import type { EventStreams } from './routes/event-stream.ts'
import { getSettings } from './routes/settings.ts'
import { putStatus, STATUS_LIMIT_BYTES } from './routes/status.ts'
import { authenticate, type SignedRequest } from './signed.ts'

/** A signed GET has no body; one that brings some is told so by its signature. */
const NO_BODY_LIMIT_BYTES = 1024

type Handler = (request: Request, response: Response) => Promise<Answer | null>
type SignedHandler = (parts: HallParts, signed: SignedRequest, request: Request) => Promise<Answer>

export function hallApp(parts: HallParts, streams: EventStreams): Express {
  const app = express()
  app.disable('x-powered-by')
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.use(logRequests(parts.logger))

  const answered = (handler: Handler) => async (request: Request, response: Response) => {
    const answer = await handler(request, response)
    if (answer !== null) send(response, answer)
  }
  const signed = (limitBytes: number, handler: SignedHandler) =>
    answered(async (request, response) => {
      const authentic = await authenticate(parts, request, response, limitBytes)
      return authentic.ok ? await handler(parts, authentic.value, request) : authentic.answer
    })
  const readOnly = (handler: (request: Request) => Promise<Answer>) =>
    signed(NO_BODY_LIMIT_BYTES, (_parts, _signed, request) => handler(request))

  const routes = {
    '/v1/time': { get: answered(async () => ok({ time: formatInstant(parts.clock()) })) },
    '/v1/devices': { post: answered((request, response) => enrolDevice(parts, request, response)) },
    '/v1/batches': { post: signed(BATCH_LIMIT_BYTES, storeBatch) },
    '/v1/devices/:id/status': { put: signed(STATUS_LIMIT_BYTES, putStatus) },
    '/v1/devices/:id/settings': { get: readOnly(getSettings) },
    '/v1/devices/:id/events': {
      get: answered(async (request, response) => {
        const authentic = await authenticate(parts, request, response, NO_BODY_LIMIT_BYTES)
        if (!authentic.ok) return authentic.answer
        streams.open(response)
        return null
      }),
    },
    '/v1/content': { get: readOnly((request) => getManifest(parts, request)) },
    '/v1/content/:sha256': { get: readOnly((request) => getItem(parts, request)) },
    '/v1/case-searches': { post: signed(SEARCH_LIMIT_BYTES, searchCases) },
  } as const
  for (const [path, methods] of Object.entries(routes)) {
    const route = app.route(path)
    for (const [method, handler] of Object.entries(methods)) route[method as 'get' | 'post' | 'put'](handler)
    const allow = Object.keys(methods).join(', ').toUpperCase()
    route.all(answered(async () => refusal('method-not-allowed', `allowed here: ${allow}`, {}, { allow })))
  }
  app.use(answered(async () => refusal('not-found', 'this hall server answers under /v1')))
  app.use(unforeseen(parts))
  return app
}

function unforeseen({ logger }: HallParts): ErrorRequestHandler {
  return (error, _request, response, next) => {
    if (isBadPath(error)) {
      send(response, refusal('not-found', 'the path is no well-formed path'))
      return
    }
    logger.error(errorForLog(error), 'unforeseen')
    if (response.headersSent) next(error)
    else send(response, refusal('internal', 'this is a defect of the hall server; try again later'))
  }
}

/** The router throws this for a path that is not well percent-encoded. */
function isBadPath(error: unknown): boolean {
  return error instanceof URIError
}
