/** All of a device that faces its hall: enrolment, the uplink, the open line, the status, the content. */
import { createBackoff, LINE_BACKOFF_FIRST_MS, LINE_BACKOFF_MAX_MS } from '../sync/backoff.ts'
import { type Downlink, openDownlink } from '../sync/downlink.ts'
import { type EventLine, startEventLine } from '../sync/event-line.ts'
import type { HallClient, HallFault } from '../sync/hall-client.ts'
import type { Identity } from '../sync/identity.ts'
import type { Outbox } from '../sync/outbox.ts'
import type { StatusReport } from '../sync/protocol/devices.ts'
import type { SigningKey } from '../sync/protocol/keys.ts'
import type { SettingsFromAfar } from '../sync/settings-from-afar.ts'
import type { Db } from '../sync/sqlite.ts'
import { type StatusReporter, startStatusReport } from '../sync/status-report.ts'
import { startUplink, type Uplink } from '../sync/uplink.ts'
import type { Configuration } from './configuration.ts'
import { createHallNotes } from './health/hall-notes.ts'
import type { HallView } from './health/snapshot.ts'
import { describeTrouble, type Logger } from './log.ts'
import type { HallQuestions } from './rating/hall-questions.ts'
import { SOFTWARE } from './software.ts'

/** A refused code gets no better by asking; the hall takes 5 tries a minute. */
const REFUSED_RETRY_MS = 60_000
/** Enrolled by the hall and not written down here, on a full disk: the same answer comes 5 times a minute at most. */
const UNWRITTEN_BACKOFF_FIRST_MS = 4_000
const UNWRITTEN_BACKOFF_MAX_MS = REFUSED_RETRY_MS
/** Content that could not be fetched is tried again, besides at every word of the hall. */
const CONTENT_RETRY_MS = 30_000

export interface HallSideOptions {
  configuration: Configuration
  identity: Identity
  client: HallClient
  outbox: Outbox
  db: Db
  settings: SettingsFromAfar
  /** Of a pad: what the hall's line brings it to ask. */
  questions?: HallQuestions | null
  makeStatus: () => StatusReport
  /** Enrolment, line, content or backlog is another than before. */
  onChange: () => void
  /** Told the key that the hall signs its files for technicians with, whenever the hall tells it. */
  onTechnicianKey?: (key: SigningKey) => void
  /** The chain has begun, or goes on after a start. */
  onEnrolled: () => void
  onTrouble: (error: unknown) => void
  logger: Logger
  /** For the jitter of enrolment, from 0 up to 1. */
  random?: () => number
  contentRetryMs?: number
}

export interface HallSide {
  readonly content: Downlink
  online(): boolean
  /** How it stands with the hall, for this device's health. */
  view(): HallView
  /** Something that the status tells has changed. */
  statusChanged(): void
  /** Goes on sending after a stop that somebody has seen to, or now that something is to be sent again. */
  resume(): void
  close(): Promise<void>
}

interface Connected {
  uplink: Uplink
  eventLine: EventLine
  status: StatusReporter
}

export const startHallSide = (options: HallSideOptions): HallSide => {
  const { configuration, identity, client, outbox, logger, onChange, onTrouble } = options
  const { random = Math.random, contentRetryMs = CONTENT_RETRY_MS, questions = null } = options
  const content = openDownlink({ db: options.db, client })
  const closing = new AbortController()
  const notes = createHallNotes()
  let connected: Connected | null = null
  let contentRetry: NodeJS.Timeout | undefined
  let settingsRetry: NodeJS.Timeout | undefined

  const refreshContent = (): void => {
    clearTimeout(contentRetry)
    content.refresh().then(
      (result) => {
        if (result.ok || closing.signal.aborted) return
        logger.warn({ code: result.code, detail: result.detail }, 'the content of the hall was not taken')
        refreshLater()
      },
      (error: unknown) => {
        // At the end the store is closed under whatever is still being fetched; it is fetched at the next start.
        if (closing.signal.aborted) return
        onTrouble(error)
        refreshLater()
      },
    )
  }
  const refreshLater = (): void => {
    clearTimeout(contentRetry)
    contentRetry = setTimeout(refreshContent, contentRetryMs)
  }

  const refreshSettings = (): void => {
    clearTimeout(settingsRetry)
    const later = (): void => {
      clearTimeout(settingsRetry)
      settingsRetry = setTimeout(refreshSettings, contentRetryMs)
    }
    options.settings.refresh().then(
      (result) => {
        if (closing.signal.aborted) return
        if (!result.ok) {
          logger.warn({ detail: result.detail }, 'the settings of the hall were not taken')
          later()
        } else if (result.ignored.length > 0)
          logger.warn({ names: result.ignored }, 'the hall sets what may not be set here; it was left alone')
      },
      (error: unknown) => {
        if (closing.signal.aborted) return
        onTrouble(error)
        later()
      },
    )
  }

  const connect = (deviceId: string): void => {
    options.onEnrolled()
    const uplink = startUplink({ outbox, line: client, onTrouble })
    const eventLine = startEventLine({ line: client, deviceId, uplink, onTrouble })
    const status = startStatusReport({
      client,
      identity,
      makeStatus: options.makeStatus,
      onAnswer: (answer) => {
        notes.answered(answer)
        if (answer.content !== (content.content()?.version ?? null)) refreshContent()
        if (answer.settings !== options.settings.version()) refreshSettings()
        if (answer.technicianKey !== undefined) options.onTechnicianKey?.(answer.technicianKey)
        for (const alarm of answer.alarms ?? [])
          logger.error(
            { alarm },
            'the hall sees another sender under this identity: revoke it and enrol again',
          )
      },
      onTrouble,
    })
    uplink.onChange(({ alarm, reason }) => {
      if (alarm) logger.error({ reason }, 'the hall does not take the records; a technician is needed')
      onChange()
    })
    eventLine.onChange(({ line, reason }) => {
      logger.info({ line, reason }, 'the line to the hall')
      notes.lineTurned()
      status.changed()
      if (line === 'up') questions?.lineReturned()
      onChange()
    })
    if (questions !== null) {
      eventLine.onEvaluation(questions.offered)
      eventLine.onEvaluationCancelled(questions.cancelled)
    }
    eventLine.on('content', (version) => {
      if (version !== (content.content()?.version ?? null)) refreshContent()
    })
    eventLine.on('settings', (version) => {
      if (version !== options.settings.version()) refreshSettings()
    })
    connected = { uplink, eventLine, status }
    onChange()
  }

  content.onChange(onChange)
  options.settings.onSettings(onChange)
  if (identity.deviceId !== null) connect(identity.deviceId)
  else {
    const { signal } = closing
    const { notEnrolled } = notes
    enrol({ configuration, client, logger, onTrouble, random, signal, connect, notEnrolled }).catch(onTrouble)
  }

  return {
    content,
    online: () => connected?.eventLine.status().line === 'up',
    view: () =>
      notes.view({
        enrolled: identity.deviceId !== null,
        hasCode: configuration.hall.enrolmentCode !== null,
        line: connected?.eventLine.status() ?? { line: 'down', reason: null },
        uplink: connected?.uplink.status() ?? null,
        contentVersion: content.content()?.version ?? null,
        lastRefresh: content.lastRefresh(),
      }),
    statusChanged: () => connected?.status.changed(),
    resume() {
      connected?.uplink.resume()
      connected?.uplink.wake()
    },
    async close() {
      closing.abort()
      clearTimeout(contentRetry)
      clearTimeout(settingsRetry)
      if (connected === null) return
      const { uplink, eventLine, status } = connected
      await Promise.all([uplink.close(), eventLine.close(), status.close(), questions?.close()])
    },
  }
}

interface EnrolOptions {
  configuration: Configuration
  client: HallClient
  logger: Logger
  onTrouble: (error: unknown) => void
  random: () => number
  signal: AbortSignal
  connect: (deviceId: string) => void
  notEnrolled: (reason: string | null) => void
}

/** Asks until the hall takes this device in and it is connected; ends at once when there is no code to ask with. */
const enrol = async (options: EnrolOptions): Promise<void> => {
  const { configuration, client, logger, onTrouble, random, signal, connect } = options
  const { enrolmentCode } = configuration.hall
  if (enrolmentCode === null) {
    logger.warn('this device is not enrolled: put the code of "window24 hall enrol" into its configuration')
    return
  }
  const lineBackoff = createBackoff(LINE_BACKOFF_FIRST_MS, LINE_BACKOFF_MAX_MS, random)
  const unwrittenBackoff = createBackoff(UNWRITTEN_BACKOFF_FIRST_MS, UNWRITTEN_BACKOFF_MAX_MS, random)
  const { role, device } = configuration
  const request = { enrolmentCode, role, name: device.name, window: device.window, software: SOFTWARE }
  const ask = async (): Promise<{ waitMs: number } | null> => {
    const result = await client.enrol(request)
    if (signal.aborted) return null
    if (result.ok) {
      connect(result.value.deviceId)
      return null
    }
    logger.warn({ reason: reasonOf(result) }, 'the hall has not enrolled this device')
    options.notEnrolled(result.kind === 'problem' ? result.problem.code : null)
    if (result.kind === 'no-answer') return { waitMs: lineBackoff.next() }
    return { waitMs: result.retryAfterMs ?? REFUSED_RETRY_MS }
  }
  while (!signal.aborted) {
    const again = await ask().catch((error: unknown) => {
      onTrouble(error)
      return { waitMs: unwrittenBackoff.next() }
    })
    if (again === null) return
    await pause(again.waitMs, signal)
  }
}

const reasonOf = (fault: HallFault): string => {
  if (fault.kind === 'problem') return fault.problem.code
  return fault.kind === 'no-answer' ? fault.reason : `strange answer ${fault.status}`
}

const pause = (ms: number, signal: AbortSignal): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  signal.addEventListener('abort', () => resolve(), { once: true })
  return promise.finally(() => clearTimeout(timer))
}

/** How a defect anywhere in the house is told. */
export const troubleTo =
  (logger: Logger) =>
  (error: unknown): void => {
    logger.error(describeTrouble(error), 'something went wrong that should not')
  }
