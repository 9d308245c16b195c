/** The demonstration's systems behind the integrators' contract: what an HTTP adapter then says must be what they say. */
import type { Applicant, CaseSystem, CollectBy } from '../../../../sync/hall/case-system/case-system.ts'
import type { DemoData } from '../../../../sync/hall/case-system/demo-data.ts'
import { hallDate, hallInstant } from '../../../../sync/hall/case-system/hall-time.ts'
import type { ProofIssuer } from '../../../../sync/hall/proofs/proof-issuer.ts'
import type { QueueSystem, TicketOutcome } from '../../../../sync/hall/queue/queue-system.ts'
import type { Calendar } from '../../../../sync/protocol/content.ts'
import { Personal } from '../../../../sync/protocol/personal.ts'
import { type Answered, type Handlers, refused } from './example-server.ts'

const done = (status: number, body: unknown): Answered => ({ status, body })

export function caseHandlers(
  system: CaseSystem,
  data: DemoData,
  calendars: readonly Calendar[],
  clock: () => Date,
): Handlers {
  return {
    async 'POST /case-searches'(body: { by: string; caseNo: string; person: Applicant }) {
      const found =
        body.by === 'receipt'
          ? await system.searchByReceipt(body.caseNo)
          : await system.searchByPerson(body.person)
      if (found.outcome !== 'found') return refused(503, 'down')
      const cases = found.cases.map((one) => {
        const known = data.cases.find(({ caseNo }) => caseNo === one.caseNo)
        if (known === undefined) throw new Error(`no case ${one.caseNo}`)
        const { promisedBy: _, overdue: __, whenOverdue: ___, promisedByProvisional: ____, ...facts } = one
        const { promisedDays, consentBySilence, office, contact, accepted } = known
        const clockFrom = accepted && hallInstant(accepted, hallDate(clock()), calendars)
        const overdueActor = `${office}；催办请找${contact.window}号窗口${contact.name}`
        return { ...facts, clockFrom, promisedDays, consentBySilence, overdueActor }
      })
      return done(200, { cases })
    },
    async 'POST /service-facts'(body: { caseNo: string; serviceNumber: number }) {
      const found = await system.serviceFacts(body.caseNo, body.serviceNumber)
      return found.outcome === 'found' ? done(200, found.facts.reveal()) : refused(404, 'not-found')
    },
    'POST /documents': documents(system),
    async 'POST /pickups'(
      body: { caseNo: string; by: { kind: 'receipt' } | { kind: 'card'; person: Applicant } },
      key,
    ) {
      const by: CollectBy =
        body.by.kind === 'receipt' ? body.by : { kind: 'card', person: new Personal(body.by.person) }
      const answer = await system.collect(body.caseNo, by, key)
      switch (answer.outcome) {
        case 'collected':
          return done(201, { collectedAt: answer.collectedAt, where: answer.where })
        case 'already-collected':
          return refused(409, 'already-collected', '已经取过了。')
        case 'refused':
          return refused(409, answer.code, answer.words)
        case 'not-found':
          return refused(404, 'not-found')
        case 'unavailable':
          return refused(503, 'down')
      }
    },
  }
}

export function proofHandlers(issuer: ProofIssuer): Handlers {
  return {
    async 'GET /kinds'() {
      const found = await issuer.kinds()
      return found.outcome === 'found' ? done(200, { kinds: found.kinds }) : refused(503, 'down')
    },
    async 'POST /proofs'(body: { kind: string; person: Applicant }, key) {
      const made = await issuer.make(body.kind, new Personal(body.person), key)
      if (made.outcome === 'made') return done(201, made.proof)
      return made.outcome === 'refused' ? refused(409, made.code, made.words) : refused(404, 'not-found')
    },
    'POST /documents': documents(issuer),
  }
}

export function queueHandlers(queue: QueueSystem): Handlers {
  const ticket = (given: TicketOutcome): Answered => {
    if (given.outcome === 'given') return done(201, given.ticket)
    return given.outcome === 'refused' ? refused(409, given.code, given.words) : refused(404, 'not-found')
  }
  return {
    'GET /queue': async () => done(200, await queue.overview()),
    async 'POST /tickets'(
      body: { businessType: string; person?: Applicant; appointment?: string; missed?: string },
      key,
    ) {
      const { businessType, person, appointment = null, missed = null } = body
      const shown = person === undefined ? null : new Personal(person)
      return ticket(await queue.take({ businessType, person: shown, appointment, missed }, key))
    },
    'POST /transfers': async (body: { number: string; to: string }, key) =>
      ticket(await queue.transfer(body.number, body.to, key)),
    'GET /serving': async () => done(200, await queue.serving()),
    'POST /calls': async (body: { cursor: string }) => done(200, await queue.calls(body.cursor)),
  }
}

function documents(system: Pick<CaseSystem, 'document'>) {
  return async (body: { reference: string }): Promise<Answered> => {
    const found = await system.document(body.reference)
    return found.outcome === 'found' ? done(200, found.pdf) : refused(404, 'not-found')
  }
}
