/**
 * How often one device or system may ask for what, so that one that runs wild takes nothing from the others: counted
 * in this instance's memory. Limits that guard people, such as card searches, are the store's and hold over all instances;
 * these guard the server itself, and each instance guards its own.
 */
import { createPaperGate, type PaperGate } from '../outside/paper-gate.ts'
import { type BatchGate, createBatchGate } from './batch-gate.ts'

/** Requests that may come at once, and how many more each minute brings. */
interface Rate {
  burst: number
  perMinute: number
}

/** The batch route: a month's backlog on a fast line is 50 full batches a second, and its devices come in storms. */
const BATCHES: Rate = { burst: 6_000, perMinute: 6_000 }

/** All else: a device reports each minute and at changes, and fetches its content once; it asks for a case when a citizen does. */
const OTHERS: Rate = { burst: 600, perMinute: 600 }

/** A case system asks each second after each question that is open: a hundred windows at once. */
const STATES: Rate = { burst: 6_000, perMinute: 6_000 }

const rates: Readonly<Record<string, Rate>> = {
  'POST /v1/batches': BATCHES,
  'GET /v1/evaluations/:id': STATES,
}

/** Counters kept: a province's devices on one instance. The longest unused goes first, which is a full one anyway. */
const MAX_COUNTERS = 50_000

const MINUTE_MS = 60_000

export interface RequestLimits {
  /**
   * Null: it may.
   * @param sender a deviceId, or what names a token
   * @param route method and path pattern, such as `POST /v1/batches`
   */
  take(sender: string, route: string): { retryAfterMs: number } | null
  readonly batches: BatchGate
  readonly papers: PaperGate
}

/** @param monotonic milliseconds that never go back */
export function createRequestLimits(monotonic: () => number = () => performance.now()): RequestLimits {
  const counters = new Map<string, { left: number; at: number }>()

  return {
    batches: createBatchGate(monotonic),
    papers: createPaperGate(),
    take(sender, route) {
      const { burst, perMinute } = rates[route] ?? OTHERS
      const key = `${sender} ${route}`
      const now = monotonic()
      const before = counters.get(key)
      const gained = before === undefined ? burst : ((now - before.at) / MINUTE_MS) * perMinute
      const left = Math.min(burst, (before?.left ?? 0) + gained)
      counters.delete(key)
      counters.set(key, { left: Math.max(left - 1, Math.min(left, 0)), at: now })
      const [oldest] = counters.keys()
      if (counters.size > MAX_COUNTERS && oldest !== undefined) counters.delete(oldest)
      return left >= 1 ? null : { retryAfterMs: ((1 - left) / perMinute) * MINUTE_MS }
    },
  }
}
