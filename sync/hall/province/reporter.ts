/**
 * Reports ratings to the province, one loop in each instance of a hall server: takes what waits under a lease, sends
 * it as fast as the province likes, and lets every outcome stand in the store before the next step.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { errorForLog } from '../http/log.ts'
import type { ReportRow } from '../store/province-queue.ts'
import type { Store } from '../store/store.ts'
import type { Sources } from './opened.ts'
import { PACE_TIMING, Pace, type PaceTiming } from './pace.ts'
import type { ProvinceProfile } from './profile-schema.ts'
import {
  type Because,
  type KeyHolder,
  type ProvinceClock,
  type Reported,
  type ReportParts,
  report,
} from './report.ts'
import { type ProvinceSettings, profileOf, readCredentials } from './settings.ts'

export interface ReporterTiming extends PaceTiming {
  /** A row that has failed alone waits for up to so long, doubling… */
  retryFirstMs: number
  /** …up to this. */
  retryMaxMs: number
  /** What other instances have stored, or a dead one has held, is found within so long. */
  pollMs: number
  /** Added to what two requests may take at most, so that nobody else can be sending while we still are. */
  leaseMarginMs: number
}

export const REPORTER_TIMING: ReporterTiming = {
  ...PACE_TIMING,
  retryFirstMs: 1_000,
  retryMaxMs: 5 * 60 * 1000,
  pollMs: 5_000,
  leaseMarginMs: 5_000,
}

/** Smaller differences are the way of the answer. */
const CLOCK_STEP_MS = 2_000

export interface ReporterOptions {
  store: Pick<Store, 'province'>
  settings: ProvinceSettings
  /** Where files that the settings name are looked for. */
  dataDir: string
  sources: Omit<Sources, 'areaCode'>
  clock: () => Date
  logger: Logger
  /** In place of the one that the settings name. */
  profile?: ProvinceProfile
  timing?: Partial<ReporterTiming>
}

export interface ReporterStatus {
  /** `paused`: the province does not answer, is busy, or refuses the hall itself. */
  state: 'reporting' | 'resting' | 'paused'
  /** Why it was last put off; null since something has been reported. */
  problem: Because | null
  lastReportedAt: Date | null
  /** Province − hall. */
  clockOffsetMs: number
}

export interface ProvinceReporter {
  status(): ReporterStatus
  /** Something may be waiting: look now. */
  wake(): void
  /** What is under way is cut off; the store knows that its outcome is open. */
  close(): Promise<void>
}

/** @throws HallError `configuration-invalid`, `no-profile` */
export function startProvinceReporter(options: ReporterOptions): ProvinceReporter {
  const { store, settings, dataDir, clock, logger } = options
  const profile = options.profile ?? profileOf(settings)
  const timing = { ...REPORTER_TIMING, ...options.timing }
  const keys = keyHolder(() => readCredentials(settings, profile, dataDir), logger)
  const provinceClock = provinceClockOver(clock)
  const stop = new AbortController()
  const pace = new Pace(profile.delivery.perSecond, timing)
  const by = randomUUID()
  const leaseMs = 2 * profile.delivery.deadlineSeconds * 1000 + timing.leaseMarginMs
  const failures = new Map<string, number>()
  const running = new Set<Promise<void>>()
  let wanted = Promise.withResolvers<void>()
  let problem: Because | null = null
  let lastReportedAt: Date | null = null

  const parts: ReportParts = {
    queue: store.province,
    profile,
    url: settings.url.replace(/\/$/, ''),
    sources: sourcesOf(options),
    pace,
    keys,
    provinceClock: provinceClock,
    claimer: () => ({ by, at: clock().getTime(), leaseMs }),
    clock,
    stopping: stop.signal,
    retryIn(row) {
      const bound = timing.retryFirstMs * 2 ** Math.min(failures.get(nameOf(row)) ?? 0, 20)
      return Math.random() * Math.min(bound, timing.retryMaxMs)
    },
  }

  const ended = loop()

  async function loop(): Promise<void> {
    while (!stop.signal.aborted) {
      // Before looking: whoever wakes us meanwhile is heard.
      wanted = Promise.withResolvers()
      try {
        const pausedMs = pace.pausedMs()
        if (pausedMs > 0) await rest(pausedMs)
        else if (!(await takeSome())) await rest(await restMs())
      } catch (error) {
        logger.error(errorForLog(error), 'province reports cannot be read')
        await rest(timing.pollMs)
      }
    }
    await Promise.all(running)
  }

  /** false: there is nothing to do now. */
  async function takeSome(): Promise<boolean> {
    const room = (pace.probing ? 1 : profile.delivery.atOnce) - running.size
    if (room <= 0) return false
    const rows = await store.province.claim(parts.claimer(), room)
    for (const row of rows) {
      const one: Promise<void> = reportOne(row).finally(() => {
        running.delete(one)
        wanted.resolve()
      })
      running.add(one)
    }
    return rows.length > 0
  }

  async function reportOne(row: ReportRow): Promise<void> {
    try {
      noteOutcome(row, await report(row, parts))
    } catch (error) {
      logger.error(errorForLog(error), 'province report failed')
      failures.set(nameOf(row), (failures.get(nameOf(row)) ?? 0) + 1)
      pace.failed()
      const notBefore = Math.ceil(clock().getTime() + parts.retryIn(row))
      const postponement = { notBefore, reason: 'fault', firstTriedAt: undefined, serviceMissing: false }
      // With the store gone this fails as well: the lease then ends by itself.
      await store.province.postpone(row, by, postponement).catch(() => undefined)
    }
  }

  function noteOutcome(row: ReportRow, outcome: Reported): void {
    const name = nameOf(row)
    if (outcome.outcome !== 'later') {
      failures.delete(name)
      if (outcome.outcome === 'reported') {
        if (problem !== null) logger.info({ was: problem }, 'province takes reports again')
        problem = null
        lastReportedAt = clock()
      } else if (outcome.outcome !== 'lost') {
        const { deviceId, epoch, sequence } = row
        logger.warn({ deviceId, epoch, sequence, outcome: outcome.outcome }, 'province report needs a person')
      }
      return
    }
    failures.set(name, (failures.get(name) ?? 0) + 1)
    if (outcome.because === 'stopping' || outcome.because === problem) return
    problem = outcome.because
    logger.warn({ because: problem }, 'province report put off')
  }

  async function restMs(): Promise<number> {
    if (running.size > 0) return timing.pollMs
    // What is due already and was not given is another instance's, or behind one of its case.
    const now = clock().getTime()
    const next = await store.province.nextAfter(now)
    return next === null ? timing.pollMs : Math.min(next - now, timing.pollMs)
  }

  /** Until something ends, somebody wakes us, or the time is over. */
  async function rest(ms: number): Promise<void> {
    const cancelled = new AbortController()
    const signal = AbortSignal.any([cancelled.signal, stop.signal])
    const time = sleep(ms, undefined, { signal }).catch(() => undefined)
    await Promise.race([time, wanted.promise])
    cancelled.abort()
  }

  return {
    status() {
      const state = pace.pausedMs() > 0 ? 'paused' : running.size > 0 ? 'reporting' : 'resting'
      return { state, problem, lastReportedAt, clockOffsetMs: provinceClock.offsetMs() }
    },
    wake() {
      wanted.resolve()
    },
    async close() {
      stop.abort()
      wanted.resolve()
      await ended
    },
  }
}

const nameOf = ({ deviceId, epoch, sequence }: ReportRow): string => `${deviceId}/${epoch}/${sequence}`

function keyHolder(read: () => ReturnType<typeof readCredentials>, logger: Logger): KeyHolder {
  let current = read()
  return {
    current: () => current,
    refresh() {
      try {
        const fresh = read()
        const changed = !fresh.equals(current)
        current = fresh
        return changed
      } catch (error) {
        // Half-way through being replaced, or gone: the old ones are as good as none, and it is looked at again.
        logger.error(errorForLog(error), 'keys for the province cannot be read')
        return false
      }
    },
  }
}

function provinceClockOver(clock: () => Date): ProvinceClock & { offsetMs(): number } {
  let offsetMs = 0
  return {
    now: () => new Date(clock().getTime() + offsetMs),
    offsetMs: () => offsetMs,
    learn(serverTime) {
      const learned = serverTime.getTime() - clock().getTime()
      if (Math.abs(learned - offsetMs) < CLOCK_STEP_MS) return false
      offsetMs = learned
      return true
    },
  }
}

function sourcesOf({ sources, settings }: ReporterOptions): Sources {
  return {
    caseSystem: sources.caseSystem,
    areaCode: settings.areaCode ?? null,
    get sealingKeys() {
      return sources.sealingKeys
    },
  }
}
