/** The hall server's HTTP interface (PROTOCOLS.md §1). */
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import { StoreError } from '../../sqlite.ts'
import type { EvaluationDesk } from '../evaluations/desk.ts'
import { refusal, send } from './answer.ts'
import { errorForLog, logRequests } from './log.ts'
import type { HallParts } from './parts.ts'
import { hallRoutes, type Route } from './route-table.ts'
import type { EventStreams } from './routes/event-stream.ts'
import { storeUnavailable } from './store-unavailable.ts'

export function hallApp(parts: HallParts, streams: EventStreams, evaluations: EvaluationDesk): Express {
  const app = express()
  app.disable('x-powered-by')
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.use(logRequests(parts.logger))

  const answered =
    (route: Route): RequestHandler =>
    async (request, response) => {
      const answer = await route({ parts, streams, evaluations, request, response })
      if (answer !== null) send(response, answer)
    }
  for (const [path, methods] of Object.entries(hallRoutes)) {
    const at = app.route(path)
    const { get, post, put, delete: remove } = methods
    if (get) at.get(answered(get))
    if (post) at.post(answered(post))
    if (put) at.put(answered(put))
    if (remove) at.delete(answered(remove))
    const allow = Object.keys(methods).join(', ').toUpperCase()
    at.all(answered(async () => refusal('method-not-allowed', `allowed here: ${allow}`, {}, { allow })))
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
    if (error instanceof StoreError) {
      // Its words name a place, a code and what to do; nothing that anybody sent.
      logger.error({ ...errorForLog(error), words: error.message }, 'store')
      if (response.headersSent) next(error)
      else send(response, storeUnavailable(error.code))
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
