/** `POST /v1/case-searches` (PROTOCOLS.md §1.4): whose card or receipt it is, and what may be shown for it. */
import type { Request } from 'express'
import {
  type Case,
  type CaseSearchAnswer,
  CaseSearchRequest,
  type OpenRating,
} from '../../../protocol/cases.ts'
import type { CaseSystem, CasesFound, FoundCase } from '../../case-system/case-system.ts'
import { openRatings } from '../../province/open-ratings.ts'
import { profileOf } from '../../province/settings.ts'
import { type Answer, ok, refusal } from '../answer.ts'
import { parseBody } from '../json.ts'
import type { HallParts } from '../parts.ts'
import { applicantOf, type HourlyLimit, openUser, refuseBeyond } from '../sealed.ts'
import type { SignedRequest } from '../signed.ts'

export const SEARCH_LIMIT_BYTES = 16 * 1024

/** The contract's limit: a terminal serves perhaps twenty people an hour, a stolen one must not comb the hall. */
const CARD_SEARCHES: HourlyLimit = {
  use: 'card-search',
  limit: 30,
  code: 'too-many-searches',
  what: 'card searches',
}

/** A misread receipt now and then; numbers are not to be tried through, also by who has a terminal's key. */
const RECEIPT_MISSES: HourlyLimit = {
  use: 'receipt-miss',
  limit: 60,
  code: 'too-many-searches',
  what: 'receipt searches that find nothing',
}

export async function searchCases(
  parts: HallParts,
  signed: SignedRequest,
  request: Request,
): Promise<Answer> {
  const parsed = parseBody(request, signed.body, CaseSearchRequest)
  if (!parsed.ok) return parsed.answer
  const { caseSystem } = parts
  const { deviceId } = signed.device
  if (caseSystem === null) return refusal('case-system-down', 'this hall has no case system connected')
  if (parsed.value.by === 'receipt')
    return await searchByReceipt(parts, caseSystem, deviceId, parsed.value.value)
  return await searchByCard(parts, caseSystem, deviceId, parsed.value.user)
}

async function searchByReceipt(
  parts: HallParts,
  system: CaseSystem,
  device: string,
  caseNo: string,
): Promise<Answer> {
  // Asked before the search, so that a number beyond the limit is not told by its being found.
  const refused = await refuseBeyond(parts, device, RECEIPT_MISSES, 'only')
  if (refused !== null) return refused
  const answer = await system.searchByReceipt(caseNo)
  if (answer.outcome === 'found' && answer.cases.length === 0) {
    const beyond = await refuseBeyond(parts, device, RECEIPT_MISSES)
    if (beyond !== null) return beyond
  }
  return await found(parts, device, answer, withoutResults, toldByReceipt)
}

async function searchByCard(
  parts: HallParts,
  system: CaseSystem,
  device: string,
  jwe: string,
): Promise<Answer> {
  const opened = await openUser(parts, { jwe, device, purpose: 'search', requestHash: null })
  if (!opened.ok) return opened.answer
  const refused = await refuseBeyond(parts, device, CARD_SEARCHES)
  if (refused !== null) return refused
  return await found(
    parts,
    device,
    await system.searchByPerson(applicantOf(opened.user).reveal()),
    (one) => one,
    (open) => open,
  )
}

async function found(
  parts: HallParts,
  deviceId: string,
  answer: CasesFound,
  show: (found: FoundCase) => FoundCase,
  tell: (open: OpenRating) => OpenRating,
): Promise<Answer> {
  if (answer.outcome === 'unavailable') return refusal('case-system-down', 'ask again in a minute')
  const shown = answer.cases.map(show)
  const papers = shown.flatMap(({ documents }) => documents)
  const handles = (await parts.store.documents.give(deviceId, 'case', papers, parts.clock())).values()
  const open = await openRatingsOf(parts, shown)
  const cases = shown.map((one): Case => {
    const documents = one.documents.map(({ reference: _, ...document }) => {
      return { handle: handles.next().value ?? '', ...document }
    })
    return { ...one, documents, ...(open !== null && { openRating: tell(open(one.caseNo)) }) }
  })
  return ok({ cases } satisfies CaseSearchAnswer)
}

/** null where this hall reports to no province: nothing is counted then that could be asked. */
async function openRatingsOf(
  { store, configuration, content, clock }: HallParts,
  cases: readonly FoundCase[],
): Promise<((caseNo: string) => OpenRating) | null> {
  const { province } = configuration
  if (province === undefined) return null
  const { calendars } = content
  const options = { queue: store.province, profile: profileOf(province), calendars, now: clock() }
  return await openRatings(
    cases.map(({ caseNo }) => caseNo),
    options,
  )
}

/** That there may be a follow-up would tell whoever has found the receipt how the first rating was. */
function toldByReceipt(open: OpenRating): OpenRating {
  return open === 'follow-up' ? 'none' : open
}

/** A receipt lies about and is found by anybody: it shows receipts, notices and progress, results need the card. */
function withoutResults(one: FoundCase): FoundCase {
  return { ...one, documents: one.documents.filter(({ kind }) => kind !== 'result') }
}
