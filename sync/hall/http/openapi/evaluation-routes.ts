/** Ratings asked for through the hall (PROTOCOLS.md §1.5, §2). */
import {
  EvaluationAnswer,
  EvaluationStateAnswer,
  HallEvaluationRequest,
  PadAnswer,
} from '../../../protocol/evaluations.ts'
import type { RouteSchema } from './route-schema.ts'

const id = 'as `POST /v1/evaluations` gave it'

const asked = { description: 'the pad asks', body: { schema: EvaluationAnswer } }

export const evaluationRoutes: readonly RouteSchema[] = [
  {
    method: 'post',
    path: '/v1/evaluations',
    summary: 'Have the pad of a window ask for a rating',
    description:
      'For systems that cannot reach the pad itself; its body and answers are those of the pad’s own window interface, with `window` added. The answer comes when the pad has taken the question, after 2 s at the latest: a question that was answered with `pad-offline` is never shown. Where a request’s own answer was lost, the same again finds the same question. `user` is taken over TLS, on this machine, or as a JWE (`insecure` otherwise), and is sealed for the hall before anything else is done with it. Of several pads with one window number the one that reports is asked; where more than one does, none is (`several-pads`).',
    asked: 'by-system',
    body: { schema: HallEvaluationRequest },
    answers: {
      201: asked,
      200: { ...asked, description: 'the same case, service and assess number is open already' },
    },
    problems: [
      'no-pad',
      'several-pads',
      'pad-offline',
      'busy',
      'already-rated',
      'paused',
      'insecure',
      'seal-malformed',
      'seal-unknown-key',
      'seal-broken',
      'seal-purpose',
      'seal-device',
    ],
  },
  {
    method: 'get',
    path: '/v1/evaluations/:id',
    summary: 'What became of a question: never the level, and never a hint',
    description:
      'The state changes when the pad is back at rest. `cancelled` is also what was taken back, replaced, or lost with a pad that was revoked. While a pad has no line its last word is waited for: `waiting` then stays beyond `expiresAt`. Once a second is often enough.',
    asked: 'by-system',
    parameters: { id },
    answers: { 200: { description: 'as far as the pad has told', body: { schema: EvaluationStateAnswer } } },
  },
  {
    method: 'delete',
    path: '/v1/evaluations/:id',
    summary: 'Take a question back',
    description:
      'After the citizen’s first touch nothing is undone: it takes effect when the pad is back at rest, and what the citizen has said counts.',
    asked: 'by-system',
    parameters: { id },
    answers: { 204: { description: 'the pad is told' } },
  },
  {
    method: 'put',
    path: '/v1/devices/:id/evaluations/:evaluationId',
    summary: 'A pad answers a question that came down its line',
    description:
      '`waiting` takes it, and the pad shows it only where the answer says `waiting` as well; `busy`, `already-rated` and `paused` refuse it; the others end it. The same again changes nothing.',
    asked: 'by-device',
    parameters: {
      id: 'the deviceId; it is the keyid of the signature as well',
      evaluationId: 'as the event has it',
    },
    body: { schema: PadAnswer },
    answers: { 200: { description: 'how it stands now', body: { schema: EvaluationStateAnswer } } },
  },
]
