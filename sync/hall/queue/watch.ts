/** Follows the calls of a queue system, for the event line's `queue` (PROTOCOLS.md §1.5). */
import type { Logger } from 'pino'
import type { QueueCall, QueueNotice } from '../../protocol/queue.ts'
import { errorForLog } from '../http/log.ts'
import type { QueueSystem } from './queue-system.ts'

/** People look at the window's number and the pad's at once; a second more or less is how long a voice takes. */
const ASK_EVERY_MS = 2_000

export interface QueueWatch {
  /** What is being served, as last known; empty while nobody knows. */
  serving(): QueueNotice
  close(): void
}

/** @param onCalls told what happened since it was last told, in order */
export function watchQueue(
  queue: QueueSystem,
  onCalls: (notice: QueueNotice) => void,
  logger: Logger,
  askEveryMs = ASK_EVERY_MS,
): QueueWatch {
  const atWindow = new Map<string, QueueCall>()
  let cursor: string | null = null
  let closed = false
  let timer: NodeJS.Timeout | undefined

  const keep = (calls: readonly QueueCall[]): void => {
    for (const call of calls) if (call.window !== null) atWindow.set(call.window, call)
  }

  async function ask(): Promise<void> {
    const answer = cursor === null ? await queue.serving() : await queue.calls(cursor)
    // What was missed meanwhile is told when it answers again: the cursor stays.
    if (answer.outcome === 'unavailable' || closed) return
    const first = cursor === null
    cursor = answer.cursor
    keep(answer.calls)
    if (answer.calls.length > 0) onCalls({ kind: first ? 'serving' : 'calls', calls: answer.calls })
  }

  async function run(): Promise<void> {
    while (!closed) {
      await ask().catch((error: unknown) => {
        // The demonstration's queue asks the hall's own store, which may be away for a while.
        if (!closed) logger.error(errorForLog(error), 'calls not known')
      })
      await new Promise<void>((resolve) => {
        timer = setTimeout(resolve, askEveryMs)
        timer.unref()
      })
    }
  }
  void run()

  return {
    serving: () => ({ kind: 'serving', calls: [...atWindow.values()] }),
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}
