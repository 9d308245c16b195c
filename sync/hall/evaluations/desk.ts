/**
 * Between systems that ask and pads that answer (PROTOCOLS.md §1.5). Either may be at another instance of this hall:
 * what is asked and what became of it lies in the one table, and each instance looks there for the pads whose lines it
 * holds and for the systems that wait at it. Within one instance nobody waits for a look.
 */
import type { Logger } from 'pino'
import {
  type EvaluationCancelled,
  type EvaluationNotice,
  TAKEN_WITHIN_MS,
} from '../../protocol/evaluations.ts'
import { errorForLog } from '../http/log.ts'
import type { EventStreams } from '../http/routes/event-stream.ts'
import type { Evaluations, NewEvaluation, StoredEvaluation, ToldEvaluation } from '../store/evaluations.ts'

/**
 * An eighth of the time that a pad has to take a question. One statement of a hall's smallest table; polled, so that
 * it is the same with every database and behind every pooler.
 */
const LOOK_FOR_QUESTIONS_EVERY_MS = 250

/** Somebody waits at this instance for a pad that answers at another. */
const LOOK_FOR_ANSWER_EVERY_MS = 50

/** What has run out takes room only. */
const TIDY_EVERY_MS = 60 * 1000

export interface EvaluationDesk {
  /**
   * Puts it to its pad and waits until that has taken it, for 2 s at most; one that it did not take by then it never
   * shows. `isNew` false: it was open already. Null evaluation: this instance is being stopped.
   */
  ask(asked: NewEvaluation): Promise<{ isNew: boolean; evaluation: StoredEvaluation | null }>
  /** A row is another than before, by a request to this instance. */
  changed(evaluation: StoredEvaluation): void
  /** A pad's line was opened here: it is told of all that it has not ended. */
  lineOpened(deviceId: string): void
  close(): void
}

export interface DeskOptions {
  evaluations: Evaluations
  streams: Pick<EventStreams, 'tellDevice' | 'isEmpty'>
  clock: () => Date
  logger: Logger
  /** The contract's 2 s unless told otherwise. */
  takenWithinMs?: number
}

export function evaluationDesk(options: DeskOptions): EvaluationDesk {
  const { evaluations, streams, clock, logger, takenWithinMs = TAKEN_WITHIN_MS } = options
  /** By id of the question: who waits here for its pad. */
  const waiting = new Map<string, Set<() => void>>()
  /** What was told down a line of this instance, so that a look repeats nothing. */
  let told = new Set<string>()
  /** Pads whose line has been opened here and which have not been told all yet. */
  const opened = new Set<string>()
  let looking = false
  let failing = false
  let closed = false
  const lookTimer = setInterval(() => void look(), LOOK_FOR_QUESTIONS_EVERY_MS)
  const tidyTimer = setInterval(() => void tried(() => evaluations.tidy(clock())), TIDY_EVERY_MS)
  lookTimer.unref()
  tidyTimer.unref()

  async function look(): Promise<void> {
    if (looking || closed || streams.isEmpty()) return
    looking = true
    try {
      await tried(async () => {
        for (const deviceId of opened) {
          opened.delete(deviceId)
          await tellAll(deviceId).catch((error: unknown) => {
            opened.add(deviceId)
            throw error
          })
        }
        const open = await evaluations.unanswered(clock())
        const before = told
        told = new Set(open.map(keyOf).filter((key) => before.has(key)))
        for (const one of open) if (!told.has(keyOf(one))) tell(one)
      })
    } finally {
      looking = false
    }
    if (opened.size > 0 && !failing) await look()
  }

  async function tellAll(deviceId: string): Promise<void> {
    for (const one of await evaluations.openOf(deviceId, clock())) tell(one, 'question')
  }

  /** @param also the question as well where it was taken back: a pad that knows nothing of it has to say so */
  function tell(one: ToldEvaluation, also?: 'question'): void {
    const { id, deviceId, question, cancelAsked } = one
    const notice: EvaluationNotice = { id, question: cancelAsked ? null : question }
    const cancelled: EvaluationCancelled = { id }
    const events: [string, object][] = [
      ...(also !== undefined || !cancelAsked ? [['evaluation', notice] satisfies [string, object]] : []),
      ...(cancelAsked ? [['evaluation-cancelled', cancelled] satisfies [string, object]] : []),
    ]
    for (const [event, data] of events) if (streams.tellDevice(deviceId, event, data)) told.add(keyOf(one))
  }

  async function tried(action: () => Promise<void>): Promise<void> {
    try {
      await action()
      failing = false
    } catch (error) {
      // Told once: it is looked again four times a second.
      if (!failing && !closed) logger.error(errorForLog(error), 'questions for pads could not be looked for')
      failing = true
    }
  }

  /** Until this question is another than before, as far as this instance knows, or the time is over. */
  function changeOf(id: string, withinMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const waits = waiting.get(id) ?? new Set()
    waiting.set(id, waits.add(resolve))
    const timer = setTimeout(resolve, withinMs)
    return promise.finally(() => {
      clearTimeout(timer)
      waits.delete(resolve)
      if (waits.size === 0) waiting.delete(id)
    })
  }

  function wake(id: string): void {
    for (const resolve of waiting.get(id) ?? []) resolve()
  }

  async function taken(id: string): Promise<StoredEvaluation | null> {
    const until = performance.now() + takenWithinMs
    for (;;) {
      const leftMs = until - performance.now()
      if (leftMs <= 0 || closed) return await evaluations.giveUp(id, clock())
      await changeOf(id, Math.min(leftMs, LOOK_FOR_ANSWER_EVERY_MS))
      const evaluation = await evaluations.read(id)
      if (evaluation?.state !== 'offered') return evaluation
    }
  }

  return {
    async ask(asked) {
      const { isNew, evaluation } = await evaluations.offer(asked)
      if (evaluation.state !== 'offered') return { isNew, evaluation }
      const { id, deviceId, question } = { ...asked, id: evaluation.id }
      if (isNew) tell({ id, deviceId, question, cancelAsked: false })
      const answered = await taken(id)
      if (answered === null) throw new Error('a question that somebody waits for was forgotten')
      wake(id)
      return { isNew, evaluation: closed && answered.takenAt === null ? null : answered }
    },
    changed(evaluation) {
      wake(evaluation.id)
      if (evaluation.cancelAsked) tell({ ...evaluation, question: null })
    },
    lineOpened(deviceId) {
      opened.add(deviceId)
      void look()
    },
    close() {
      closed = true
      clearInterval(lookTimer)
      clearInterval(tidyTimer)
      for (const id of waiting.keys()) wake(id)
    },
  }
}

function keyOf({ id, cancelAsked }: Pick<ToldEvaluation, 'id' | 'cancelAsked'>): string {
  return `${id} ${cancelAsked}`
}
