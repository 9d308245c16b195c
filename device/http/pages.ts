/** The built pages, as `ui/` has laid them down. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import express, { type RequestHandler } from 'express'
import { z } from 'zod'
import { HttpProblem } from './problem.ts'

export const BUILT_PAGES = fileURLToPath(new URL('../../ui/dist', import.meta.url))

const Build = z.object({ build: z.string().min(1) })
/** What a device without built pages says; no page has it, since there is none. */
const NO_BUILD = 'none'

/** Reads the build's name again when the pages were built anew beneath a running device. */
export const buildReader = (folder: string): (() => string) => {
  const path = join(folder, 'build.json')
  let seen = { mtimeMs: -1, build: NO_BUILD }
  return () => {
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: -1 }
    if (mtimeMs !== seen.mtimeMs) seen = { mtimeMs, build: mtimeMs === -1 ? NO_BUILD : read(path) }
    return seen.build
  }
}

const read = (path: string): string => {
  try {
    return Build.parse(JSON.parse(readFileSync(path, 'utf8'))).build
  } catch {
    // Half written by a build that is under way; its end changes the time again.
    return NO_BUILD
  }
}

/**
 * A page may run its own scripts and styles only. `script-src` knows no inline code, so that nothing a card or a
 * code holds can become a program.
 */
export const securityHeaders = (embeddedBy: readonly string[]): RequestHandler => {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${embeddedBy.length === 0 ? "'none'" : embeddedBy.join(' ')}`,
  ].join('; ')
  return (_request, response, next) => {
    response.set({
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Resource-Policy': 'same-origin',
    })
    next()
  }
}

export type ScreenPage = 'terminal' | 'pad' | 'setup'

/**
 * Only the page of the role that the device has now, and the technician's where there is one: `/` leads to the first,
 * and to the second while there is no role.
 */
export const pages = (
  folder: string,
  role: () => 'terminal' | 'pad' | null,
  hasSetup: boolean,
): RequestHandler[] => {
  const router = express.Router()
  router.get('/', (_request, response) => response.redirect(302, `/${role() ?? 'setup'}/`))
  // Names under assets/ change with their content.
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', index: false }),
  )
  const serve = (page: ScreenPage, isServed: () => boolean): void => {
    const files = express.static(join(folder, page), { cacheControl: false, setHeaders: askEachTime })
    router.use(`/${page}`, (request, response, next) => {
      if (isServed()) files(request, response, next)
      else next()
    })
    router.get(`/${page}/`, (_request, _response, next) => {
      if (!isServed() || existsSync(join(folder, page, 'index.html'))) return next()
      throw new HttpProblem('pages-not-built', `${WHOSE[page]}; build the pages with "npm run build"`)
    })
  }
  serve('terminal', () => role() === 'terminal')
  serve('pad', () => role() === 'pad')
  if (hasSetup) serve('setup', () => true)
  return [router]
}

const WHOSE: Record<ScreenPage, string> = {
  terminal: 'there is no page for a terminal',
  pad: 'there is no page for a pad',
  setup: 'there is no page for the technician',
}

export const askEachTime = (response: { setHeader(name: string, value: string): unknown }): void => {
  response.setHeader('Cache-Control', 'no-cache')
}
