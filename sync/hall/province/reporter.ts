/**
 * Reports ratings to the province, one loop in each instance of a hall server: takes what waits under a lease, sends
 * it as fast as the province likes, and lets every outcome stand in the store before the next step.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { FACTS_TIMEOUT_MS } from '../case-system/contract.ts'
import { errorForLog } from '../http/log.ts'
import { type Claimer, type ReportRow, reportName } from '../store/province-queue.ts'
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
  /** Added to what one row may take at most: pauses of the process, clocks of several instances. */
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
  const perSecond = profile.delivery.perSecond / (settings.instances ?? 1)
  const pace = new Pace(perSecond, timing)
  const factsMs = options.sources.caseSystem === null ? 0 : FACTS_TIMEOUT_MS
  const leaseMs = factsMs + answersMs(profile.delivery, perSecond) + timing.leaseMarginMs
  const failures = new Map<string, number>()
  /** By row: the claim that it runs under. */
  const running = new Map<string, { by: string; ended: Promise<void> }>()
  let wanted = Promise.withResolvers<void>()
  let problem: Because | null = null
  let lastReportedAt: Date | null = null

  const claimer = (by: string): Claimer => ({ by, at: clock().getTime(), leaseMs })
  const parts: Omit<ReportParts, 'claimer'> = {
    queue: store.province,
    profile,
    url: settings.url.replace(/\/$/, ''),
    sources: sourcesOf(options),
    pace,
    keys,
    provinceClock: provinceClock,
    clock,
    stopping: stop.signal,
    retryIn(row) {
      const bound = timing.retryFirstMs * 2 ** Math.min(failures.get(reportName(row)) ?? 0, 20)
      return Math.random() * Math.min(bound, timing.retryMaxMs)
    },
  }

  const ended = loop()

  async function loop(): Promise<void> {
    while (!stop.signal.aborted) {
      // Before looking: whoever wakes us meanwhile is heard.
      wanted = Promise.withResolvers()
      try {
        pace.pause(await store.province.restMs(clock().getTime()))
        const pausedMs = pace.pausedMs()
        if (pausedMs > 0) await rest(pausedMs)
        else if (!(await takeSome())) await rest(await restMs())
      } catch (error) {
        logger.error(errorForLog(error), 'province reports cannot be read')
        await rest(timing.pollMs)
      }
    }
    await Promise.all([...running.values()].map(({ ended }) => ended))
  }

  /** false: there is nothing to do now. */
  async function takeSome(): Promise<boolean> {
    const room = (pace.probing ? 1 : profile.delivery.atOnce) - running.size
    if (room <= 0) return false
    const by = randomUUID()
    const rows = pace.probing
      ? await store.province.claimProbe(claimer(by))
      : await store.province.claim(claimer(by), room)
    for (const row of rows) {
      const name = reportName(row)
      const underWay = running.get(name)
      // Our own lease has run out by a clock that was put forward: that it is ours is only said once more.
      if (underWay !== undefined) underWay.by = by
      else begin(row, name, by)
    }
    return rows.length > 0
  }

  function begin(row: ReportRow, name: string, by: string): void {
    const one = { by, ended: Promise.resolve() }
    running.set(name, one)
    one.ended = reportOne(row, one).finally(() => {
      running.delete(name)
      wanted.resolve()
    })
  }

  async function reportOne(row: ReportRow, claim: { by: string }): Promise<void> {
    try {
      noteOutcome(row, await report(row, { ...parts, claimer: () => claimer(claim.by) }))
    } catch (error) {
      logger.error(errorForLog(error), 'province report failed')
      // The province has no part in it.
      failures.set(reportName(row), (failures.get(reportName(row)) ?? 0) + 1)
      const notBefore = Math.ceil(clock().getTime() + parts.retryIn(row))
      const postponement = { notBefore, reason: 'fault', firstTriedAt: undefined, serviceMissing: false }
      // With the store gone this fails as well: the lease then ends by itself.
      await store.province.postpone(row, claim.by, postponement).catch(() => undefined)
    }
  }

  function noteOutcome(row: ReportRow, outcome: Reported): void {
    const name = reportName(row)
    if (outcome.outcome !== 'later') {
      failures.delete(name)
      if (outcome.outcome === 'reported') {
        if (problem !== null) logger.info({ was: problem }, 'province takes reports again')
        problem = null
        lastReportedAt = clock()
        // A log that named those that wait for a reason would name who was rated badly; the hall's page has them.
      } else if (outcome.outcome !== 'lost' && outcome.outcome !== 'reason-pending') {
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

/** Two answers, each in its turn behind all others: nobody else is to send what still is on its way. */
function answersMs({ atOnce, deadlineSeconds }: ProvinceProfile['delivery'], perSecond: number): number {
  return Math.ceil((2 * atOnce * 1000) / perSecond) + 2 * deadlineSeconds * 1000
}

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
