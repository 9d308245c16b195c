/** Every route of the hall server by path and method; each is described in openapi/. */
import type { Request, Response } from 'express'
import { formatInstant } from '../../protocol/identifiers.ts'
import type { EvaluationDesk } from '../evaluations/desk.ts'
import { type Answer, ok } from './answer.ts'
import type { HallParts } from './parts.ts'
import { receiveBatch } from './routes/batches.ts'
import { SEARCH_LIMIT_BYTES, searchCases } from './routes/case-searches.ts'
import { getItem, getManifest } from './routes/content.ts'
import { getDocument } from './routes/documents.ts'
import { enrolDevice } from './routes/enrolment.ts'
import {
  askEvaluation,
  cancelEvaluation,
  getEvaluation,
  PAD_ANSWER_LIMIT_BYTES,
  putPadAnswer,
} from './routes/evaluations.ts'
import type { EventStreams } from './routes/event-stream.ts'
import { collectResult, PICKUP_LIMIT_BYTES } from './routes/pickups.ts'
import { makeProof, PROOF_LIMIT_BYTES } from './routes/proofs.ts'
import { getQueue } from './routes/queue.ts'
import { getSettings } from './routes/settings.ts'
import { putStatus, STATUS_LIMIT_BYTES } from './routes/status.ts'
import { TECHNICIAN_CODE_LIMIT_BYTES, takeTechnicianCode } from './routes/technician-code.ts'
import { TICKET_LIMIT_BYTES, takeTicket } from './routes/tickets.ts'
import { authenticate, type SignedRequest } from './signed.ts'

/** A signed GET has no body; one that brings some is told so by its signature. */
const NO_BODY_LIMIT_BYTES = 1024

export interface Asked {
  parts: HallParts
  streams: EventStreams
  evaluations: EvaluationDesk
  request: Request
  response: Response
}

/** Null: the answer has been given, or nobody is there to take one. */
export type Route = (asked: Asked) => Promise<Answer | null>
export type Method = 'get' | 'post' | 'put' | 'delete'

type SignedHandler = (parts: HallParts, signed: SignedRequest, request: Request) => Promise<Answer>

/** Only what an enrolled device has signed comes through, with at most so many bytes. */
function signed(limitBytes: number, handler: SignedHandler): Route {
  return async ({ parts, request, response }) => {
    const authentic = await authenticate(parts, request, response, limitBytes)
    return authentic.ok ? await handler(parts, authentic.value, request) : authentic.answer
  }
}

async function openStream({ parts, streams, evaluations, request, response }: Asked): Promise<Answer | null> {
  const authentic = await authenticate(parts, request, response, NO_BODY_LIMIT_BYTES)
  if (!authentic.ok) return authentic.answer
  const { device } = authentic.value
  streams.open(response, device)
  if (device.role === 'pad') evaluations.lineOpened(device.deviceId)
  return null
}

async function padAnswers(asked: Asked): Promise<Answer | null> {
  const { evaluations } = asked
  const put: SignedHandler = (parts, answer, request) => putPadAnswer(parts, evaluations, answer, request)
  return await signed(PAD_ANSWER_LIMIT_BYTES, put)(asked)
}

export const hallRoutes: Readonly<Record<string, Partial<Record<Method, Route>>>> = {
  '/v1/time': { get: async ({ parts }) => ok({ time: formatInstant(parts.clock()) }) },
  '/v1/devices': { post: ({ parts, request, response }) => enrolDevice(parts, request, response) },
  '/v1/batches': { post: ({ parts, request, response }) => receiveBatch(parts, request, response) },
  '/v1/devices/:id/status': { put: signed(STATUS_LIMIT_BYTES, putStatus) },
  '/v1/devices/:id/settings': { get: signed(NO_BODY_LIMIT_BYTES, getSettings) },
  '/v1/devices/:id/events': { get: openStream },
  '/v1/devices/:id/technician-code': { post: signed(TECHNICIAN_CODE_LIMIT_BYTES, takeTechnicianCode) },
  '/v1/content': { get: signed(NO_BODY_LIMIT_BYTES, (parts, _, request) => getManifest(parts, request)) },
  '/v1/content/:sha256': { get: signed(NO_BODY_LIMIT_BYTES, (parts, _, request) => getItem(parts, request)) },
  '/v1/case-searches': { post: signed(SEARCH_LIMIT_BYTES, searchCases) },
  '/v1/documents/:handle': { get: signed(NO_BODY_LIMIT_BYTES, getDocument) },
  '/v1/proofs': { post: signed(PROOF_LIMIT_BYTES, makeProof) },
  '/v1/pickups': { post: signed(PICKUP_LIMIT_BYTES, collectResult) },
  '/v1/queue': { get: signed(NO_BODY_LIMIT_BYTES, getQueue) },
  '/v1/tickets': { post: signed(TICKET_LIMIT_BYTES, takeTicket) },
  '/v1/evaluations': {
    post: ({ parts, evaluations, request }) => askEvaluation(parts, evaluations, request),
  },
  '/v1/evaluations/:id': {
    get: ({ parts, request }) => getEvaluation(parts, request),
    delete: ({ parts, evaluations, request }) => cancelEvaluation(parts, evaluations, request),
  },
  '/v1/devices/:id/evaluations/:evaluationId': { put: padAnswers },
}
