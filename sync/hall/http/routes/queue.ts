/** `GET /v1/queue` (PROTOCOLS.md §1.4): how many wait for what, and when few do. */
import { formatInstant } from '../../../protocol/identifiers.ts'
import type { QueueAnswer } from '../../../protocol/queue.ts'
import { type Answer, ok, refusal } from '../answer.ts'
import type { HallParts } from '../parts.ts'

export async function getQueue({ queue, clock }: HallParts): Promise<Answer> {
  if (queue === null) return refusal('queue-down', 'this hall has no queue system connected')
  const answer = await queue.overview()
  if (answer.outcome === 'unavailable')
    return refusal('queue-down', 'the queue system gives no answer: ask again in a minute')
  return ok({ time: formatInstant(clock()), types: answer.types } satisfies QueueAnswer)
}
