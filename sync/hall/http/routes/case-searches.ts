/** `POST /v1/case-searches` (PROTOCOLS.md §1.4): whose card or receipt it is, and what may be shown for it. */
import { randomBytes } from 'node:crypto'
import type { Request } from 'express'
import { type Case, type CaseSearchAnswer, CaseSearchRequest } from '../../../protocol/cases.ts'
import { formatInstant } from '../../../protocol/identifiers.ts'
import { type Unsealed, unseal } from '../../../protocol/sealing.ts'
import type { CaseSystem, CasesFound, FoundCase } from '../../case-system/case-system.ts'
import { type Answer, ok, refusal, retryAfter } from '../answer.ts'
import { parseBody } from '../json.ts'
import type { HallParts } from '../parts.ts'
import type { SignedRequest } from '../signed.ts'

export const SEARCH_LIMIT_BYTES = 16 * 1024

/** The contract's limit: a terminal serves perhaps twenty people an hour, a stolen one must not comb the hall. */
const CARD_SEARCHES = 30
const CARD_SEARCHES_WINDOW_MS = 60 * 60 * 1000

/** What was sealed longer ago was not sealed for a search that somebody is waiting for. Either way of the clock. */
const SEALED_LIFETIME_MS = 2 * 60 * 1000

const HANDLE_BYTES = 16

export async function searchCases(
  parts: HallParts,
  signed: SignedRequest,
  request: Request,
): Promise<Answer> {
  const parsed = parseBody(request, signed.body, CaseSearchRequest)
  if (!parsed.ok) return parsed.answer
  const { caseSystem } = parts
  if (caseSystem === null) return refusal('case-system-down', 'this hall has no case system connected')
  if (parsed.value.by === 'receipt')
    return found(await caseSystem.searchByReceipt(parsed.value.value), withoutResults)
  return await searchByCard(parts, caseSystem, signed.device.deviceId, parsed.value.user)
}

async function searchByCard(
  parts: HallParts,
  system: CaseSystem,
  device: string,
  jwe: string,
): Promise<Answer> {
  const opened = await unseal(jwe, parts.sealingKeys.all, { purpose: 'search', device })
  if (!opened.ok)
    return refusal(opened.code, 'seal the card again, for this search, with the hall’s current key')
  const at = parts.clock()
  const refused = await refuseRepeats(parts, device, opened.unsealed, at)
  if (refused !== null) return refused
  const { user } = opened.unsealed.reveal()
  if (user === undefined) return refusal('seal-malformed', 'a search is sealed with a user')
  const allowance = {
    use: 'card-search',
    by: device,
    limit: CARD_SEARCHES,
    windowMs: CARD_SEARCHES_WINDOW_MS,
    at,
  }
  const allowed = await parts.store.allow(allowance)
  if (!allowed.allowed) {
    const wait = retryAfter(allowed.retryAfterMs)
    const detail = `${CARD_SEARCHES} card searches an hour for each device; wait ${wait['retry-after']} s`
    return refusal('too-many-searches', detail, {}, wait)
  }
  return found(await system.searchByPerson({ name: user.name, idNumber: user.idNumber }), (one) => one)
}

async function refuseRepeats(
  parts: HallParts,
  device: string,
  { sealedAt, jti }: Unsealed,
  at: Date,
): Promise<Answer | null> {
  if (Math.abs(at.getTime() - sealedAt.getTime()) > SEALED_LIFETIME_MS)
    return refusal('seal-too-old', 'over 2 minutes from this clock: seal the card again', {
      time: formatInstant(at),
    })
  const until = new Date(sealedAt.getTime() + SEALED_LIFETIME_MS)
  if (await parts.store.takeOnce(device, jti, until, at)) return null
  return refusal('seal-repeated', 'each sealing is taken once: seal the card again')
}

function found(answer: CasesFound, show: (found: FoundCase) => FoundCase): Answer {
  if (answer.outcome === 'unavailable') return refusal('case-system-down', 'ask again in a minute')
  const cases = answer.cases.map(show).map((one): Case => {
    const documents = one.documents.map((document) => ({ handle: newHandle(), ...document }))
    return { ...one, documents }
  })
  return ok({ cases } satisfies CaseSearchAnswer)
}

/** A receipt lies about and is found by anybody: it shows receipts, notices and progress, results need the card. */
function withoutResults(one: FoundCase): FoundCase {
  return { ...one, documents: one.documents.filter(({ kind }) => kind !== 'result') }
}

function newHandle(): string {
  return randomBytes(HANDLE_BYTES).toString('base64url')
}
