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
  role: 'terminal' | 'pad'
  state: () => ScreenState
  act: (action: Action) => Promise<ActAnswer>
  media: Media
  pagesFolder: string
  embeddedBy: readonly string[]
  /** What the browser's cookie holds; null: the plain address works for every program on this machine. */
  token: string | null
  onTrouble: (error: unknown) => void
}

export interface Screen {
  listener: Listener
  /** Where the screen's browser begins; good once unless `token` is null. */
  startUrl: string
  /** Sends the state to every page. */
  publish(): void
  close(): Promise<void>
}

/** @throws DeviceError when the address cannot be listened on */
export const startScreen = async (options: ScreenOptions): Promise<Screen> => {
  const app = express()
  const streams = createEventStreams()
  const key = options.token === null ? null : createScreenKey(options.token)
  const schema = options.role === 'terminal' ? TerminalAction : PadAction
  let port = options.listen.port

  app.disable('x-powered-by')
  app.use(securityHeaders(options.embeddedBy))
  app.use(loopbackOnly(() => port))
  if (key !== null) app.use(key.handlers)
  app.get('/api/state', (_request, response) => {
    response.set('Cache-Control', 'no-store').json(options.state())
  })
  app.get('/api/events', (request, response) => {
    streams.open(request, response, { event: 'state', data: options.state() })
  })
  app.post('/api/actions', jsonBody, async (request: express.Request, response: express.Response) => {
    const answer = await options.act(parseBody(schema, request))
    if (!answer.ok) throw new HttpProblem(answer.code, answer.detail)
    response.set('Cache-Control', 'no-store').json(options.state())
  })
  app.use(mediaRoutes(options.media))
  app.use(pages(options.pagesFolder, options.role))
  app.use(notFound)
  app.use(problemHandler(options.onTrouble))

  const listener = await listen(app, options.listen, 'screen.listen')
  port = listener.address.port
  return {
    listener,
    startUrl: `${listener.url}${key === null ? '/' : key.oneTimePath}`,
    publish: () => streams.send('state', options.state()),
    async close() {
      streams.close()
      await listener.close()
    },
  }
}
