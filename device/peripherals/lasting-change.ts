import type { PeripheralStatus } from '../../drivers/status.ts'
import { monotonicMs } from '../../drivers/time.ts'

/** A replugged cable or a closed cover is back before this: only what lasts longer is a fact for the hall. */
export const LASTING_MS = 10_000

type Settled = Exclude<PeripheralStatus, { state: 'connecting' }>

/**
 * Tells a status once its condition has stood for `lastingMs` and differs from the one told before. The time in
 * fault adds up until it has been ready for `lastingMs` on end: a line that comes and goes, or that is out of work
 * for one reason after another, becomes a fact, too.
 */
export const lastingChange = (tell: (status: Settled) => void, lastingMs = LASTING_MS) => {
  let told: Settled | null = null
  let current: Settled | null = null
  let since = 0
  let faultMs = 0
  let timer: NodeJS.Timeout | undefined

  const settle = (): void => {
    if (current?.state === 'ready') faultMs = 0
    if (current === null || isSame(current, told)) return
    told = current
    tell(current)
  }

  return {
    see(status: PeripheralStatus): void {
      const before = current
      current = status.state === 'connecting' ? null : status
      if (isSame(before, current)) return
      clearTimeout(timer)
      const now = monotonicMs()
      if (before?.state === 'fault') faultMs += now - since
      since = now
      if (current === null) return
      // Once the hall knows of a fault, another reason has to last by itself.
      const added = current.state === 'fault' && told?.state !== 'fault' ? faultMs : 0
      timer = setTimeout(settle, Math.max(0, lastingMs - added))
    },
    stop(): void {
      clearTimeout(timer)
    },
  }
}

const isSame = (one: Settled | null, other: Settled | null): boolean =>
  conditionOf(one) === conditionOf(other)

/** What makes two statuses the same for the hall: neither since when, nor a technician's detail. */
const conditionOf = (status: Settled | null): string => {
  if (status === null) return ''
  return status.state === 'ready' ? `ready ${status.warnings.join()}` : `fault ${status.reason}`
}
