/**
 * A cookie comes along by itself, also when another page asks: what the clerk's page asks counts only from the page
 * itself. SameSite parts no two ports of one host, so the origin is looked at as well.
 */
import type { RequestHandler } from 'express'
import { HttpProblem } from '../problem.ts'

const CHANGES_NOTHING = ['GET', 'HEAD']
/** `none`: typed into the address bar. */
const OWN_SITES = ['same-origin', 'none']

export const ownOriginOnly: RequestHandler = (request, response, next) => {
  const own = `${request.secure ? 'https' : 'http'}://${request.headers.host ?? ''}`
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  response.vary('Origin')
  const isOwn =
    origin === undefined
      ? CHANGES_NOTHING.includes(request.method)
      : origin.toLowerCase() === own.toLowerCase()
  if (!isOwn || (typeof site === 'string' && !OWN_SITES.includes(site))) {
    throw new HttpProblem('origin-not-allowed', 'only the clerk’s page of this pad may ask here')
  }
  next()
}
