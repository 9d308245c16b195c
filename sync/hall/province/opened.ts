/** What a report needs and a stored rating keeps sealed: opened in memory, for the one request, and wrapped. */
import type { EventData } from '../../protocol/events.ts'
import type { SealingKeyPair } from '../../protocol/keys.ts'
import { Personal } from '../../protocol/personal.ts'
import { type SealedPayload, unseal } from '../../protocol/sealing.ts'
import type { CaseSystem, ServiceFacts } from '../case-system/case-system.ts'
import type { CompletedReason, ReportRow } from '../store/province-queue.ts'
import type { Known } from './record.ts'

export interface Sources {
  /** Read at each use: keys are rotated while the hall runs. */
  sealingKeys: { readonly all: readonly SealingKeyPair[] }
  caseSystem: CaseSystem | null
  areaCode: string | null
}

export type Opened =
  | { outcome: 'opened'; known: Personal<Known> }
  /** Perhaps later: the case system is silent, or a sealing key is to be brought back from a backup. */
  | { outcome: 'not-now'; reason: string }
  /** Never: what was sealed is broken. */
  | { outcome: 'never'; reason: string }

/**
 * A silent case system holds a rating up for so long; then the service is told by what the rating itself says, since
 * a rating is to be with the province the same hour.
 */
const CASE_SYSTEM_PATIENCE_MS = 10 * 60 * 1000

export async function open(
  row: ReportRow,
  rating: EventData<'rating'>,
  completed: CompletedReason | null,
  sources: Sources,
  now: Date,
): Promise<Opened> {
  const comment = await opened(rating.comment, row.deviceId, sources)
  if (comment.outcome !== 'opened') return comment
  const user = await opened(rating.user, row.deviceId, sources)
  if (user.outcome !== 'opened') return user
  const facts = await factsOf(row, sources.caseSystem)
  if (facts === 'unavailable' && now.getTime() - row.receivedAt < CASE_SYSTEM_PATIENCE_MS)
    return { outcome: 'not-now', reason: 'the case system does not answer' }
  const known: Known = {
    comment: comment.payload?.text ?? null,
    completed,
    user: user.payload?.user ?? null,
    facts: facts === 'unavailable' ? null : (facts?.reveal() ?? null),
    areaCode: sources.areaCode,
  }
  return { outcome: 'opened', known: new Personal(known) }
}

type OpenedSeal =
  | { outcome: 'opened'; payload: SealedPayload | null }
  | Exclude<Opened, { outcome: 'opened' }>

async function opened(jwe: string | null, device: string, { sealingKeys }: Sources): Promise<OpenedSeal> {
  if (jwe === null) return { outcome: 'opened', payload: null }
  const result = await unseal(jwe, sealingKeys.all, { purpose: 'rating', device })
  if (result.ok) return { outcome: 'opened', payload: result.unsealed.reveal() }
  const reason = `what is sealed in it cannot be opened (${result.code})`
  return { outcome: result.code === 'seal-unknown-key' ? 'not-now' : 'never', reason }
}

async function factsOf(
  { caseNo, serviceNumber }: ReportRow,
  caseSystem: CaseSystem | null,
): Promise<Personal<ServiceFacts> | 'unavailable' | null> {
  if (caseSystem === null) return null
  const found = await caseSystem.serviceFacts(caseNo, serviceNumber)
  switch (found.outcome) {
    case 'found':
      return found.facts
    case 'unavailable':
      return 'unavailable'
    default:
      return null
  }
}
