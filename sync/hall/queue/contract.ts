/** What a hall's queue system is asked over HTTP, for integrators (sync/hall/outside/queue-system.openapi.json). */
import { z } from 'zod'
import { BusinessTypeId, QueueAnswer, QueueCall, TicketAnswer, TicketNumber } from '../../protocol/queue.ts'
import { type Contract, MAX_JSON_ANSWER_BYTES, operation, Person } from '../outside/operation.ts'

/** A page of numbers that is shown while somebody looks; the device waits 10 s. */
const OVERVIEW_TIMEOUT_MS = 5_000
/** Somebody stands before the machine; the device waits 10 s. */
const TICKET_TIMEOUT_MS = 8_000
/** Asked every other second: what has no answer by then is asked again. */
const CALLS_TIMEOUT_MS = 4_000

const Cursor = z.string().regex(/^[A-Za-z0-9_.:-]{1,128}$/)

export const overviewOperation = operation({
  id: 'overview',
  method: 'GET',
  path: '/queue',
  summary: 'Waiting and quiet hours by business type',
  status: 200,
  answer: z.object({ types: QueueAnswer.shape.types.max(100) }),
  oneByOne: 'types',
  refusals: [],
  timeoutMs: OVERVIEW_TIMEOUT_MS,
  maxAnswerBytes: MAX_JSON_ANSWER_BYTES,
})

export const ticketOperation = operation({
  id: 'takeTicket',
  method: 'POST',
  path: '/tickets',
  summary: 'A number: walk-in, by card, for an appointment, or again after a call in vain',
  description:
    'The same Idempotency-Key again is the same ticket. 404: no such business type. 409 with words for the citizen: closed now, no such appointment or too early for it, not a missed number.',
  body: z.object({
    businessType: BusinessTypeId,
    person: Person.optional().describe('for priority, and to find an appointment; not to be kept'),
    appointment: z.string().max(32).optional(),
    missed: TicketNumber.optional(),
  }),
  idempotent: true,
  status: 201,
  answer: TicketAnswer,
  refusals: [404, 409],
  timeoutMs: TICKET_TIMEOUT_MS,
  maxAnswerBytes: MAX_JSON_ANSWER_BYTES,
})

export const transferOperation = operation({
  id: 'transfer',
  method: 'POST',
  path: '/transfers',
  summary: 'Moves a number to another business type (转号)',
  body: z.object({ number: TicketNumber, to: BusinessTypeId }),
  idempotent: true,
  status: 201,
  answer: TicketAnswer,
  refusals: [404, 409],
  timeoutMs: TICKET_TIMEOUT_MS,
  maxAnswerBytes: MAX_JSON_ANSWER_BYTES,
})

const CallsAnswer = z.object({
  cursor: Cursor.describe('where the next question goes on'),
  calls: z.array(QueueCall).max(1000),
})

export const servingOperation = operation({
  id: 'serving',
  method: 'GET',
  path: '/serving',
  summary: 'The last number that each window called',
  status: 200,
  answer: CallsAnswer,
  oneByOne: 'calls',
  refusals: [],
  timeoutMs: CALLS_TIMEOUT_MS,
  maxAnswerBytes: MAX_JSON_ANSWER_BYTES,
})

export const callsOperation = operation({
  id: 'calls',
  method: 'POST',
  path: '/calls',
  summary: 'What was called, missed or transferred since a cursor, in order of time',
  description: 'At most 1000 at once; with an unknown cursor, what is being served.',
  body: z.object({ cursor: Cursor }),
  status: 200,
  answer: CallsAnswer,
  oneByOne: 'calls',
  refusals: [],
  timeoutMs: CALLS_TIMEOUT_MS,
  maxAnswerBytes: MAX_JSON_ANSWER_BYTES,
})

export const queueSystemContract: Contract = {
  title: 'Window24: what a hall asks its queue system',
  description:
    'Implemented by the queue system, asked by the hall server. Whatever names a person travels in bodies. 404 and 409 carry a code and words; any other status than the one named counts as no answer.',
  operations: [overviewOperation, ticketOperation, transferOperation, servingOperation, callsOperation],
}
