/**
 * The line that a device keeps open to its hall (PROTOCOLS.md §1.5): what the hall has to say comes down it, and
 * that it stands is how the device knows of the line at all.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { createBackoff, LINE_BACKOFF_FIRST_MS, LINE_BACKOFF_MAX_MS } from './backoff.ts'
import type { HallFault, HallLine } from './hall-request.ts'
import { EVENTS_COMMENT_SECONDS, eventsPath, VersionNotice } from './protocol/devices.ts'
import { EvaluationCancelled, EvaluationNotice } from './protocol/evaluations.ts'
import { QueueNotice } from './protocol/queue.ts'
import { createSseParser, type ServerSentEvent } from './sse-parser.ts'
import type { Uplink } from './uplink.ts'

/** The hall sends a comment every 15 s: two lost and a little more is silence. */
const SILENCE_MS = 40_000

/**
 * Only a line that has stood so long is a good one: behind a proxy that opens every stream and drops it at once, it
 * would otherwise be asked for twice a second for ever. The hall's own rhythm: it says something every 15 s.
 */
const STOOD_MS = EVENTS_COMMENT_SECONDS * 1000

/** A line that swallows everything is tried again as soon as one that refuses. */
const OPEN_TIMEOUT_MS = 4_000

/** The hall answers, and refuses: asking it every few seconds helps nobody. */
const REFUSED_BACKOFF_FIRST_MS = 4_000
const REFUSED_BACKOFF_MAX_MS = 5 * 60_000

export interface EventLineStatus {
  line: 'up' | 'down'
  /** A code: what ended or refused the line; null while it is up and before the first try. */
  reason: string | null
}

export interface EventLine {
  status(): EventLineStatus
  /** Called when the line comes up or goes down; returns how to stop listening. */
  onChange(listener: (status: EventLineStatus) => void): () => void
  /** `version` is what the hall has now, null for nothing; also told at each connecting. */
  on(event: 'content' | 'settings', listener: (version: string | null) => void): () => void
  /** What the windows serve at each connecting, then what they call. */
  onQueue(listener: (notice: QueueNotice) => void): () => void
  /** A question for this pad; at each connecting every one that the hall knows no end of, again. */
  onEvaluation(listener: (notice: EvaluationNotice) => void): () => void
  /** A question is taken back. */
  onEvaluationCancelled(listener: (notice: EvaluationCancelled) => void): () => void
  close(): Promise<void>
}

/**
 * @param silenceMs after so long without a byte the line counts as down
 * @param stoodMs a line that ends sooner is opened again as slowly as one that never came up
 * @param random for the jitter, from 0 up to 1
 * @param onTrouble told what must not happen; the line is opened again
 */
export function startEventLine(options: {
  line: HallLine
  deviceId: string
  uplink: Pick<Uplink, 'lineReturned' | 'lineLost'>
  silenceMs?: number
  stoodMs?: number
  random?: () => number
  onTrouble?: (error: unknown) => void
}): EventLine {
  const { line, deviceId, uplink, silenceMs = SILENCE_MS, random = Math.random } = options
  const { stoodMs = STOOD_MS, onTrouble = () => {} } = options
  const lineBackoff = createBackoff(LINE_BACKOFF_FIRST_MS, LINE_BACKOFF_MAX_MS, random)
  const refusedBackoff = createBackoff(REFUSED_BACKOFF_FIRST_MS, REFUSED_BACKOFF_MAX_MS, random)
  const changeListeners = new Set<(status: EventLineStatus) => void>()
  const listeners = {
    content: new Set<(version: string | null) => void>(),
    settings: new Set<(version: string | null) => void>(),
  }
  const queueListeners = new Set<(notice: QueueNotice) => void>()
  const evaluationListeners = new Set<(notice: EvaluationNotice) => void>()
  const cancelListeners = new Set<(notice: EvaluationCancelled) => void>()
  const closing = new AbortController()
  let status: EventLineStatus = { line: 'down', reason: null }

  const change = (next: EventLineStatus): void => {
    const turned = next.line !== status.line
    status = next
    if (!turned || closing.signal.aborted) return
    if (next.line === 'up') uplink.lineReturned()
    else uplink.lineLost()
    for (const listener of changeListeners) listener(next)
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const waitMs = await keepOpen().catch((error: unknown) => {
        onTrouble(error)
        change({ line: 'down', reason: 'trouble' })
        return refusedBackoff.next()
      })
      if (waitMs > 0) await sleep(waitMs, undefined, { signal: closing.signal }).catch(() => {})
    }
  }

  /** Opens the line and stays on it until it ends; gives how long to wait before the next try. */
  async function keepOpen(): Promise<number> {
    const startedAt = performance.now()
    const ending = new AbortController()
    const signal = AbortSignal.any([closing.signal, ending.signal])
    const watch = setTimeout(() => ending.abort(), OPEN_TIMEOUT_MS)
    const headers = { accept: 'text/event-stream' }
    const opened = await line.open({ method: 'GET', path: eventsPath(deviceId), headers, signal })
    clearTimeout(watch)
    // What the try itself took counts as waiting.
    if (!opened.ok) return refused(opened) - (performance.now() - startedAt)
    const mediaType = opened.response.headers.get('content-type')?.split(';')[0]?.trim()
    if (mediaType !== 'text/event-stream') {
      ending.abort()
      change({ line: 'down', reason: 'strange-answer' })
      return refusedBackoff.next()
    }
    const upSince = performance.now()
    change({ line: 'up', reason: null })
    const reason = await listen(opened.response, ending)
    change({ line: 'down', reason })
    if (performance.now() - upSince >= stoodMs) {
      lineBackoff.reset()
      refusedBackoff.reset()
    }
    return lineBackoff.next()
  }

  function refused(fault: HallFault): number {
    const reason = { 'no-answer': 'no-line', problem: 'refused', unexpected: 'strange-answer' }[fault.kind]
    change({ line: 'down', reason })
    return fault.kind === 'no-answer' ? lineBackoff.next() : refusedBackoff.next()
  }

  /** Until the line ends, by the hall, by silence or by too much; gives which. */
  async function listen(response: Response, ending: AbortController): Promise<string> {
    const parser = createSseParser()
    let silent = false
    const silence = setTimeout(() => {
      silent = true
      // Told before the stream has ended: a socket on a dead line may take long to close.
      change({ line: 'down', reason: 'silence' })
      ending.abort()
    }, silenceMs)
    try {
      for await (const chunk of response.body ?? []) {
        silence.refresh()
        const events = parser.push(chunk)
        if (events === null) return 'too-much'
        events.forEach(tell)
      }
    } catch {
      // However a stream breaks, it is the line that is gone.
    } finally {
      clearTimeout(silence)
      ending.abort()
    }
    return silent ? 'silence' : 'closed'
  }

  function tell({ event, data }: ServerSentEvent): void {
    switch (event) {
      case 'queue':
        tellRead(queueListeners, QueueNotice, data)
        return
      case 'evaluation':
        tellRead(evaluationListeners, EvaluationNotice, data)
        return
      case 'evaluation-cancelled':
        tellRead(cancelListeners, EvaluationCancelled, data)
        return
      case 'content':
      case 'settings': {
        const notice = readNotice(VersionNotice, data)
        if (notice !== null) tellAll(listeners[event], notice.version)
      }
    }
  }

  /** What breaks its schema is nobody's word. */
  function tellRead<S extends z.ZodType>(
    told: ReadonlySet<(value: z.output<S>) => void>,
    schema: S,
    data: string,
  ): void {
    const notice = readNotice(schema, data)
    if (notice !== null) tellAll(told, notice)
  }

  function tellAll<T>(told: ReadonlySet<(value: T) => void>, value: T): void {
    for (const listener of told)
      try {
        listener(value)
      } catch (error) {
        onTrouble(error)
      }
  }

  const running = run()

  return {
    status: () => status,
    onChange(listener) {
      changeListeners.add(listener)
      return () => changeListeners.delete(listener)
    },
    on(event, listener) {
      listeners[event].add(listener)
      return () => listeners[event].delete(listener)
    },
    onQueue(listener) {
      queueListeners.add(listener)
      return () => queueListeners.delete(listener)
    },
    onEvaluation(listener) {
      evaluationListeners.add(listener)
      return () => evaluationListeners.delete(listener)
    },
    onEvaluationCancelled(listener) {
      cancelListeners.add(listener)
      return () => cancelListeners.delete(listener)
    },
    async close() {
      closing.abort()
      await running
    },
  }
}

function readNotice<S extends z.ZodType>(schema: S, data: string): z.output<S> | null {
  try {
    return schema.safeParse(JSON.parse(data)).data ?? null
  } catch {
    return null
  }
}
