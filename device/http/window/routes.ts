/** The window interface (PROTOCOLS.md §2): a clerk's system asks this pad for ratings and sets its desk. */
import type { Request, RequestHandler } from 'express'
import { Personal } from '../../../drivers/personal.ts'
import type { SealedUser } from '../../../sync/protocol/sealing.ts'
import { isLoopbackPeer } from '../../address.ts'
import type { Pad } from '../../rating/pad.ts'
import type { AskedQuestion } from '../../rating/pad-types.ts'
import { jsonBody, parseBody } from '../body.ts'
import type { EventStreams } from '../event-stream.ts'
import { HttpProblem } from '../problem.ts'
import { EvaluationBody, ServiceBody, ServingBody, StaffBody } from './bodies.ts'
import { descriptions, type RouteName } from './descriptions.ts'
import type { Route } from './mount.ts'
import { WINDOW_PATH, windowOpenApi } from './openapi.ts'
import type { PinGate } from './pin-gate.ts'
import { askOf, pinProblem, unknownEvaluation } from './refusals.ts'
import { eventOf, type Standing } from './standing.ts'

export interface RouteParts {
  pad: Pad
  standing: Standing
  streams: EventStreams
  pins: PinGate
  /** The number on the window. */
  window: string
  /** Seals who is asked, for the hall alone. */
  sealUser: (user: Personal<SealedUser>) => Promise<string>
  /** False when the hall's staff are known and this is none of them. */
  isStaff: (staffId: string) => boolean
}

export const windowRoutes = (parts: RouteParts): Route[] => {
  const { pad, standing, streams, pins } = parts
  /** Made for whoever asks first: no start of a pad waits for it. */
  let description: object | null = null
  const handlers: Record<RouteName, RequestHandler> = {
    'post /evaluations': async (request, response) => {
      const body = parseBody(EvaluationBody, request)
      const user = await sealed(body.user, request, parts)
      const { opened, ...answer } = askOf(pad, askedQuestion(body, user, parts.window))
      response
        .status(opened ? 201 : 200)
        .json({ id: answer.id, state: 'waiting', expiresAt: answer.expiresAt })
    },
    'get /evaluations/:id': (request, response) => {
      const id = String(request.params.id)
      const state = pad.evaluation(id)
      if (state === null) throw unknownEvaluation()
      response.json({ id, state })
    },
    'delete /evaluations/:id': (request, response) => {
      if (!pad.cancel(String(request.params.id))) throw unknownEvaluation()
      response.status(204).end()
    },
    'put /staff': async (request, response) => {
      const { staffId, pin } = parseBody(StaffBody, request)
      if (!parts.isStaff(staffId)) {
        throw new HttpProblem('unknown-staff', 'the hall knows nobody of this number; check it at the hall')
      }
      if (pin !== undefined) {
        const problem = pinProblem(await pins.check(staffId, pin))
        if (problem !== null) throw problem
      }
      standing.want({ staffId })
      response.status(204).end()
    },
    'delete /staff': (_request, response) => {
      standing.want({ staffId: null })
      response.status(204).end()
    },
    'put /service': (request, response) => {
      const { state, message } = parseBody(ServiceBody, request)
      standing.want({ paused: state === 'paused', message: state === 'paused' ? message : null })
      response.status(204).end()
    },
    'put /serving': (request, response) => {
      standing.want(parseBody(ServingBody, request))
      response.status(204).end()
    },
    'get /events': (request, response) => {
      streams.open(request, response, ...standing.asNews().map(eventOf))
    },
    'get /openapi.json': (_request, response) => {
      description ??= windowOpenApi()
      response.json(description)
    },
  }
  return descriptions.map((route) => ({
    method: route.method,
    path: WINDOW_PATH + route.path,
    handlers: [...('body' in route ? jsonBody : []), handlers[`${route.method} ${route.path}` as RouteName]],
  }))
}

/** Personal data in plain are taken where nobody can listen: over TLS, or on this machine. */
const sealed = async (
  user: EvaluationBody['user'],
  request: Request,
  { sealUser }: RouteParts,
): Promise<string | null> => {
  if (user === null || typeof user === 'string') return user
  if (!request.secure && !isLoopbackPeer(request.socket.remoteAddress)) {
    throw new HttpProblem(
      'insecure',
      'send "user" over TLS (window.tls in the configuration of the pad), as a JWE sealed for the hall, or leave it out',
    )
  }
  return await sealUser(new Personal(user))
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
