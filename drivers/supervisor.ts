import { Listeners, warnOfDefect } from './listeners.ts'
import type { Counters, FaultReason, Peripheral, PeripheralStatus, Warning } from './status.ts'
import { monotonicMs, sleep, timestamp } from './time.ts'
import type { Closed, Opened } from './transport/connection.ts'

/** What is supervised: a connection, or anything else that is opened once and can go. */
export interface Link {
  readonly closed: Promise<Closed>
  close(): Promise<void>
}

/** Why a driver gave its link up. */
export interface Ending {
  reason: FaultReason
  detail: string
}

/** What a driver may do while its link lives. */
export interface Attendance {
  /** Aborted when the link is gone or the peripheral is being closed: every wait of a driver ends with it. */
  readonly signal: AbortSignal
  readonly counters: Counters
  ready(warnings?: Warning[]): void
  /** Out of work although the line is up, as without paper. */
  fault(reason: FaultReason, detail: string): void
}

export interface Charge<L extends Link> {
  port: string
  /** Reason of the status when opening fails. */
  closedReason?: FaultReason
  open(signal: AbortSignal): Promise<Opened<L>>
  /** Works the link until it is gone or useless. It should not throw; if it does, the link is reopened. */
  attend(link: L, attendance: Attendance): Promise<Ending>
}

/** A replugged cable is back within a second: look often first. */
const FIRST_BACKOFF_MS = 200
const QUICK_BACKOFF_MS = 1000
const QUICK_PHASE_MS = 30_000
/** A peripheral that stays away is switched off or missing: look seldom, for its port may be slow to fail. */
const SLOW_BACKOFF_MS = 10_000

/** The wait after `previousMs`, so long after the peripheral was lost. Pure. */
export function nextBackoffMs(previousMs: number, sinceLossMs: number): number {
  if (previousMs === 0) return FIRST_BACKOFF_MS
  return Math.min(previousMs * 2, sinceLossMs < QUICK_PHASE_MS ? QUICK_BACKOFF_MS : SLOW_BACKOFF_MS)
}

/** Opens, watches and reopens one peripheral until it is closed. Returns at once and never throws. */
export function supervise<L extends Link>(charge: Charge<L>): Peripheral {
  const closing = new AbortController()
  const listeners = new Listeners<PeripheralStatus>()
  const counters: Counters = { frames: 0, discardedBytes: 0, deadlineAborts: 0, reopens: 0 }
  let status: PeripheralStatus = { state: 'connecting', since: timestamp() }

  const change = (next: PeripheralStatus): void => {
    if (closing.signal.aborted || sameCondition(status, next)) return
    status = next
    listeners.emit(next)
  }
  const fault = (reason: FaultReason, detail: string): void =>
    change({ state: 'fault', since: timestamp(), reason, detail })

  const attend = async (link: L): Promise<{ ending: Ending; worked: boolean }> => {
    const gone = new AbortController()
    let worked = false
    void link.closed.then(() => gone.abort())
    const signal = AbortSignal.any([gone.signal, closing.signal])
    const ready = (warnings: Warning[] = []): void => {
      // A step that was under way while the cable was pulled must not say that all is well.
      if (signal.aborted) return
      worked = true
      change({ state: 'ready', since: timestamp(), warnings })
    }
    try {
      return { ending: await charge.attend(link, { signal, counters, ready, fault }), worked }
    } catch (error) {
      warnOfDefect(`the driver at ${charge.port} threw`, error)
      return {
        ending: { reason: 'line-lost', detail: 'a defect of the driver; it was started again' },
        worked,
      }
    } finally {
      await link.close()
    }
  }

  const run = async (): Promise<void> => {
    let lostAt = monotonicMs()
    let backoff = 0
    let everOpened = false
    while (!closing.signal.aborted) {
      const opened = await open(charge, closing.signal)
      if (opened.ok) {
        if (everOpened) counters.reopens += 1
        everOpened = true
        const { ending, worked } = await attend(opened.link)
        fault(ending.reason, ending.detail)
        if (worked) {
          lostAt = monotonicMs()
          backoff = 0
        }
      } else {
        fault(charge.closedReason ?? 'cannot-open', opened.detail)
      }
      backoff = nextBackoffMs(backoff, monotonicMs() - lostAt)
      await sleep(backoff, closing.signal)
    }
  }
  const running = run()

  return {
    port: charge.port,
    status: () => status,
    counters: () => ({ ...counters }),
    onStatus: (listener) => listeners.add(listener),
    close: async () => {
      closing.abort()
      await running
      listeners.clear()
    },
  }
}

/** The ending of a driver whose link is gone, with the link's own story. */
export async function lineLost(link: Link, signal: AbortSignal): Promise<Ending> {
  // When this side is closing, the link still lives and nobody reads the detail any more.
  const here = Promise.resolve({ detail: 'closed by this program' })
  const { detail } = await (signal.aborted ? Promise.race([link.closed, here]) : link.closed)
  return { reason: 'line-lost', detail }
}

async function open<L extends Link>(charge: Charge<L>, signal: AbortSignal): Promise<Opened<L>> {
  try {
    return await charge.open(signal)
  } catch (error) {
    // Opening gives values; only a native module that cannot be loaded at all ends up here.
    warnOfDefect(`opening ${charge.port} threw`, error)
    return { ok: false, detail: `port ${charge.port}: it could not be opened` }
  }
}

function sameCondition(one: PeripheralStatus, other: PeripheralStatus): boolean {
  if (one.state === 'ready' && other.state === 'ready') return one.warnings.join() === other.warnings.join()
  if (one.state === 'fault' && other.state === 'fault') {
    return one.reason === other.reason && one.detail === other.detail
  }
  return one.state === other.state
}
