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
import type { Outbox, Stretch } from './outbox.ts'
import { BATCH_PATH } from './protocol/batch.ts'
import { formatInstant, parseSequence } from './protocol/identifiers.ts'
import { createSendingAgain } from './uplink-again.ts'
import type { Uplink } from './uplink-face.ts'
import { createPace } from './uplink-pace.ts'
import { createPacker, isPlain, lengthOf, type ReadyBatch } from './uplink-ready.ts'
import {
  divideRejected,
  judgeAnswer,
  type StopReason,
  type UplinkStatus,
  type Verdict,
  type WaitReason,
} from './uplink-verdict.ts'

/** Strange answers may be a proxy being set up; after this somebody has to look. */
const STRANGE_ALARM_MS = 10 * 60_000

/** So many in a row are no odd event any more: this hall and this device do not understand each other. */
const SET_ASIDE_STOP = 3

export type { Uplink, UplinkStatus }

/**
 * @param monotonic milliseconds that never go back
 * @param random for the jitter, from 0 up to 1
 * @param onTrouble told what must not happen, such as a store that fails: the uplink then waits, with an alarm, and goes on
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
  const pace = createPace()
  const packer = createPacker(outbox)
  const again = createSendingAgain(outbox)
  let setAsideInRow = 0
  let strangeSince: number | null = null
  /** Once until there is an answer: a line that comes and goes must not keep a batch from ever being answered. */
  let gaveUp = false
  let sending: AbortController | null = null
  let waiting: { end: AbortController; forLine: boolean } | null = null
  let idle = Promise.withResolvers<void>()

  /** As last counted: a store that fails is met and told by the next step, and must not keep anybody from hearing of it. */
  let backlog = 0
  const status = (): UplinkStatus => {
    try {
      backlog = outbox.backlog().count
    } catch {}
    return { ...now, backlog, lastStoredAt }
  }
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
      const maxEvents = pace.maxEvents(now.line === 'up' && !gaveUp)
      const ready = now.state === 'stopped' ? null : await packer.next({ maxEvents })
      if (ready !== null) {
        change({ state: 'sending' })
        return await deliver(ready)
      }
      if (now.state !== 'stopped') change({ state: 'idle', reason: null, alarm: false })
      await idle.promise
      idle = Promise.withResolvers<void>()
      return 0
    } catch (error) {
      if (closed) return 0
      onTrouble(error)
      return wait('own-store', null)
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
      const following = await meanwhile(settle, ready, answered)
      const verdict = await answered
      if (following === null || !isPlain(batch, verdict)) return heed(batch, verdict)
      settle = () => void heed(batch, verdict)
      ready = following
    }
    return 0
  }

  /**
   * What is done while a batch is on its way, each part once the line has had its turn: the request has to leave first,
   * and `fetch` writes it in the second turn only.
   * Its own trouble must not leave a request behind that nobody waits for.
   */
  async function meanwhile(settle: () => void, ready: ReadyBatch, answered: Promise<Verdict>) {
    try {
      await letThrough()
      await letThrough()
      settle()
      await letThrough()
      return await packer.following(ready)
    } catch (error) {
      await answered
      throw error
    }
  }

  async function send(ready: ReadyBatch): Promise<Verdict> {
    if (closed) return { verdict: 'cancelled' }
    const { batch, encoded } = ready
    const timeoutMs = pace.timeoutMs(ready)
    sending = new AbortController()
    const sentAt = line.clock.monotonic()
    const { signal } = sending
    const answer = await line.request({ method: 'POST', path: BATCH_PATH, timeoutMs, signal, ...encoded })
    sending = null
    if (!answer.ok && answer.kind === 'no-answer' && answer.reason === 'timeout')
      pace.tooSlow(lengthOf(batch))
    const verdict = judgeAnswer(batch, answer)
    if (verdict.verdict !== 'cancelled') gaveUp = false
    if (verdict.verdict === 'stored') learnTime(line.clock, verdict.answer, sentAt)
    return verdict
  }

  function heed(batch: Stretch, verdict: Verdict): number {
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
        if (lengthOf(batch) > 1) {
          pace.refused(lengthOf(batch))
          return 0
        }
        outbox.setAside(batch.epoch, batch.first, verdict.code)
        setAsideInRow += 1
        return setAsideInRow >= SET_ASIDE_STOP ? stop('three-set-aside') : 0
    }
  }

  function heedStored(batch: Stretch, verdict: Extract<Verdict, { verdict: 'stored' }>): number {
    const { answer, through, rejected } = verdict
    const divided = divideRejected(batch, verdict, { inRow: setAsideInRow, limit: SET_ASIDE_STOP })
    for (const { sequence, code } of divided.setAside) outbox.setAside(batch.epoch, sequence, code)
    outbox.release(batch.epoch, divided.release)
    const reopened = again.heed(batch.epoch, answer.missing.map(parseSequence))
    if (through < batch.first && rejected.length === 0 && reopened === 0) return wait('strange-answer', null)

    answered()
    lastStoredAt = formatInstant(clock())
    pace.stored()
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
    // Only an answer of the hall ends what began as strange: a line that fails in between proves nothing.
    if (reason === 'strange-answer') strangeSince ??= monotonic()
    const strange =
      reason === 'strange-answer' && strangeSince !== null && monotonic() - strangeSince >= STRANGE_ALARM_MS
    const unheard = reason === 'no-line' || reason === 'strange-answer'
    if (unheard) again.lineLost()
    const line = reason === 'own-store' ? now.line : unheard ? 'down' : 'up'
    change({
      state: 'waiting',
      reason,
      alarm: now.alarm || reason === 'own-store' || strange,
      line,
    })
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
      pace.reset()
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
