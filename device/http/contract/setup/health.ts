/** What is wrong now and why, and what was seen before: faults with causes, checks, logs, backlog. */
import { z } from 'zod'

export interface HealthState {
  /** The worst first, then the oldest. */
  faults: HealthFault[]
  checks: { network: Check; clock: Check; storage: Check }
  /** `setAside`: the oldest of them, `setAsideCount` in all. */
  backlog: { count: number; oldestAt: string | null; setAside: SetAsideEvent[]; setAsideCount: number }
  /** The newest last; of what is kept the newest only. Redacted by construction. */
  log: { at: string; level: 'info' | 'warn' | 'error'; code: string; text: string }[]
}

export interface HealthFault {
  /** Stable: what is wrong with what, as `receiptPrinter.paper-out`, `line.down`, `clock.off`. */
  id: string
  severity: 'fault' | 'warning'
  /** RFC 3339. */
  since: string
  /** What does not work because of it: services of the screen, or `upload`, `everything`. */
  stops: string[]
  /** What to do, codes that page and command have words for, in order. */
  todo: string[]
  facts: Record<string, string>
}

export type Check =
  | { state: 'not-tried' | 'trying' }
  | {
      state: 'good' | 'bad'
      /** RFC 3339. */
      at: string
      lines: { code: string; good: boolean; facts: Record<string, string> }[]
    }

export interface SetAsideEvent {
  epoch: number
  sequence: string
  reason: string
  at: string | null
}

export const HealthAction = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('check'), what: z.enum(['network', 'clock', 'storage', 'all']) }),
  /** What was set aside goes to the hall once more, and sending that has stopped goes on. */
  z.strictObject({ type: z.literal('send-again') }),
])
export type HealthAction = z.infer<typeof HealthAction>
