/** The technician's pages on the screen's listener (contract/setup.ts): behind its guards, whatever the device does. */
import express, { type Response } from 'express'
import { PROBLEM_MEDIA_TYPE, type Problem } from '../../sync/protocol/problem.ts'
import { jsonBody, parseBody } from './body.ts'
import { SetupAction, type SetupState } from './contract/setup.ts'
import { createEventStreams } from './event-stream.ts'
import { HttpProblem } from './problem.ts'
import type { SetupRoutes } from './screen.ts'

/** What was wanted was not done; the code says why, and the technician can do something about it. */
const REFUSED_STATUS = 409

export interface OfferedFile {
  name: string
  mediaType: string
  bytes: Uint8Array
}

export interface SetupDesk {
  state(): SetupState
  /** Whether a technician is in: everything but coming in is theirs alone. */
  isIn(): boolean
  act(action: SetupAction): Promise<{ ok: boolean; code: string; detail: string }>
  /** Something may be another than before, of the device or here. */
  changed(): void
  /** Null where there is none of this name. */
  file(name: string): OfferedFile | null
}

export const setupRoutes = (desk: SetupDesk): SetupRoutes => {
  const router = express.Router()
  const streams = createEventStreams()
  const answer = (response: Response): void => {
    response.set('Cache-Control', 'no-store').json(desk.state())
  }
  const onlyInside = (): void => {
    if (!desk.isIn()) throw new HttpProblem('locked', 'enter the PIN at /setup/ first')
  }

  router.get('/state', (_request, response) => answer(response))
  router.get('/events', (request, response) => {
    streams.open(request, response, { event: 'setup', data: desk.state() })
  })
  router.post('/actions', jsonBody, async (request: express.Request, response: Response) => {
    const action = parseBody(SetupAction, request)
    if (action.room !== 'access') onlyInside()
    const done = await desk.act(action)
    if (done.ok) answer(response)
    else refuse(response, done)
  })
  router.get('/files/:name', (request, response) => {
    onlyInside()
    const { name } = request.params
    const file = desk.file(name)
    if (file === null) throw new HttpProblem('not-found', 'no room has made a file of this name')
    response.attachment(file.name).set({ 'Cache-Control': 'no-store', 'Content-Type': file.mediaType })
    response.send(Buffer.from(file.bytes))
  })

  return {
    handler: router,
    publish() {
      desk.changed()
      if (streams.readers() > 0) streams.send('setup', desk.state())
    },
    close: () => streams.close(),
  }
}

const refuse = (response: Response, { code, detail }: { code: string; detail: string }): void => {
  const body: Problem = { type: `urn:w24:problem:${code}`, code, title: 'This was not done', detail }
  response.status(REFUSED_STATUS).set('Cache-Control', 'no-store')
  response.type(PROBLEM_MEDIA_TYPE).send(JSON.stringify(body))
}
