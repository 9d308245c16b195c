/** The clerk's page (PROTOCOLS.md §2, `GET /window/`) and what it asks of its pad: contract/clerk.ts. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import express, { type Request, type Response } from 'express'
import { jsonBody, parseBody } from '../body.ts'
import { ClerkAction, ItemQuery, SignIn } from '../contract.ts'
import { createEventStreams } from '../event-stream.ts'
import { askEachTime, securityHeaders } from '../pages.ts'
import { HttpProblem } from '../problem.ts'
import type { ClerkDesk } from './clerk-desk.ts'
import { ClerkSessions, dropCookie, keepCookie, type Session } from './clerk-session.ts'
import { mount } from './mount.ts'
import { ownOriginOnly } from './own-origin.ts'
import type { PinGate } from './pin-gate.ts'
import { pinProblem } from './refusals.ts'
import type { Standing } from './standing.ts'

const PATH = '/window/clerk'

export interface ClerkParts {
  desk: ClerkDesk
  standing: Standing
  pins: PinGate
  pinHashOf: (staffId: string) => string | null
  enrolled: () => boolean
  pagesFolder: string
}

export interface ClerkPage {
  app: express.Express
  /** Tells each page what it shows now, if that is another than before: a touch of the citizen's tells it nothing. */
  look(): void
  close(): void
}

export const clerkPage = (parts: ClerkParts): ClerkPage => {
  const { desk, standing, pins, pagesFolder } = parts
  const app = express()
  /** Whoever is signed in sees the desk; all others that there is one. */
  const streams = { clerk: createEventStreams(), anybody: createEventStreams() }
  const told = { clerk: '', anybody: '' }
  const sessions = new ClerkSessions({
    hashOf: parts.pinHashOf,
    onEnd: ({ staffId }) => {
      // Told once that it is over, and then nothing of whoever comes next.
      streams.clerk.send('state', desk.state(null))
      streams.clerk.close()
      streams.clerk = createEventStreams()
      told.clerk = ''
      if (standing.wanted.staffId === staffId) standing.want({ staffId: null })
    },
  })
  const first = (session: Session | null) => ({ event: 'state', data: desk.state(session) })

  function look(): void {
    sessions.look()
    for (const who of ['clerk', 'anybody'] as const) {
      const session = who === 'clerk' ? sessions.current : null
      if (who === 'clerk' && session === null) continue
      const state = desk.state(session)
      const text = JSON.stringify(state)
      if (text === told[who]) continue
      told[who] = text
      streams[who].send('state', state)
    }
  }

  const signedIn = (request: Request): Session => {
    const session = sessions.of(request)
    if (session !== null) return session
    throw new HttpProblem('unauthorized', 'sign in with your staff number and PIN')
  }
  const answer = (response: Response, session: Session | null): void => {
    response.json(desk.state(session))
  }

  app.disable('x-powered-by')
  // `/window` leads to `/window/`, and that nowhere else.
  app.enable('strict routing')
  app.use(PATH, ownOriginOnly, (_request, response, next) => {
    response.set('Cache-Control', 'no-store')
    next()
  })
  app.use(securityHeaders([]))
  mount(app, [
    {
      method: 'get',
      path: `${PATH}/state`,
      handlers: [(request, response) => answer(response, sessions.of(request))],
    },
    {
      method: 'get',
      path: `${PATH}/events`,
      handlers: [
        (request, response) => {
          const session = sessions.of(request)
          streams[session === null ? 'anybody' : 'clerk'].open(request, response, first(session))
        },
      ],
    },
    {
      method: 'put',
      path: `${PATH}/session`,
      handlers: [
        ...jsonBody,
        async (request, response) => {
          const { staffId, pin } = parseBody(SignIn, request)
          if (!parts.enrolled()) throw new HttpProblem('not-enrolled', 'enrol this pad at its hall first')
          const problem = pinProblem(await pins.check(staffId, pin))
          if (problem !== null) throw problem
          const hash = parts.pinHashOf(staffId)
          if (hash === null) throw new HttpProblem('no-pin', 'the hall has taken it away just now')
          sessions.end()
          // First what may fail, as on a full disk: nobody is signed in halfway.
          standing.want({ staffId })
          keepCookie(request, response, sessions.begin(staffId, hash))
          look()
          answer(response, sessions.current)
        },
      ],
    },
    {
      method: 'delete',
      path: `${PATH}/session`,
      handlers: [
        (request, response) => {
          if (sessions.of(request) !== null) sessions.end()
          dropCookie(request, response)
          answer(response, null)
        },
      ],
    },
    {
      method: 'post',
      path: `${PATH}/actions`,
      handlers: [
        ...jsonBody,
        async (request, response) => {
          const session = signedIn(request)
          await desk.act(session, parseBody(ClerkAction, request))
          look()
          answer(response, sessions.of(request))
        },
      ],
    },
    {
      method: 'get',
      path: `${PATH}/items`,
      handlers: [
        async (request, response) => {
          signedIn(request)
          const query = ItemQuery.safeParse(request.query)
          if (!query.success) throw new HttpProblem('body-invalid', 'ask with q=WORDS, and lang=zh or en')
          response.json(await desk.items.find(query.data.q, query.data.lang))
        },
      ],
    },
  ])
  app.get(['/', '/window'], (_request, response) => response.redirect(302, '/window/'))
  app.get('/window/', (_request, _response, next) => {
    if (existsSync(join(pagesFolder, 'window', 'index.html'))) return next()
    throw new HttpProblem(
      'pages-not-built',
      'there is no page for a clerk; build the pages with "npm run build"',
    )
  })
  // Names under assets/ change with their content.
  app.use(
    '/assets',
    express.static(join(pagesFolder, 'assets'), { immutable: true, maxAge: '1y', index: false }),
  )
  app.use(
    '/window',
    express.static(join(pagesFolder, 'window'), {
      cacheControl: false,
      redirect: false,
      setHeaders: askEachTime,
    }),
  )

  return {
    app,
    look,
    close() {
      sessions.forget()
      streams.clerk.close()
      streams.anybody.close()
      desk.items.close()
    },
  }
}
