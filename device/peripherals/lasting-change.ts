import type { PeripheralStatus } from '../../drivers/status.ts'

/** A replugged cable or a closed cover is back before this: only what lasts longer is a fact for the hall. */
export const LASTING_MS = 10_000

type Settled = Exclude<PeripheralStatus, { state: 'connecting' }>

/** Tells a status once it has stood for `lastingMs` and differs from the one told before. */
export const lastingChange = (tell: (status: Settled) => void, lastingMs = LASTING_MS) => {
  let told: string | null = null
  let timer: NodeJS.Timeout | undefined
  return {
    see(status: PeripheralStatus): void {
      clearTimeout(timer)
      if (status.state === 'connecting' || conditionOf(status) === told) return
      timer = setTimeout(() => {
        told = conditionOf(status)
        tell(status)
      }, lastingMs)
    },
    stop(): void {
      clearTimeout(timer)
    },
  }
}

/** What makes two statuses the same for the hall: neither since when, nor a technician's detail. */
const conditionOf = (status: Settled): string =>
  status.state === 'ready' ? `ready ${status.warnings.join()}` : `fault ${status.reason}`
