/**
 * Who may talk to the screen's listener (PROTOCOLS.md §3). It listens on loopback only, and still every page that
 * a browser on this machine opens could reach it: by another name for 127.0.0.1 (Host), or across origins (Origin).
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { RequestHandler } from 'express'
import { HttpProblem } from './problem.ts'

const TOKEN_BYTES = 32
const COOKIE = 'w24-screen'

/** `port` is asked for at each request: a listener on port 0 knows it only once it listens. */
export const loopbackOnly = (port: () => number): RequestHandler => {
  return (request, _response, next) => {
    const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port()}`)
    if (!hosts.includes(request.headers.host ?? '')) {
      throw new HttpProblem('host-not-allowed', `open the screen as http://127.0.0.1:${port()}`)
    }
    const { origin } = request.headers
    if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) {
      throw new HttpProblem('origin-not-allowed', 'only the pages of this device may ask here')
    }
    next()
  }
}

export interface ScreenKey {
  /** Good for one browser; the page keeps a cookie from then on. */
  oneTimePath: string
  handlers: RequestHandler[]
}

/** The screen's browser proves itself by a one-time address; every other program on this machine stays outside. */
export const createScreenKey = (): ScreenKey => {
  let oneTimeKey: string | null = randomBytes(TOKEN_BYTES).toString('base64url')
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const path = `/?key=${oneTimeKey}`

  const admit: RequestHandler = (request, response, next) => {
    const { key } = request.query
    if (request.path !== '/' || typeof key !== 'string') return next()
    if (oneTimeKey === null || !equal(key, oneTimeKey)) {
      throw new HttpProblem('unauthorized', 'this address has been used; restart the device for a new one')
    }
    oneTimeKey = null
    response.cookie(COOKIE, token, { httpOnly: true, sameSite: 'strict', path: '/' })
    // Away from the address with the key in it.
    response.redirect(303, '/')
  }
  const check: RequestHandler = (request, _response, next) => {
    if (!equal(cookieOf(request.headers.cookie) ?? '', token)) {
      throw new HttpProblem(
        'unauthorized',
        'open the screen by the one-time address that the device gave at its start',
      )
    }
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
