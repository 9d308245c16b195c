/** Who may talk to the window's listener: one token for each integrating system, from its own origins. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { RequestHandler } from 'express'
import { HttpProblem } from '../problem.ts'

export interface WindowToken {
  name: string
  token: string
  origins: readonly string[]
}

/** A browser may ask again only after this; a technician who changes origins restarts the device anyway. */
const PREFLIGHT_SECONDS = 600

const METHODS = 'GET, POST, PUT, DELETE'
const HEADERS = 'Authorization, Content-Type'
/** A page may read when to come again. */
const TOLD_HEADERS = 'Retry-After'

/** Answers preflights of known origins, and lets through who has a token and comes from where it may. */
export const windowGuard = (tokens: readonly WindowToken[]): RequestHandler => {
  const known = tokens.map(({ token, origins }) => ({ digest: digestOf(token), origins }))
  return (request, response, next) => {
    const { origin } = request.headers
    response.vary('Origin')
    if (origin !== undefined && known.some(({ origins }) => origins.includes(origin))) {
      response.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': TOLD_HEADERS })
    }
    if (request.method === 'OPTIONS' && origin !== undefined) {
      if (!known.some(({ origins }) => origins.includes(origin))) throw strangeOrigin()
      response
        .status(204)
        .set({
          'Access-Control-Allow-Methods': METHODS,
          'Access-Control-Allow-Headers': HEADERS,
          'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
        })
        .end()
      return
    }
    const presented = digestOf(/^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '')
    // Every token is compared, so that the time taken tells nothing of which one was nearly right.
    const matching = known.filter(({ digest }) => timingSafeEqual(digest, presented))
    const [token] = matching
    if (token === undefined) {
      response.set('WWW-Authenticate', 'Bearer')
      throw new HttpProblem('unauthorized', 'send "Authorization: Bearer" with a token of this pad')
    }
    if (origin !== undefined && !token.origins.includes(origin)) throw strangeOrigin()
    next()
  }
}

const strangeOrigin = (): HttpProblem =>
  new HttpProblem('origin-not-allowed', 'add this origin to the token in the configuration of the pad')

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest()
