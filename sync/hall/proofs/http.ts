/** One issuer of proofs over HTTP. Nothing that it says is kept. */

import { fetchDocument } from '../outside/documents.ts'
import { ID_CARD } from '../outside/operation.ts'
import { noAnswer } from '../outside/outcome.ts'
import { type OutsideOptions, outsideSystem } from '../outside/outside-system.ts'
import { kindsOperation, makeOperation, paperOperation } from './contract.ts'
import type { ProofIssuer } from './proof-issuer.ts'

/** @throws HallError `configuration-invalid` */
export function httpProofIssuer(options: OutsideOptions): ProofIssuer {
  const system = outsideSystem(options)
  return {
    async kinds() {
      const answer = await system.ask(kindsOperation)
      return answer.outcome === 'answered'
        ? { outcome: 'found', kinds: answer.value.kinds }
        : noAnswer(answer)
    },
    async make(kind, person, key) {
      const { name, idType = ID_CARD, idNumber } = person.reveal()
      const answer = await system.ask(makeOperation, { kind, person: { name, idType, idNumber } }, key)
      return answer.outcome === 'answered' ? { outcome: 'made', proof: answer.value } : answer
    },
    document: (reference) => fetchDocument(system, paperOperation, reference),
    close: () => system.close(),
  }
}
