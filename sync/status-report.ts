/** Tells the hall how this device is: every minute, and whenever something has changed (PROTOCOLS.md §1.4). */
import type { HallClient, HallFault } from './hall-client.ts'
import type { Identity } from './identity.ts'
import type { StatusAnswer, StatusReport } from './protocol/devices.ts'

/** The contract's. */
const REPORT_EVERY_MS = 60_000

/** A contact that chatters is one change, not twenty. */
const CHANGES_TOGETHER_MS = 500

/** Of two instances of a hall one may be older than the other: what one of them has refused is not tried all the time. */
const NOT_UNDERSTOOD_MS = 60 * 60_000

export interface StatusReporter {
  /** Something the report tells has changed. */
  changed(): void
  close(): Promise<void>
}

/**
 * What a hall of an earlier version would refuse is told only once it has said that it knows it; when it then refuses
 * the report as a whole, as after its software was set back, that is forgotten and the rest is told again.
 * @param makeStatus the report as it is at that moment
 * @param onAnswer what the hall has: versions of content and settings
 * @param onTrouble told what must not happen; reporting goes on
 */
export function startStatusReport(options: {
  client: HallClient
  identity: Identity
  makeStatus: () => StatusReport
  onAnswer: (answer: StatusAnswer) => void
  onTrouble?: (error: unknown) => void
  everyMs?: number
}): StatusReporter {
  const { client, identity, makeStatus, onAnswer, onTrouble = () => {}, everyMs = REPORT_EVERY_MS } = options
  let timer: NodeJS.Timeout | null = null
  /** The timer that runs is a short one already: further changes ride along. */
  let soon = false
  let reporting: Promise<void> | null = null
  let closed = false
  let knowsFaults = false
  let notUnderstoodAt = Number.NEGATIVE_INFINITY

  async function report(): Promise<void> {
    try {
      const { faults, ...rest } = makeStatus()
      const told = knowsFaults && faults !== undefined
      const answer = await client.reportStatus(told ? { ...rest, faults } : rest)
      if (closed) return
      if (!answer.ok) {
        if (told && isNotUnderstood(answer)) {
          knowsFaults = false
          notUnderstoodAt = performance.now()
          soon = true
        }
        return
      }
      const { sealingKey, knows = [] } = answer.value
      const knewFaults = knowsFaults
      knowsFaults = knows.includes('faults') && performance.now() - notUnderstoodAt > NOT_UNDERSTOOD_MS
      if (knowsFaults && !knewFaults && faults !== undefined && faults.length > 0) soon = true
      identity.setSealingKey(sealingKey)
      onAnswer(answer.value)
    } catch (error) {
      onTrouble(error)
    }
  }

  function schedule(waitMs: number): void {
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => {
      timer = null
      soon = false
      reporting = report().then(() => {
        reporting = null
        if (!closed) schedule(soon ? CHANGES_TOGETHER_MS : everyMs)
      })
    }, waitMs)
  }

  schedule(0)
  soon = true

  return {
    changed() {
      if (closed || soon) return
      soon = true
      if (reporting === null) schedule(CHANGES_TOGETHER_MS)
    },
    async close() {
      closed = true
      if (timer !== null) clearTimeout(timer)
      await reporting
    },
  }
}

const BAD_REQUEST = 400

function isNotUnderstood(fault: HallFault): boolean {
  return fault.kind === 'problem' && fault.status === BAD_REQUEST
}
