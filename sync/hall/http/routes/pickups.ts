/** `POST /v1/pickups` (PROTOCOLS.md §1.4): a result is handed over, once. */
import type { Request } from 'express'
import { type PickupAnswer, PickupRequest } from '../../../protocol/pickups.ts'
import type { CaseSystem, CollectBy } from '../../case-system/case-system.ts'
import { type Answer, refusal } from '../answer.ts'
import { parseBody } from '../json.ts'
import { type OnceRequest, once } from '../once.ts'
import type { HallParts } from '../parts.ts'
import { applicantOf, type HourlyLimit, openUser, refuseBeyond } from '../sealed.ts'
import type { SignedRequest } from '../signed.ts'

export const PICKUP_LIMIT_BYTES = 16 * 1024

/** As with searches: twenty people an hour collect at one terminal, and numbers must not be tried through. */
const PICKUPS: HourlyLimit = { use: 'pickup', limit: 60, code: 'too-many-tries', what: 'pickups' }

export async function collectResult(
  parts: HallParts,
  signed: SignedRequest,
  request: Request,
): Promise<Answer> {
  const parsed = parseBody(request, signed.body, PickupRequest)
  if (!parsed.ok) return parsed.answer
  const { caseSystem } = parts
  if (caseSystem === null) return refusal('case-system-down', 'this hall has no case system connected')
  return await once(parts, signed, request, (errand) =>
    collect(parts, caseSystem, signed.device.deviceId, parsed.value, errand),
  )
}

async function collect(
  parts: HallParts,
  system: CaseSystem,
  device: string,
  wanted: PickupRequest,
  { key, requestHash }: OnceRequest,
): Promise<Answer> {
  const shown = await proven(parts, device, wanted, requestHash)
  if (!shown.ok) return shown.answer
  const refused = await refuseBeyond(parts, device, PICKUPS)
  if (refused !== null) return refused
  const { caseNo } = wanted
  const answer = await system.collect(caseNo, shown.by, key)
  switch (answer.outcome) {
    case 'collected': {
      const { collectedAt, where } = answer
      return { status: 201, body: { caseNo, collectedAt, where } satisfies PickupAnswer }
    }
    case 'already-collected':
      return refusal('already-collected', 'this result was handed over before: ask at the window')
    case 'not-found':
      return refusal('not-found', 'no case of this hall has this number and a result to collect')
    case 'refused':
      return refusal('pickup-refused', answer.words, { reason: answer.code })
    case 'unavailable':
      if (answer.notAsked === true)
        // Not this time; another try of the same errand may have been.
        return refusal(
          'case-system-down',
          'it cannot be asked now: ask again in a minute, with the same Idempotency-Key',
        )
      return refusal(
        'outcome-unknown',
        'the case system was asked and gave no answer: the result may be noted as handed over. Ask again with the same Idempotency-Key; without an answer, ask at the window that the case names',
      )
  }
}

type Proven = { ok: true; by: CollectBy } | { ok: false; answer: Answer }

async function proven(
  parts: HallParts,
  device: string,
  { caseNo, proof }: PickupRequest,
  requestHash: string,
): Promise<Proven> {
  if (proof.kind === 'receipt') {
    // Numbers are opaque: whether capitals matter is the case system's to know, a scanner changes none.
    if (proof.value === caseNo) return { ok: true, by: { kind: 'receipt' } }
    const words = '这张收件凭证是另一件事的，请扫本件的凭证。'
    return { ok: false, answer: refusal('pickup-refused', words, { reason: 'other-receipt' }) }
  }
  const opened = await openUser(parts, { jwe: proof.user, device, purpose: 'pickup', requestHash })
  if (!opened.ok) return opened
  return { ok: true, by: { kind: 'card', person: applicantOf(opened.user) } }
}
