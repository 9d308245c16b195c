/** The screen's own listener (PROTOCOLS.md §3): the pages, the state, and what is touched. Loopback only. */
import express from 'express'
import type { ListenAddress } from '../address.ts'
import { jsonBody, parseBody } from './body.ts'
import { type Action, PadAction, type ScreenState, TerminalAction } from './contract.ts'
import { createEventStreams } from './event-stream.ts'
import { type Listener, listen } from './listener.ts'
import { type Media, mediaRoutes } from './media.ts'
import { pages, securityHeaders } from './pages.ts'
import { HttpProblem, type HttpProblemCode, notFound, problemHandler } from './problem.ts'
import { createScreenKey, loopbackOnly } from './screen-guard.ts'

export type ActAnswer = { ok: true } | { ok: false; code: HttpProblemCode; detail: string }

export interface ScreenOptions {
  listen: ListenAddress
  /** As it is now; null while there is none: then there is nothing but the technician's pages. */
  role: () => 'terminal' | 'pad' | null
  /** Null while there is no role. */
  state: () => ScreenState | null
  act: (action: Action) => Promise<ActAnswer>
  media: Media
  pagesFolder: string
  embeddedBy: () => readonly string[]
  /** The technician's pages, behind the same guards; null for a listener without them. */
  setup: SetupRoutes | null
  /** What the browser's cookie holds; null: the plain address works for every program on this machine. */
  token: string | null
  onTrouble: (error: unknown) => void
}

export interface SetupRoutes {
  handler: express.RequestHandler
  /** Sends the state to every page of the technician's. */
  publish(): void
  /** Ends their streams. */
  close(): void
}

export interface Screen {
  /** The first one. */
  listener: Listener
  /** Where the screen's browser begins; good once unless `token` is null. */
  startUrl: string
  /** Sends the state to every page. */
  publish(): void
  /**
   * Listens at this address as well, if it does not yet: a page that is open at another one stays.
   * @returns how to take that back
   * @throws DeviceError when it cannot be listened on
   */
  listenAlso(address: ListenAddress): Promise<() => Promise<void>>
  close(): Promise<void>
}

/**
 * What an action has changed goes down the stream in this turn of the loop (publisher.ts). A page shows that; an answer
 * that came first would be read first, while somebody waits for the next page.
 */
const streamed = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** @throws DeviceError when the address cannot be listened on */
export const startScreen = async (options: ScreenOptions): Promise<Screen> => {
  const app = express()
  const streams = createEventStreams()
  const key = options.token === null ? null : createScreenKey(options.token)
  const { setup } = options
  const schemaNow = () => (options.role() === 'terminal' ? TerminalAction : PadAction)
  const stateNow = (): ScreenState => {
    const state = options.state()
    if (state === null) throw new HttpProblem('not-set-up', 'set this device up first, at /setup/')
    return state
  }

  app.disable('x-powered-by')
  app.use((request, response, next) => securityHeaders(options.embeddedBy())(request, response, next))
  app.use(loopbackOnly)
  if (key !== null) app.use(key.handlers)
  if (setup !== null) app.use('/api/setup', setup.handler)
  app.get('/api/state', (_request, response) => {
    response.set('Cache-Control', 'no-store').json(stateNow())
  })
  app.get('/api/events', (request, response) => {
    streams.open(request, response, { event: 'state', data: stateNow() })
  })
  app.post('/api/actions', jsonBody, async (request: express.Request, response: express.Response) => {
    stateNow()
    const answer = await options.act(parseBody(schemaNow(), request))
    if (!answer.ok) throw new HttpProblem(answer.code, answer.detail)
    await streamed()
    response.set('Cache-Control', 'no-store').json(stateNow())
  })
  app.use(mediaRoutes(options.media))
  app.use(pages(options.pagesFolder, options.role, setup !== null))
  app.use(notFound)
  app.use(problemHandler(options.onTrouble))

  const listener = await listen(app, options.listen, 'screen.listen')
  const listeners = [listener]
  return {
    listener,
    startUrl: `${listener.url}${key === null ? '/' : key.oneTimePath}`,
    publish() {
      const state = options.state()
      if (state !== null) streams.send('state', state)
      setup?.publish()
    },
    async listenAlso(wanted) {
      const known = listeners.some(
        ({ address }) => wanted.port === 0 || (address.host === wanted.host && address.port === wanted.port),
      )
      if (known) return async () => {}
      const another = await listen(app, wanted, 'screen.listen')
      listeners.push(another)
      return async () => {
        listeners.splice(listeners.indexOf(another), 1)
        await another.close()
      }
    },
    async close() {
      streams.close()
      setup?.close()
      await Promise.all(listeners.map((one) => one.close()))
    },
  }
}
