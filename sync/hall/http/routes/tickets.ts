/** `POST /v1/tickets` (PROTOCOLS.md §1.4): a number in the hall's queue. */
import type { Request } from 'express'
import { TicketRequest } from '../../../protocol/queue.ts'
import type { QueueSystem } from '../../queue/queue-system.ts'
import { type Answer, refusal } from '../answer.ts'
import { parseBody } from '../json.ts'
import { type OnceRequest, once } from '../once.ts'
import type { HallParts } from '../parts.ts'
import { applicantOf, type HourlyLimit, openUser, refuseBeyond } from '../sealed.ts'
import type { SignedRequest } from '../signed.ts'

export const TICKET_LIMIT_BYTES = 16 * 1024

/** Ten a minute is what one machine prints at the doors' opening; more is somebody emptying the roll. */
const TICKETS: HourlyLimit = { use: 'ticket', limit: 600, code: 'too-many-tries', what: 'tickets' }

export async function takeTicket(parts: HallParts, signed: SignedRequest, request: Request): Promise<Answer> {
  const parsed = parseBody(request, signed.body, TicketRequest)
  if (!parsed.ok) return parsed.answer
  const { queue } = parts
  if (queue === null) return refusal('queue-down', 'this hall has no queue system connected')
  return await once(parts, signed, request, (errand) =>
    take(parts, queue, signed.device.deviceId, parsed.value, errand),
  )
}

async function take(
  parts: HallParts,
  queue: QueueSystem,
  device: string,
  { businessType, user, appointment, missed }: TicketRequest,
  { key, requestHash }: OnceRequest,
): Promise<Answer> {
  const opened =
    user === undefined ? null : await openUser(parts, { jwe: user, device, purpose: 'ticket', requestHash })
  if (opened?.ok === false) return opened.answer
  const refused = await refuseBeyond(parts, device, TICKETS)
  if (refused !== null) return refused
  const person = opened === null ? null : applicantOf(opened.user)
  const wish = { businessType, person, appointment: appointment ?? null, missed: missed ?? null }
  const given = await queue.take(wish, key)
  switch (given.outcome) {
    case 'given':
      return { status: 201, body: given.ticket }
    case 'not-found':
      return refusal('not-found', 'nobody queues for this business type here')
    case 'refused':
      return refusal('ticket-refused', given.words, { reason: given.code })
    case 'unavailable':
      if (given.notAsked === true)
        return refusal(
          'queue-down',
          'it cannot be asked now: ask again in a minute, with the same Idempotency-Key',
        )
      return refusal(
        'outcome-unknown',
        'the queue system was asked and gave no answer: a number may have been given. Ask again with the same Idempotency-Key; without an answer, ask at the guidance desk',
      )
  }
}
