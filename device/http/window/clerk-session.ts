/**
 * Who is signed in on the clerk's page. A window has one clerk: whoever signs in ends the session before. It lives in
 * memory alone, so that a restart ends it, and no longer than a long day's work.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'

/** A shift with its overtime; who comes back tomorrow signs in again. */
const SESSION_MS = 12 * 60 * 60_000
const TOKEN_BYTES = 32

export interface Session {
  readonly staffId: string
  /** The hash that they were let in by: another one at the hall ends the session. */
  readonly pinHash: string
  /** The question that this page asked last. */
  asked: { id: string; caseNo: string; itemName: string; askedAt: string; cancelAsked: boolean } | null
}

export class ClerkSessions {
  readonly #onEnd: (session: Session) => void
  readonly #hashOf: (staffId: string) => string | null
  #now: { session: Session; digest: Buffer; timer: NodeJS.Timeout } | null = null

  constructor(options: { hashOf: (staffId: string) => string | null; onEnd: (session: Session) => void }) {
    this.#hashOf = options.hashOf
    this.#onEnd = options.onEnd
  }

  /** @returns what the browser's cookie is to hold */
  begin(staffId: string, pinHash: string): string {
    this.end()
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    const timer = setTimeout(() => this.end(), SESSION_MS)
    timer.unref()
    this.#now = { session: { staffId, pinHash, asked: null }, digest: digestOf(token), timer }
    return token
  }

  /** null: nobody is signed in with what this cookie holds. */
  of(request: Request): Session | null {
    this.look()
    const token = cookieOf(request, cookieName(request))
    if (this.#now === null || token === null) return null
    return timingSafeEqual(digestOf(token), this.#now.digest) ? this.#now.session : null
  }

  get current(): Session | null {
    return this.#now?.session ?? null
  }

  /** Ends a session whose PIN the hall has changed or taken away. */
  look(): void {
    const session = this.current
    if (session !== null && this.#hashOf(session.staffId) !== session.pinHash) this.end()
  }

  end(): void {
    const ended = this.#now
    if (ended === null) return
    this.forget()
    this.#onEnd(ended.session)
  }

  /** Without a word to anybody: the pad stops. */
  forget(): void {
    clearTimeout(this.#now?.timer)
    this.#now = null
  }
}

/** No script reads it, no other site brings it along, and over TLS it never travels in plain. */
export const keepCookie = (request: Request, response: Response, token: string): void => {
  response.cookie(cookieName(request), token, { ...cookieTraits(request), maxAge: SESSION_MS })
}

export const dropCookie = (request: Request, response: Response): void => {
  response.clearCookie(cookieName(request), cookieTraits(request))
}

const cookieTraits = (request: Request) =>
  ({ httpOnly: true, sameSite: 'strict', secure: request.secure, path: '/window/' }) as const

/** Browsers part cookies by host and not by port: two pads of one machine have one each. */
const cookieName = (request: Request): string => `w24-clerk-${request.socket.localPort}`

const cookieOf = (request: Request, name: string): string | null => {
  for (const pair of request.headers.cookie?.split(';') ?? []) {
    const [key, value] = pair.trim().split('=', 2)
    if (key === name) return value ?? null
  }
  return null
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest()
