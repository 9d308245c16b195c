/** The window interface (PROTOCOLS.md §2): a clerk's system asks this pad for ratings. */
import express, { type Request, type Response } from 'express'
import { Personal } from '../../drivers/personal.ts'
import type { SealedUser } from '../../sync/protocol/sealing.ts'
import { isLoopbackPeer, type ListenAddress } from '../address.ts'
import type { Pad } from '../rating/pad.ts'
import type { AskedQuestion, WindowNews } from '../rating/pad-types.ts'
import { jsonBody, parseBody } from './body.ts'
import { createEventStreams } from './event-stream.ts'
import { type Listener, listen } from './listener.ts'
import { HttpProblem, notFound, problemHandler } from './problem.ts'
import { EvaluationBody, ServiceBody, ServingBody, StaffBody } from './window-contract.ts'
import { type WindowToken, windowGuard } from './window-guard.ts'

const PATH = '/window/v1'

export interface WindowOptions {
  listen: ListenAddress
  tokens: readonly WindowToken[]
  pad: Pad
  /** The number on the window. */
  window: string
  enrolled: () => boolean
  /** Seals who is asked, for the hall alone. */
  sealUser: (user: Personal<SealedUser>) => Promise<string>
  /** False when the hall's staff are known and this is none of them. */
  isStaff: (staffId: string) => boolean
  onTrouble: (error: unknown) => void
}

export interface WindowInterface {
  listener: Listener
  tell(news: WindowNews): void
  close(): Promise<void>
}

/** @throws DeviceError when the address cannot be listened on */
export const startWindow = async (options: WindowOptions): Promise<WindowInterface> => {
  const { pad } = options
  const app = express()
  const streams = createEventStreams()

  app.disable('x-powered-by')
  app.use((_request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    next()
  })
  app.use(windowGuard(options.tokens))
  app.use(PATH, (_request, _response, next) => {
    if (!options.enrolled()) throw new HttpProblem('not-enrolled', 'enrol this pad at its hall first')
    next()
  })

  app.post(`${PATH}/evaluations`, jsonBody, async (request: Request, response: Response) => {
    const body = parseBody(EvaluationBody, request)
    const user = await sealed(body.user, request, options)
    const answer = pad.ask(askedQuestion(body, user, options.window))
    switch (answer.verdict) {
      case 'opened':
      case 'same':
        response
          .status(answer.verdict === 'opened' ? 201 : 200)
          .json({ id: answer.id, state: 'waiting', expiresAt: answer.expiresAt })
        return
      case 'busy':
        throw new HttpProblem('busy', 'another question is open; wait for it, or ask with "replace": true')
      case 'already-rated':
        throw new HttpProblem('already-rated', 'this case, service and assess number were rated before')
      case 'paused':
        throw new HttpProblem('paused', 'open the window first')
    }
  })
  app.get(`${PATH}/evaluations/:id`, (request, response) => {
    const { id } = request.params
    const state = pad.evaluation(id)
    if (state === null) throw unknownEvaluation()
    response.json({ id, state })
  })
  app.delete(`${PATH}/evaluations/:id`, (request, response) => {
    if (!pad.cancel(request.params.id)) throw unknownEvaluation()
    response.status(204).end()
  })
  app.put(`${PATH}/staff`, jsonBody, (request: Request, response: Response) => {
    const { staffId } = parseBody(StaffBody, request)
    if (!options.isStaff(staffId)) {
      throw new HttpProblem('unknown-staff', 'the hall knows nobody of this number; check it at the hall')
    }
    pad.setDesk({ staffId })
    response.status(204).end()
  })
  app.delete(`${PATH}/staff`, (_request, response) => {
    pad.setDesk({ staffId: null })
    response.status(204).end()
  })
  app.put(`${PATH}/service`, jsonBody, (request: Request, response: Response) => {
    const { state, message } = parseBody(ServiceBody, request)
    pad.setDesk({ paused: state === 'paused', message: state === 'paused' ? message : null })
    response.status(204).end()
  })
  app.put(`${PATH}/serving`, jsonBody, (request: Request, response: Response) => {
    pad.setDesk(parseBody(ServingBody, request))
    response.status(204).end()
  })
  app.get(`${PATH}/events`, (request, response) => streams.open(request, response))
  app.use(notFound)
  app.use(problemHandler(options.onTrouble))

  const listener = await listen(app, options.listen, 'window.listen')
  return {
    listener,
    tell({ type, ...news }) {
      streams.send(type, news)
    },
    async close() {
      streams.close()
      await listener.close()
    },
  }
}

/** Personal data in plain are taken on this machine only: this version's listener has no TLS. */
const sealed = async (
  user: EvaluationBody['user'],
  request: Request,
  options: WindowOptions,
): Promise<string | null> => {
  if (user === null || typeof user === 'string') return user
  if (!isLoopbackPeer(request.socket.remoteAddress)) {
    throw new HttpProblem('insecure', 'send "user" as a JWE sealed for the hall, or leave it out')
  }
  return await options.sealUser(new Personal(user))
}

const askedQuestion = (body: EvaluationBody, user: string | null, window: string): AskedQuestion => ({
  case: {
    caseNo: body.caseNo,
    itemCode: body.itemCode,
    itemName: body.itemName,
    handleItem: null,
    serviceName: body.serviceName ?? body.itemName,
    serviceNumber: body.serviceNumber,
    ticketNo: body.ticketNo,
  },
  assessNumber: body.assessNumber,
  staffId: body.staffId,
  window,
  user,
  replace: body.replace,
})

const unknownEvaluation = (): HttpProblem =>
  new HttpProblem('not-found', 'this pad knows no question of this id')
