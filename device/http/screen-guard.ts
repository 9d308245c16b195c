/**
 * Who may talk to the screen's listener (PROTOCOLS.md §3). It listens on loopback only, and still every page that
 * a browser on this machine opens could reach it: by another name for 127.0.0.1 (Host), or across origins (Origin).
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import { httpUrl, SCREEN_HOSTS } from '../address.ts'
import { HttpProblem } from './problem.ts'

const KEY_BYTES = 32
const COOKIE = 'w24-screen'
/** The longest that browsers keep a cookie (RFC 6265bis, 5.5); each request begins it anew. */
const COOKIE_KEPT_MS = 400 * 24 * 60 * 60 * 1000

/** By the port that the request came in at: a listener may stand at several. */
export const loopbackOnly: RequestHandler = (request, _response, next) => {
  const port = request.socket.localPort ?? 0
  const origins = SCREEN_HOSTS.map((host) => httpUrl({ host, port }))
  if (!origins.includes(`http://${request.headers.host}`)) {
    throw new HttpProblem('host-not-allowed', `open the screen as http://127.0.0.1:${port}`)
  }
  const { origin } = request.headers
  if (origin !== undefined && !origins.includes(origin)) {
    throw new HttpProblem('origin-not-allowed', 'only the pages of this device may ask here')
  }
  next()
}

export interface ScreenKey {
  /** Good for one browser; it keeps a cookie from then on, over its own restarts and the device's. */
  oneTimePath: string
  handlers: RequestHandler[]
}

/**
 * The screen's browser proves itself by a one-time address; every other program on this machine stays outside.
 * @param token what the browser's cookie holds, from `loadScreenToken`
 */
export const createScreenKey = (token: string): ScreenKey => {
  let oneTimeKey: string | null = randomBytes(KEY_BYTES).toString('base64url')
  const path = `/?key=${oneTimeKey}`

  const keep = (response: Response): void => {
    response.cookie(COOKIE, token, {
      httpOnly: true,
      sameSite: 'strict',
      path: '/',
      maxAge: COOKIE_KEPT_MS,
    })
  }
  const admit: RequestHandler = (request, response, next) => {
    const { key } = request.query
    if (request.path !== '/' || typeof key !== 'string') return next()
    const fits = oneTimeKey !== null && equal(key, oneTimeKey)
    // A browser that is started again begins where it began the first time: by then its cookie counts.
    if (!fits && !equal(cookieOf(request.headers.cookie) ?? '', token)) {
      throw new HttpProblem('unauthorized', 'this address has been used; restart the device for a new one')
    }
    if (fits) oneTimeKey = null
    keep(response)
    // Away from the address with the key in it.
    response.redirect(303, '/')
  }
  const check: RequestHandler = (request, response, next) => {
    if (!equal(cookieOf(request.headers.cookie) ?? '', token)) {
      throw new HttpProblem(
        'unauthorized',
        'open the screen by the one-time address that the device gave at its start',
      )
    }
    keep(response)
    next()
  }
  return { oneTimePath: path, handlers: [admit, check] }
}

const cookieOf = (header: string | undefined): string | null => {
  for (const pair of header?.split(';') ?? []) {
    const [name, value] = pair.trim().split('=', 2)
    if (name === COOKIE) return value ?? null
  }
  return null
}

const equal = (one: string, other: string): boolean => {
  const a = Buffer.from(one)
  const b = Buffer.from(other)
  return a.length === b.length && timingSafeEqual(a, b)
}
