import { Listeners, warnOfDefect } from './listeners.ts'
import type { Counters, FaultReason, Peripheral, PeripheralStatus, Warning } from './status.ts'
import { monotonicMs, sleep, timestamp } from './time.ts'
import type { Closed, Opened } from './transport/connection.ts'
import { watchPort } from './transport/hotplug.ts'

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
  /** The driver counts frames, discarded bytes and answers that did not come in time; the rest is counted here. */
  readonly counters: Counters
  ready(warnings?: Warning[]): void
  /** Out of work although the line is up, as without paper. */
  fault(reason: FaultReason, detail: string): void
}

export interface Charge<L extends Link> {
  port: string
  /** Reason of the status when opening fails and gives no reason of its own. */
  closedReason?: FaultReason
  open(signal: AbortSignal): Promise<Opened<L>>
  /** Works the link until it is gone or useless. It should not throw; if it does, the link is reopened. */
  attend(link: L, attendance: Attendance): Promise<Ending>
}

/** A replugged cable is back within a second: look often first. */
const FIRST_BACKOFF_MS = 200
const QUICK_BACKOFF_MS = 1000
/** A cable that was knocked out is put back within half a minute. */
const QUICK_PHASE_MS = 30_000
/** A peripheral that stays away is switched off or missing: look seldom, for its port may be slow to fail. */
const SLOW_BACKOFF_MS = 10_000
/**
 * A line that lasted less long is no new start: a device server that takes two programs in turn, or one that
 * crashes when it is asked, would otherwise come and go five times a second, for ever. A technician who looks for a
 * bad cable leaves it in for longer between two pulls.
 */
const STEADY_MS = 1000
/** Every wait of a driver ends with its signal; one that has not come back by then never will. */
const DRIVER_END_DEADLINE_MS = 1000

const DEFECT: Ending = { reason: 'line-lost', detail: 'a defect of the driver; it was started again' }

/** The wait after `previousMs`, so long after the peripheral was lost. Pure. */
export function nextBackoffMs(previousMs: number, sinceLossMs: number): number {
  if (previousMs === 0) return FIRST_BACKOFF_MS
  return Math.min(previousMs * 2, sinceLossMs < QUICK_PHASE_MS ? QUICK_BACKOFF_MS : SLOW_BACKOFF_MS)
}

/**
 * Opens, watches and reopens one peripheral until it is closed: after a pause that grows while it stays away, or
 * at once when something was plugged in where its port points. Returns at once and never throws. Once it is being
 * closed its status is `connecting` for good, which is told to nobody: whoever still asks is not to use it.
 */
export function supervise<L extends Link>(charge: Charge<L>): Peripheral {
  const closing = new AbortController()
  const listeners = new Listeners<PeripheralStatus>()
  const counters: Counters = { frames: 0, discardedBytes: 0, deadlineAborts: 0, reopens: 0 }
  let status: PeripheralStatus = { state: 'connecting', since: timestamp() }

  const change = (next: PeripheralStatus): void => {
    if (closing.signal.aborted || sameCondition(status, next)) return
    // The same trouble told in other words began when it began.
    status = sameReason(status, next) ? { ...next, since: status.since } : next
    listeners.emit(status)
  }
  const fault = (reason: FaultReason, detail: string): void =>
    change({ state: 'fault', since: timestamp(), reason, detail })

  /** Gives how long the line was known to be up. */
  const attend = async (link: L): Promise<number> => {
    const gone = new AbortController()
    let upSince: number | undefined
    void link.closed.then(({ cause }) => {
      if (cause === 'write-deadline') counters.deadlineAborts += 1
      gone.abort()
    })
    const signal = AbortSignal.any([gone.signal, closing.signal])
    // A step that was under way while the cable was pulled must not say how things are now.
    const attendance: Attendance = {
      signal,
      counters,
      ready: (warnings = []) => {
        if (signal.aborted) return
        upSince ??= monotonicMs()
        change({ state: 'ready', since: timestamp(), warnings })
      },
      fault: (reason, detail) => {
        if (signal.aborted) return
        upSince ??= monotonicMs()
        fault(reason, detail)
      },
    }
    // Told before the link is closed, which may take its time.
    const { reason, detail } = await attended(charge, link, attendance)
    fault(reason, detail)
    const upMs = upSince === undefined ? 0 : monotonicMs() - upSince
    await link.close()
    return upMs
  }

  const run = async (): Promise<void> => {
    const hotplug = new Hotplug(charge.port)
    closing.signal.addEventListener('abort', () => hotplug.stop(), { once: true })
    let lostAt = monotonicMs()
    let backoff = 0
    let everOpened = false
    while (!closing.signal.aborted) {
      hotplug.forget()
      const opened = await open(charge, closing.signal)
      if (opened.ok) {
        if (everOpened) counters.reopens += 1
        everOpened = true
        const upMs = await attend(opened.link)
        // What came and went while the line was up is no news.
        hotplug.forget()
        if (upMs >= STEADY_MS) {
          lostAt = monotonicMs()
          backoff = 0
        }
      } else {
        fault(opened.reason ?? charge.closedReason ?? 'cannot-open', opened.detail)
      }
      backoff = nextBackoffMs(backoff, monotonicMs() - lostAt)
      await sleep(backoff, AbortSignal.any([closing.signal, hotplug.happened]))
      if (hotplug.happened.aborted) {
        lostAt = monotonicMs()
        backoff = 0
      }
    }
  }
  const running = run()

  return {
    port: charge.port,
    status: () => status,
    counters: () => ({ ...counters }),
    onStatus: (listener) => listeners.add(listener),
    close: async () => {
      if (!closing.signal.aborted) status = { state: 'connecting', since: timestamp() }
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

/** Remembers a hotplug from one attempt to the next, so that one during an attempt is not missed. */
class Hotplug {
  #unwatch: () => void
  #controller = new AbortController()

  constructor(port: string) {
    this.#unwatch = watchPort(port, () => this.#controller.abort())
  }

  /** Aborted at the next hotplug. */
  get happened(): AbortSignal {
    return this.#controller.signal
  }

  forget(): void {
    if (this.happened.aborted) this.#controller = new AbortController()
  }

  stop(): void {
    this.#unwatch()
  }
}

/** Lets the driver work until it comes back; one that throws, or that outlives its link, ends with a defect. */
async function attended<L extends Link>(charge: Charge<L>, link: L, attendance: Attendance): Promise<Ending> {
  const back = new AbortController()
  try {
    const attending = charge.attend(link, attendance)
    const ending = await Promise.race([attending, overdue(attendance.signal, back.signal)])
    if (ending !== undefined) return ending
    warnOfDefect(`the driver at ${charge.port} outlived its line`, new Error())
  } catch (error) {
    warnOfDefect(`the driver at ${charge.port} threw`, error)
  } finally {
    back.abort()
  }
  return DEFECT
}

/** Resolves when a driver whose link is gone should long have come back. */
async function overdue(gone: AbortSignal, back: AbortSignal): Promise<undefined> {
  if (!gone.aborted) {
    await new Promise((resolve) => gone.addEventListener('abort', resolve, { once: true }))
  }
  await sleep(DRIVER_END_DEADLINE_MS, back)
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

function sameReason(one: PeripheralStatus, other: PeripheralStatus): boolean {
  return one.state === 'fault' && other.state === 'fault' && one.reason === other.reason
}

function sameCondition(one: PeripheralStatus, other: PeripheralStatus): boolean {
  if (one.state === 'ready' && other.state === 'ready') return one.warnings.join() === other.warnings.join()
  if (one.state === 'fault' && other.state === 'fault') {
    return one.reason === other.reason && one.detail === other.detail
  }
  return one.state === other.state
}
