/**
 * The window's own listener (PROTOCOLS.md §2): the interface of the clerk's system below /window/v1, with a token, and
 * the clerk's page at /window/, with a PIN. The screen's listener knows nothing of it.
 */
import express from 'express'
import type { Personal } from '../../drivers/personal.ts'
import type { SealedUser } from '../../sync/protocol/sealing.ts'
import type { Db } from '../../sync/sqlite.ts'
import type { ListenAddress } from '../address.ts'
import type { Logger } from '../log.ts'
import { tried } from '../publisher.ts'
import type { Pad } from '../rating/pad.ts'
import type { WindowNews } from '../rating/pad-types.ts'
import { createEventStreams } from './event-stream.ts'
import { type Listener, listen } from './listener.ts'
import { buildReader } from './pages.ts'
import { HttpProblem, notFound, problemHandler } from './problem.ts'
import { type Certificate, watchCertificate } from './window/certificate.ts'
import { type ClerkSurroundings, clerkDesk } from './window/clerk-desk.ts'
import { clerkItems } from './window/clerk-items.ts'
import { clerkPage } from './window/clerk-routes.ts'
import { type WindowToken, windowGuard } from './window/guard.ts'
import { mount } from './window/mount.ts'
import { WINDOW_PATH } from './window/openapi.ts'
import { PinGate } from './window/pin-gate.ts'
import { windowRoutes } from './window/routes.ts'
import { eventOf, Standing } from './window/standing.ts'

export interface WindowOptions extends Omit<ClerkSurroundings, 'build'> {
  listen: ListenAddress
  tokens: readonly WindowToken[]
  /** PEM files; null: in plain. */
  tls: { cert: string; key: string } | null
  pad: Pad
  db: Db
  /** The number on the window. */
  window: string
  /** Seals who is asked, for the hall alone. */
  sealUser: (user: Personal<SealedUser>) => Promise<string>
  /** False when the hall's staff are known and this is none of them. */
  isStaff: (staffId: string) => boolean
  /** What a clerk's PIN is checked against. */
  pinHashOf: (staffId: string) => string | null
  guides: Parameters<typeof clerkItems>[0]['guides']
  pagesFolder: string
  logger: Pick<Logger, 'info' | 'warn' | 'error'>
  onTrouble: (error: unknown) => void
}

export interface WindowInterface {
  listener: Listener
  tell(news: WindowNews): void
  /** Something of what the pages show may be another. */
  look(): void
  close(): Promise<void>
}

const DESCRIPTION_PATH = `${WINDOW_PATH}/openapi.json`

/** @throws DeviceError when the address cannot be listened on, or the certificate cannot be used */
export const startWindow = async (options: WindowOptions): Promise<WindowInterface> => {
  const { pad, enrolled, onTrouble } = options
  let soon: NodeJS.Immediate | undefined
  /** Whatever is under way is through with it by then: pages are told of what has become, not of its parts. */
  const lookSoon = (): void => {
    soon ??= setImmediate(() => {
      soon = undefined
      tried(page.look, onTrouble)
    })
  }
  const standing = new Standing(pad, lookSoon)
  const streams = createEventStreams()
  const pins = new PinGate(options.db, options.pinHashOf)
  const items = clerkItems({ guides: options.guides, onTrouble })
  const build = buildReader(options.pagesFolder)
  const page = clerkPage({
    desk: clerkDesk({ ...options, build, standing, items }),
    standing,
    pins,
    pinHashOf: options.pinHashOf,
    enrolled,
    pagesFolder: options.pagesFolder,
  })

  const app = express()
  app.disable('x-powered-by')
  app.use(WINDOW_PATH, (_request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    next()
  })
  const guard = windowGuard(options.tokens)
  // What describes the interface holds nothing of this pad: whoever has to write against it needs no token yet.
  app.use(WINDOW_PATH, (request, response, next) => {
    if (request.baseUrl + request.path === DESCRIPTION_PATH) return next()
    guard(request, response, () => {
      if (!enrolled()) throw new HttpProblem('not-enrolled', 'enrol this pad at its hall first')
      next()
    })
  })
  mount(app, windowRoutes({ ...options, standing, streams, pins }))
  app.use(WINDOW_PATH, notFound)
  app.use(page.app)
  app.use(notFound)
  app.use(problemHandler(onTrouble))

  let listener: Listener | null = null
  const certificate: Certificate | null =
    options.tls === null
      ? null
      : watchCertificate({
          files: options.tls,
          onRenewed: (tls) => listener?.setCertificate(tls),
          logger: options.logger,
        })
  const close = async (): Promise<void> => {
    clearImmediate(soon)
    certificate?.close()
    streams.close()
    page.close()
    await listener?.close()
  }
  try {
    listener = await listen(app, options.listen, 'window.listen', certificate?.tls ?? null)
  } catch (error) {
    await close()
    throw error
  }
  return {
    listener,
    tell(news) {
      standing.hear(news)
      const { event, data } = eventOf(news)
      streams.send(event, data)
      lookSoon()
    },
    look: page.look,
    close,
  }
}
