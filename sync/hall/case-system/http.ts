/** A hall's case system over HTTP. Nothing that it says is kept. */
import type { Calendar } from '../../protocol/content.ts'
import { Personal } from '../../protocol/personal.ts'
import { fetchDocument } from '../outside/documents.ts'
import { ID_CARD } from '../outside/operation.ts'
import { noAnswer } from '../outside/outcome.ts'
import { type OutsideOptions, outsideSystem } from '../outside/outside-system.ts'
import type { Applicant, CaseSystem, CasesFound, FoundCase } from './case-system.ts'
import {
  ALREADY_COLLECTED,
  type CaseFacts,
  collectOperation,
  paperOperation,
  searchOperation,
  serviceFactsOperation,
} from './contract.ts'
import { limitsOf } from './limits.ts'

export interface HttpCaseSystemOptions extends Omit<OutsideOptions, 'name'> {
  /** What limits are counted by; asked each time, since the hall's content may change. */
  calendars: () => readonly Calendar[]
  clock: () => Date
}

const NAME = 'case-system'

/** @throws HallError `configuration-invalid` */
export function httpCaseSystem({ calendars, clock, ...options }: HttpCaseSystemOptions): CaseSystem {
  const system = outsideSystem({ ...options, name: NAME })

  async function search(body: unknown, asked: (facts: CaseFacts) => boolean): Promise<CasesFound> {
    const answer = await system.ask(searchOperation, body)
    if (answer.outcome !== 'answered') return noAnswer(answer)
    const cases = answer.value.cases.filter(asked)
    const others = answer.value.cases.length - cases.length
    if (others > 0)
      options.logger.warn({ system: NAME, others }, 'cases that were not asked for were left out')
    return { outcome: 'found', cases: cases.map(foundCase) }
  }

  function foundCase(facts: CaseFacts): FoundCase {
    const { clockFrom, promisedDays, pausedDays, overdueActor, consentBySilence, ...shown } = facts
    const { state, statutoryDays } = facts
    const limit = {
      state,
      runsFrom: clockFrom,
      promisedDays,
      statutoryDays,
      pausedDays,
      overdueActor,
      consentBySilence,
    }
    return { ...shown, ...limitsOf(limit, clock(), calendars()) }
  }

  return {
    searchByReceipt: (caseNo) =>
      search({ by: 'receipt', caseNo }, (found) => found.caseNo.toUpperCase() === caseNo.toUpperCase()),
    searchByPerson: (person) => search({ by: 'person', person: asked(person) }, () => true),

    async serviceFacts(caseNo, serviceNumber) {
      const answer = await system.ask(serviceFactsOperation, { caseNo, serviceNumber })
      if (answer.outcome === 'answered') return { outcome: 'found', facts: new Personal(answer.value) }
      return answer.outcome === 'not-found' ? answer : noAnswer(answer)
    },

    document: (reference) => fetchDocument(system, paperOperation, reference),

    async collect(caseNo, by, key) {
      const shown = by.kind === 'receipt' ? by : { kind: by.kind, person: asked(by.person.reveal()) }
      const answer = await system.ask(collectOperation, { caseNo, by: shown }, key)
      if (answer.outcome === 'answered') return { outcome: 'collected', ...answer.value }
      if (answer.outcome === 'refused' && answer.code === ALREADY_COLLECTED)
        return { outcome: 'already-collected' }
      return answer
    },

    close: () => system.close(),
  }
}

function asked({ name, idType = ID_CARD, idNumber }: Applicant): object {
  return { ...(name === undefined ? {} : { name }), idType, idNumber }
}
