/** Cases, their papers, proofs, pickups and the queue (PROTOCOLS.md §1.4). */
import { CaseSearchAnswer, CaseSearchRequest } from '../../../protocol/cases.ts'
import { DOCUMENT_MEDIA_TYPE } from '../../../protocol/documents.ts'
import { PickupAnswer, PickupRequest } from '../../../protocol/pickups.ts'
import type { ProblemCode } from '../../../protocol/problem.ts'
import { ProofAnswer, ProofRequest } from '../../../protocol/proofs.ts'
import { QueueAnswer, TicketAnswer, TicketRequest } from '../../../protocol/queue.ts'
import type { RouteSchema } from './route-schema.ts'

/** Of every request that may bring a sealed user. */
const sealed: readonly ProblemCode[] = [
  'seal-malformed',
  'seal-unknown-key',
  'seal-broken',
  'seal-purpose',
  'seal-device',
  'seal-repeated',
  'seal-too-old',
]

const once: readonly ProblemCode[] = ['idempotency-key-missing', 'idempotency-key-reused', 'too-many-tries']

export const caseRoutes: readonly RouteSchema[] = [
  {
    method: 'post',
    path: '/v1/case-searches',
    summary: 'The cases of a receipt or of a card',
    description: 'By receipt: receipts, notices and progress; results need the card.',
    asked: 'by-device',
    body: { schema: CaseSearchRequest },
    answers: { 200: { description: 'what was found', body: { schema: CaseSearchAnswer } } },
    problems: ['case-system-down', 'too-many-searches', ...sealed],
  },
  {
    method: 'get',
    path: '/v1/documents/:handle',
    summary: 'The bytes of a paper',
    description:
      'Good for ten minutes and for the device that was given the handle; whatever is wrong with a handle, the answer is the same 404.',
    asked: 'by-device',
    parameters: { handle: 'as a search or a proof gave it: 128 random bits, base64url' },
    answers: {
      200: { description: 'the paper', body: { schema: null, mediaType: DOCUMENT_MEDIA_TYPE } },
    },
    problems: ['not-found', 'document-unavailable', 'document-unusable', 'hall-busy'],
  },
  {
    method: 'post',
    path: '/v1/proofs',
    summary: 'Has an issuer make a proof for whoever’s card it is',
    asked: 'by-device',
    idempotent: true,
    body: { schema: ProofRequest },
    answers: { 201: { description: 'made', body: { schema: ProofAnswer } } },
    problems: ['not-found', 'proof-refused', 'proof-issuer-down', 'outcome-unknown', ...once, ...sealed],
  },
  {
    method: 'post',
    path: '/v1/pickups',
    summary: 'Notes that a result was handed over, once',
    asked: 'by-device',
    idempotent: true,
    body: { schema: PickupRequest },
    answers: { 201: { description: 'handed over', body: { schema: PickupAnswer } } },
    problems: [
      'not-found',
      'already-collected',
      'pickup-refused',
      'case-system-down',
      'outcome-unknown',
      ...once,
      ...sealed,
    ],
  },
  {
    method: 'get',
    path: '/v1/queue',
    summary: 'Waiting and quiet hours by business type',
    asked: 'by-device',
    answers: { 200: { description: 'as it is now', body: { schema: QueueAnswer } } },
    problems: ['queue-down'],
  },
  {
    method: 'post',
    path: '/v1/tickets',
    summary: 'A number in the hall’s queue',
    description: 'Walk-in, by card (priority), for an appointment, or again after a call in vain.',
    asked: 'by-device',
    idempotent: true,
    body: { schema: TicketRequest },
    answers: { 201: { description: 'the number', body: { schema: TicketAnswer } } },
    problems: ['not-found', 'ticket-refused', 'queue-down', 'outcome-unknown', ...once, ...sealed],
  },
]
