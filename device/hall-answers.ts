/** What a citizen is told when the hall says no, or nothing. */
import type { HallFault, HallResult } from '../sync/hall-client.ts'
import type { DeadEnd } from './http/contract.ts'

export const deadEndOf = (fault: HallFault): DeadEnd => {
  if (fault.kind === 'no-answer') return 'line-down'
  return fault.status === TOO_MANY_REQUESTS ? 'too-many-searches' : 'hall-trouble'
}

/** No connection was made at all: the system's words for it (errno(3), getaddrinfo(3)). */
const UNSENT: readonly string[] = [
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
]

/** Whether the hall cannot have heard it; with anything else an errand may have been done. */
export const surelyUnsent = (fault: HallFault): boolean =>
  fault.kind === 'no-answer' && fault.reason === 'unreachable' && UNSENT.includes(fault.detail)

const TOO_MANY_REQUESTS = 429

/** The answer, or where its lack leads; a service with refusals of its own looks at them first. */
export const asked = <Value>(
  result: HallResult<Value>,
): { ok: true; value: Value } | { ok: false; deadEnd: DeadEnd } =>
  result.ok ? { ok: true, value: result.value } : { ok: false, deadEnd: deadEndOf(result) }
