/** A hall's queue system over HTTP. Nothing that it says is kept. */

import { ID_CARD } from '../outside/operation.ts'
import { noAnswer } from '../outside/outcome.ts'
import { type OutsideOptions, outsideSystem } from '../outside/outside-system.ts'
import {
  callsOperation,
  overviewOperation,
  servingOperation,
  ticketOperation,
  transferOperation,
} from './contract.ts'
import type { QueueSystem } from './queue-system.ts'

/** @throws HallError `configuration-invalid` */
export function httpQueueSystem(options: Omit<OutsideOptions, 'name'>): QueueSystem {
  const system = outsideSystem({ ...options, name: 'queue' })
  return {
    async overview() {
      const answer = await system.ask(overviewOperation)
      return answer.outcome === 'answered' ? { outcome: 'found', ...answer.value } : noAnswer(answer)
    },
    async take({ businessType, person, appointment, missed }, key) {
      const card = person === null ? null : { idType: ID_CARD, ...person.reveal() }
      const body = {
        businessType,
        ...(card === null ? {} : { person: card }),
        ...(appointment === null ? {} : { appointment }),
        ...(missed === null ? {} : { missed }),
      }
      const answer = await system.ask(ticketOperation, body, key)
      return answer.outcome === 'answered' ? { outcome: 'given', ticket: answer.value } : answer
    },
    async transfer(number, to, key) {
      const answer = await system.ask(transferOperation, { number, to }, key)
      return answer.outcome === 'answered' ? { outcome: 'given', ticket: answer.value } : answer
    },
    async serving() {
      const answer = await system.ask(servingOperation)
      return answer.outcome === 'answered' ? { outcome: 'found', ...answer.value } : noAnswer(answer)
    },
    async calls(cursor) {
      const answer = await system.ask(callsOperation, { cursor })
      return answer.outcome === 'answered' ? { outcome: 'found', ...answer.value } : noAnswer(answer)
    },
    close: () => system.close(),
  }
}
