/** Sends what the outbox holds: at once, in order, one batch at a time, for as long as it takes (§1.3). */
import { setImmediate as letThrough, setTimeout as sleep } from 'node:timers/promises'
import {
  BUSY_BACKOFF_FIRST_MS,
  BUSY_BACKOFF_MAX_MS,
  createBackoff,
  LINE_BACKOFF_FIRST_MS,
  LINE_BACKOFF_MAX_MS,
  RETRY_AFTER_JITTER_MS,
} from './backoff.ts'
import { learnTime } from './hall-client.ts'
import type { HallLine } from './hall-request.ts'
import type { Outbox, OutgoingBatch } from './outbox.ts'
import { BATCH_PATH, MAX_BATCH_EVENTS } from './protocol/batch.ts'
import { formatInstant, parseSequence } from './protocol/identifiers.ts'
import { isPlain, makeFollowing, makeReady, type ReadyBatch } from './uplink-ready.ts'
import {
  divideRejected,
  judgeAnswer,
  type StopReason,
  type UplinkStatus,
  type Verdict,
  type WaitReason,
} from './uplink-verdict.ts'

/** 1 MiB over a line of 300 kbit/s. */
const SEND_TIMEOUT_MS = 30_000

/**
 * While the line is down a try is small and short, so that its return is noticed at once. Small batches of a line
 * that stands are given no longer: a cut that swallows everything must not keep a fact from the hall for over 5 s.
 */
const PROBE_EVENTS = 8
const PROBE_TIMEOUT_MS = 4_000

/** Strange answers may be a proxy being set up; after this somebody has to look. */
const STRANGE_ALARM_MS = 10 * 60_000

/** So many in a row are no odd event any more: this hall and this device do not understand each other. */
const SET_ASIDE_STOP = 3

export type { UplinkStatus }

export interface Uplink {
  status(): UplinkStatus
  /** Called at each change of status; returns how to stop listening. */
  onChange(listener: (status: UplinkStatus) => void): () => void
  /** There may be something to send. Appending wakes by itself. */
  wake(): void
  /** The event line is back: whatever hung on the old line is given up and sent again at once. */
  lineReturned(): void
  lineLost(): void
  /** After somebody has seen to it that it stopped. */
  resume(): void
  /** Ends within moments; what was under way is sent again at the next start. */
  close(): Promise<void>
}

/**
 * @param monotonic milliseconds that never go back
 * @param random for the jitter, from 0 up to 1
 * @param onTrouble told what must not happen: the uplink then waits as for a busy hall and goes on
 */
export function startUplink(options: {
  outbox: Outbox
  line: HallLine
  clock?: () => Date
  random?: () => number
  monotonic?: () => number
  onTrouble?: (error: unknown) => void
}): Uplink {
  const { outbox, line, clock = () => new Date(), random = Math.random, onTrouble = () => {} } = options
  const monotonic = options.monotonic ?? (() => performance.now())
  const lineBackoff = createBackoff(LINE_BACKOFF_FIRST_MS, LINE_BACKOFF_MAX_MS, random)
  const busyBackoff = createBackoff(BUSY_BACKOFF_FIRST_MS, BUSY_BACKOFF_MAX_MS, random)
  const listeners = new Set<(status: UplinkStatus) => void>()
  const now = { line: 'up', state: 'idle', reason: null, alarm: false } as Omit<
    UplinkStatus,
    'backlog' | 'lastStoredAt'
  >
  let lastStoredAt: string | null = null
  let closed = false
  let maxEvents = MAX_BATCH_EVENTS
  let setAsideInRow = 0
  let strangeSince: number | null = null
  /** Asked for again by the hall in this stretch of line: once each, so that no answer can make us run in a ring. */
  const sentAgain = new Set<string>()
  /** Once until there is an answer: a line that comes and goes must not keep a batch from ever being answered. */
  let gaveUp = false
  let sending: AbortController | null = null
  let waiting: { end: AbortController; forLine: boolean } | null = null
  let idle = Promise.withResolvers<void>()

  const status = (): UplinkStatus => ({ ...now, backlog: outbox.backlog().count, lastStoredAt })
  const change = (next: Partial<typeof now>): void => {
    Object.assign(now, next)
    if (closed || listeners.size === 0) return
    const told = status()
    for (const listener of listeners) listener(told)
  }

  async function run(): Promise<void> {
    while (!closed) {
      const startedAt = monotonic()
      const waitMs = await step()
      // The time that a try took counts: a line that swallows everything is still tried every few seconds.
      if (!closed) await pause(waitMs - (now.line === 'down' ? monotonic() - startedAt : 0))
    }
  }

  /** What there is to send, or the wait for there to be something; gives how long to wait before the next. */
  async function step(): Promise<number> {
    try {
      const limit = now.line === 'up' && !gaveUp ? maxEvents : Math.min(maxEvents, PROBE_EVENTS)
      const ready = now.state === 'stopped' ? null : makeReady(outbox, { maxEvents: limit })
      if (ready !== null) {
        change({ state: 'sending' })
        return await deliver(ready)
      }
      if (now.state !== 'stopped') change({ state: 'idle', reason: null })
      await idle.promise
      idle = Promise.withResolvers<void>()
      return 0
    } catch (error) {
      if (closed) return 0
      onTrouble(error)
      return wait('hall-busy', null)
    }
  }

  /**
   * One batch, and those behind it for as long as the answers are plain: one is on its way while what the last answer
   * means is written down here and the next is made ready.
   */
  async function deliver(first: ReadyBatch): Promise<number> {
    let ready = first
    let settle = (): void => {}
    while (!closed) {
      const { batch } = ready
      const answered = send(ready)
      // A defect in there is met below, when its turn comes.
      answered.catch(() => {})
      const following = await meanwhile(settle, batch, answered)
      const verdict = await answered
      if (following === null || !isPlain(batch, verdict)) return heed(batch, verdict)
      settle = () => void heed(batch, verdict)
      ready = following
    }
    return 0
  }

  /**
   * What is done while a batch is on its way, each part once the line has had its turn: the request has to leave first.
   * Its own trouble must not leave a request behind that nobody waits for.
   */
  async function meanwhile(settle: () => void, batch: OutgoingBatch, answered: Promise<Verdict>) {
    try {
      await letThrough()
      settle()
      await letThrough()
      return makeFollowing(outbox, batch)
    } catch (error) {
      await answered
      throw error
    }
  }

  async function send({ batch, encoded }: ReadyBatch): Promise<Verdict> {
    if (closed) return { verdict: 'cancelled' }
    const timeoutMs = batch.texts.length > PROBE_EVENTS ? SEND_TIMEOUT_MS : PROBE_TIMEOUT_MS
    sending = new AbortController()
    const sentAt = line.clock.monotonic()
    const { signal } = sending
    const answer = await line.request({ method: 'POST', path: BATCH_PATH, timeoutMs, signal, ...encoded })
    sending = null
    const verdict = judgeAnswer(batch, answer)
    if (verdict.verdict !== 'cancelled') gaveUp = false
    if (verdict.verdict === 'stored') learnTime(line.clock, verdict.answer, sentAt)
    return verdict
  }

  function heed(batch: OutgoingBatch, verdict: Verdict): number {
    if (closed) return 0
    switch (verdict.verdict) {
      case 'stored':
        return heedStored(batch, verdict)
      case 'cancelled':
        return 0
      case 'wait':
        return wait(verdict.reason, verdict.retryAfterMs)
      case 'stop':
        return stop(verdict.reason)
      case 'refused':
        answered()
        if (batch.texts.length > 1) {
          maxEvents = Math.floor(batch.texts.length / 2)
          return 0
        }
        outbox.setAside(batch.epoch, batch.first, verdict.code)
        setAsideInRow += 1
        return setAsideInRow >= SET_ASIDE_STOP ? stop('three-set-aside') : 0
    }
  }

  function heedStored(batch: OutgoingBatch, verdict: Extract<Verdict, { verdict: 'stored' }>): number {
    const { answer, through, rejected } = verdict
    const divided = divideRejected(batch, verdict, { inRow: setAsideInRow, limit: SET_ASIDE_STOP })
    for (const { sequence, code } of divided.setAside) outbox.setAside(batch.epoch, sequence, code)
    outbox.release(batch.epoch, divided.release)
    const missing = answer.missing.map(parseSequence).filter((one) => !sentAgain.has(`${batch.epoch}/${one}`))
    const reopened = outbox.sendAgain(batch.epoch, missing)
    for (const one of missing) sentAgain.add(`${batch.epoch}/${one}`)
    if (through < batch.first && rejected.length === 0 && reopened === 0) return wait('strange-answer', null)

    answered()
    lastStoredAt = formatInstant(clock())
    maxEvents = Math.min(maxEvents * 2, MAX_BATCH_EVENTS)
    setAsideInRow = divided.inRow
    return setAsideInRow >= SET_ASIDE_STOP ? stop('three-set-aside') : 0
  }

  function answered(): void {
    lineBackoff.reset()
    busyBackoff.reset()
    strangeSince = null
    change({ line: 'up', reason: null, alarm: false })
  }

  function wait(reason: WaitReason, retryAfterMs: number | null): number {
    strangeSince = reason === 'strange-answer' ? (strangeSince ?? monotonic()) : null
    const alarm = strangeSince !== null && monotonic() - strangeSince >= STRANGE_ALARM_MS
    const unheard = reason === 'no-line' || reason === 'strange-answer'
    if (unheard) sentAgain.clear()
    change({ state: 'waiting', reason, alarm, line: unheard ? 'down' : 'up' })
    if (unheard) return lineBackoff.next()
    return retryAfterMs === null ? busyBackoff.next() : retryAfterMs + random() * RETRY_AFTER_JITTER_MS
  }

  function stop(reason: StopReason): number {
    change({ state: 'stopped', reason, alarm: true, line: 'up' })
    return 0
  }

  async function pause(waitMs: number): Promise<void> {
    if (waitMs <= 0) return
    const end = new AbortController()
    waiting = { end, forLine: now.line === 'down' }
    await sleep(waitMs, undefined, { signal: end.signal }).catch(() => {})
    waiting = null
  }

  const stopListening = outbox.onAppended(() => {
    change({})
    idle.resolve()
  })
  const running = run()

  return {
    status,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    wake: () => idle.resolve(),
    lineReturned() {
      const wasDown = now.line === 'down'
      lineBackoff.reset()
      change({ line: 'up' })
      if (wasDown && sending !== null && !gaveUp) {
        gaveUp = true
        sending.abort()
      }
      if (waiting?.forLine) waiting.end.abort()
      idle.resolve()
    },
    lineLost() {
      if (now.line === 'up' && now.state !== 'stopped') change({ line: 'down' })
    },
    resume() {
      if (now.state !== 'stopped') return
      setAsideInRow = 0
      maxEvents = MAX_BATCH_EVENTS
      change({ state: 'idle', reason: null, alarm: false })
      idle.resolve()
    },
    async close() {
      closed = true
      stopListening()
      listeners.clear()
      sending?.abort()
      waiting?.end.abort()
      idle.resolve()
      await running
    },
  }
}
