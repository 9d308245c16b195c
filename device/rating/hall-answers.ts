/** What a pad says to its hall of the hall's questions: again and again until the hall has it (PROTOCOLS.md §1.5). */
import { setTimeout as sleep } from 'node:timers/promises'
import { createBackoff, LINE_BACKOFF_FIRST_MS, LINE_BACKOFF_MAX_MS } from '../../sync/backoff.ts'
import type { HallFault, HallResult } from '../../sync/hall-client.ts'
import type { EvaluationStateAnswer, PadAnswer } from '../../sync/protocol/evaluations.ts'

export type PadSays = PadAnswer['state']

/** `PUT /v1/devices/{id}/evaluations/{evaluationId}`, once. */
export type AnswerHall = (
  id: string,
  state: PadSays,
  bounds: { timeoutMs?: number; signal: AbortSignal },
) => Promise<HallResult<EvaluationStateAnswer>>

export interface HallAnswers {
  /** In the place of what was to be said of this question before. Resolves when the hall has it, or refuses it. */
  say(id: string, state: PadSays): Promise<void>
  /** Before a next try; `hurry` and `signal` end it. */
  pause(ms: number): Promise<void>
  /** The line stands again: nobody waits any longer. */
  hurry(): void
  /** Resolves when nobody is under way to the hall any more; for after `signal`. */
  ended(): Promise<void>
}

/** Whether the hall has said no, for good: it knows no such question, or this device no more. */
export function isRefusal(fault: HallFault): boolean {
  return fault.kind === 'problem' && [400, 401, 403, 404].includes(fault.status)
}

export function hallAnswers(options: {
  answer: AnswerHall
  /** Nothing is said any more: the hall asks again after the next start. */
  signal: AbortSignal
  /** For the jitter, from 0 up to 1. */
  random: () => number
  onTrouble: (error: unknown) => void
}): HallAnswers {
  const { answer, signal, random, onTrouble } = options
  /** By id: the newest word, and who brings it to the hall. */
  const unsaid = new Map<string, { state: PadSays; said: Promise<void> }>()
  const waits = new Set<AbortController>()

  async function bring(id: string): Promise<void> {
    const backoff = createBackoff(LINE_BACKOFF_FIRST_MS, LINE_BACKOFF_MAX_MS, random)
    while (!signal.aborted) {
      const state = unsaid.get(id)?.state
      if (state === undefined) return
      const result = await answer(id, state, { signal })
      const isSaid = result.ok || isRefusal(result)
      if (isSaid && unsaid.get(id)?.state === state) {
        unsaid.delete(id)
        return
      }
      if (isSaid) continue
      await pause((result.ok ? null : retryAfter(result)) ?? backoff.next())
    }
  }

  async function pause(ms: number): Promise<void> {
    const wait = new AbortController()
    waits.add(wait)
    await sleep(ms, undefined, { signal: AbortSignal.any([signal, wait.signal]) }).catch(() => {})
    waits.delete(wait)
  }

  return {
    pause,
    async say(id, state) {
      const before = unsaid.get(id)
      if (before !== undefined) {
        before.state = state
        return await before.said
      }
      const entry = { state, said: Promise.resolve() }
      unsaid.set(id, entry)
      entry.said = bring(id).catch((error: unknown) => {
        unsaid.delete(id)
        onTrouble(error)
      })
      await entry.said
    },
    hurry() {
      for (const wait of waits) wait.abort()
    },
    async ended() {
      await Promise.all([...unsaid.values()].map(({ said }) => said))
    },
  }
}

function retryAfter(fault: HallFault): number | null {
  return fault.kind === 'no-answer' ? null : fault.retryAfterMs
}
