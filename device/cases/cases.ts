/** Asking the hall for cases (PROTOCOLS.md §1.4): by receipt in plain, by card sealed. */
import type { IdCard } from '../../drivers/id-reader/card.ts'
import type { Personal } from '../../drivers/personal.ts'
import type { HallClient, HallFault } from '../../sync/hall-client.ts'
import type { Identity } from '../../sync/identity.ts'
import type { Case } from '../../sync/protocol/cases.ts'
import { deadEndOf } from '../hall-answers.ts'
import type { DeadEnd } from '../http/contract.ts'
import { sealUser } from './card-user.ts'

export type SearchAnswer = { ok: true; cases: Case[] } | { ok: false; deadEnd: DeadEnd }

export interface Cases {
  byCard(card: Personal<IdCard>): Promise<SearchAnswer>
  byReceipt(caseNo: string): Promise<SearchAnswer>
}

export const createCases = (client: HallClient, identity: Identity): Cases => ({
  // Not async: a function that waits for the hall would keep the card in memory until the hall answers.
  byCard(card) {
    const sealed = sealUser(card, 'search', identity, client.clock.hallNow())
    if (sealed === null) return Promise.resolve({ ok: false, deadEnd: 'line-down' })
    return search(client, sealed)
  },
  async byReceipt(caseNo) {
    return answerOf(await client.searchCases({ by: 'receipt', value: caseNo }))
  },
})

const search = async (client: HallClient, sealed: Promise<string>): Promise<SearchAnswer> =>
  answerOf(await client.searchCases({ by: 'card', user: await sealed }))

const answerOf = (result: Awaited<ReturnType<HallClient['searchCases']>>): SearchAnswer =>
  result.ok ? { ok: true, cases: result.value.cases } : { ok: false, deadEnd: searchDeadEndOf(result) }

const searchDeadEndOf = (fault: HallFault): DeadEnd =>
  fault.kind === 'problem' && fault.problem.code === 'not-found' ? 'case-not-found' : deadEndOf(fault)
