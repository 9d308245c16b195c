/** Asking the hall for cases (PROTOCOLS.md §1.4): by receipt in plain, by card sealed. */
import type { IdCard } from '../../drivers/id-reader/card.ts'
import { Personal } from '../../drivers/personal.ts'
import type { HallClient, HallFault } from '../../sync/hall-client.ts'
import type { Identity } from '../../sync/identity.ts'
import type { Case } from '../../sync/protocol/cases.ts'
import { type SealedUser, seal } from '../../sync/protocol/sealing.ts'
import type { DeadEnd } from '../http/contract.ts'

/** DOMAIN.md §2.1, userProp: 1 = a person. */
const PERSON = '1'

/** GA/T 517: 111 resident identity card, 553 foreigner's permanent residence, 990 any other document. */
const ID_TYPES: Record<IdCard['kind'], string> = {
  citizen: '111',
  'residence-permit-hmt': '990',
  'foreigner-2017': '553',
  'foreigner-2023': '553',
}

export type SearchAnswer = { ok: true; cases: Case[] } | { ok: false; deadEnd: DeadEnd }

export interface Cases {
  byCard(card: Personal<IdCard>): Promise<SearchAnswer>
  byReceipt(caseNo: string): Promise<SearchAnswer>
}

export const createCases = (client: HallClient, identity: Identity): Cases => ({
  // Not async: a function that waits for the hall would keep the card in memory until the hall answers.
  byCard(card) {
    const { deviceId, sealingKey } = identity
    if (deviceId === null || sealingKey === null) return Promise.resolve({ ok: false, deadEnd: 'line-down' })
    // The hall refuses searches older than 2 minutes by its own clock.
    const now = client.clock.hallNow()
    return search(client, seal({ purpose: 'search', device: deviceId, user: userOf(card) }, sealingKey, now))
  },
  async byReceipt(caseNo) {
    return answerOf(await client.searchCases({ by: 'receipt', value: caseNo }))
  },
})

const search = async (client: HallClient, sealed: Promise<string>): Promise<SearchAnswer> =>
  answerOf(await client.searchCases({ by: 'card', user: await sealed }))

const userOf = (card: Personal<IdCard>): Personal<SealedUser> => {
  const { kind, name, number } = card.reveal()
  return new Personal({ type: PERSON, name, idType: ID_TYPES[kind], idNumber: number, phone: null })
}

const answerOf = (result: Awaited<ReturnType<HallClient['searchCases']>>): SearchAnswer =>
  result.ok ? { ok: true, cases: result.value.cases } : { ok: false, deadEnd: deadEndOf(result) }

const deadEndOf = (fault: HallFault): Extract<SearchAnswer, { ok: false }>['deadEnd'] => {
  if (fault.kind === 'no-answer') return 'line-down'
  if (fault.status === 429) return 'too-many-searches'
  return fault.kind === 'problem' && fault.problem.code === 'not-found' ? 'case-not-found' : 'hall-trouble'
}
