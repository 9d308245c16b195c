import { sleep } from '../time.ts'

/** What `work` gives, or `late` when it takes longer. The work is not stopped: nobody waits for it any more. */
export async function within<T, L>(deadlineMs: number, work: Promise<T>, late: L): Promise<T | L> {
  const timer = new AbortController()
  try {
    return await Promise.race([work, sleep(deadlineMs, timer.signal).then(() => late)])
  } finally {
    timer.abort()
  }
}
