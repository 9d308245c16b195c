/** What each route of the window interface takes and gives: its OpenAPI file is made of it, and the listener of that. */
import type { z } from 'zod'
import type { HttpProblemCode } from '../problem.ts'
import {
  AskedAnswer,
  EvaluationAnswer,
  EvaluationBody,
  ServiceBody,
  ServingBody,
  StaffBody,
} from './bodies.ts'

export type Method = 'get' | 'post' | 'put' | 'delete'

export interface Answer {
  description: string
  /** None: no body. */
  schema?: z.ZodType
  /** `application/json` unless told otherwise. */
  mediaType?: string
}

export interface Description {
  method: Method
  /** Below `/window/v1`, as express has it. */
  path: string
  /** What a client's generator calls it. */
  operation: string
  summary: string
  description?: string
  /** `anybody`: without a token. */
  by: 'system' | 'anybody'
  parameters?: Readonly<Record<string, string>>
  body?: z.ZodType
  answers: Readonly<Record<number, Answer>>
  /** Beside those of every route: of tokens, origins, bodies. */
  problems?: readonly HttpProblemCode[]
}

const NOTHING = { 204: { description: 'done' } } as const

const id = 'as `POST /window/v1/evaluations` gave it'

const WHEN_AT_REST =
  'From the citizen’s first touch on it takes effect when the pad is back at rest: whoever has begun to answer is not interrupted.'

export const descriptions = [
  {
    method: 'post',
    path: '/evaluations',
    operation: 'askForEvaluation',
    summary: 'Asks the citizen at the window for a rating',
    description:
      'One question is open at a time. It waits 60 s without a touch, each touch extends it, 5 min at most; then it is `declined`. The same case, service number and assess number while it is open is the same question. With `replace` it takes the place of the one that is open. `user` in plain is taken over TLS or from this machine only; elsewhere send it as a JWE sealed for the hall.',
    by: 'system',
    body: EvaluationBody,
    answers: {
      201: { description: 'the pad asks', schema: AskedAnswer },
      200: { description: 'it was asked before and is still open: the same id', schema: AskedAnswer },
    },
    problems: ['insecure', 'busy', 'already-rated', 'paused', 'cannot-keep'],
  },
  {
    method: 'get',
    path: '/evaluations/:id',
    operation: 'getEvaluation',
    summary: 'What became of a question: never the level, and never a hint',
    description: 'The state changes when the pad is back at rest. It is known for 30 days.',
    by: 'system',
    parameters: { id },
    answers: { 200: { description: 'its state', schema: EvaluationAnswer } },
    problems: ['not-found'],
  },
  {
    method: 'delete',
    path: '/evaluations/:id',
    operation: 'cancelEvaluation',
    summary: 'Cancels a question',
    description: `${WHEN_AT_REST} Cancels are facts, counted by staff.`,
    by: 'system',
    parameters: { id },
    answers: NOTHING,
    problems: ['not-found', 'cannot-keep'],
  },
  {
    method: 'put',
    path: '/staff',
    operation: 'setStaff',
    summary: 'Shows who sits at the window',
    description: `Without \`pin\` the token vouches for them; one that is given is checked, and each wrong one doubles the wait. ${WHEN_AT_REST}`,
    by: 'system',
    body: StaffBody,
    answers: NOTHING,
    problems: ['unknown-staff', 'wrong-pin', 'no-pin', 'too-many-tries', 'cannot-keep'],
  },
  {
    method: 'delete',
    path: '/staff',
    operation: 'clearStaff',
    summary: 'Nobody sits at the window',
    by: 'system',
    answers: NOTHING,
    problems: ['cannot-keep'],
  },
  {
    method: 'put',
    path: '/service',
    operation: 'setService',
    summary: 'Opens or pauses the window',
    description: `\`message\` is shown while it is paused. ${WHEN_AT_REST} A question that nobody has touched is cancelled by a pause.`,
    by: 'system',
    body: ServiceBody,
    answers: NOTHING,
    problems: ['cannot-keep'],
  },
  {
    method: 'put',
    path: '/serving',
    operation: 'setServing',
    summary: 'The ticket number that is being served; null for none',
    by: 'system',
    body: ServingBody,
    answers: NOTHING,
    problems: ['cannot-keep'],
  },
  {
    method: 'get',
    path: '/events',
    operation: 'followWindow',
    summary: 'Server-Sent Events: each change of a question, of staff, of service and of the number served',
    description:
      'On connecting all of it as it is now, then each change; a comment every 15 s. `data` of each event is JSON, by the event’s name a schema `Event…`. A pad that stops ends the stream: connect again.',
    by: 'system',
    answers: { 200: { description: 'a stream without end', mediaType: 'text/event-stream' } },
  },
  {
    method: 'get',
    path: '/openapi.json',
    operation: 'getDescription',
    summary: 'This description',
    by: 'anybody',
    answers: { 200: { description: 'OpenAPI 3.1', mediaType: 'application/json' } },
  },
] as const satisfies readonly Description[]

/** `put /staff`: each has its handler in routes.ts, or the listener does not compile. */
export type RouteName = (typeof descriptions)[number] extends infer Route
  ? Route extends { method: infer M extends string; path: infer P extends string }
    ? `${M} ${P}`
    : never
  : never
