import { monotonicMs, sleep } from '../time.ts'
import type { Place } from './place.ts'
import type { PrinterWatch } from './watch.ts'

/** Whether nothing of this machine waits anywhere to be printed. */
export type Swept = { clean: true } | { clean: false; detail: string }

const POLL_MS = 200

/**
 * Takes back what is still in the queue, and at the printer behind it, of a document whose outcome is settled: a
 * job that prints when paper is filled in next morning is somebody's paper in a stranger's hands (field row 14).
 * From CUPS finished jobs go too, with the files that it keeps for a day unless told otherwise.
 */
export async function sweepLeftovers(
  watch: PrinterWatch,
  withinMs: number,
  signal: AbortSignal,
): Promise<Swept> {
  const places = [watch.front, watch.behind].filter((place) => place !== undefined)
  const swept = await Promise.all(places.map((place) => sweepPlace(place, withinMs, signal)))
  const dirty = swept.find(({ clean }) => !clean)
  if (dirty !== undefined) return dirty
  // What the queue was just handing on when it was asked.
  const after = watch.behind && (await sweepPlace(watch.behind, withinMs, signal))
  if (after?.clean === false) return after
  if (watch.isCups) await purgeFinished(watch.front, signal)
  return { clean: true }
}

async function sweepPlace(place: Place, withinMs: number, signal: AbortSignal): Promise<Swept> {
  const deadline = monotonicMs() + withinMs
  const asked = new Set<number>()
  for (;;) {
    const jobs = await place.ownJobs('not-completed', signal)
    if (jobs === undefined) {
      const detail = `${place.target.host} does not say which jobs wait there`
      return { clean: false, detail }
    }
    if (jobs.length === 0) return { clean: true }
    const [job] = jobs
    if (signal.aborted || monotonicMs() > deadline) {
      const detail = `job ${job?.id} of this machine is still at ${place.target.host} and does not go: cancel it there`
      return { clean: false, detail }
    }
    for (const { id } of jobs) {
      if (asked.has(id)) continue
      const cancelled = await place.ask({ operation: 'Cancel-Job', jobId: id }, signal)
      if (cancelled.kind === 'done') asked.add(id)
    }
    await sleep(POLL_MS, signal)
  }
}

/** Where the policy of the queue forbids it, its PreserveJobFiles must be No: `window24 doctor` looks at both. */
async function purgeFinished(queue: Place, signal: AbortSignal): Promise<void> {
  for (const { id } of (await queue.ownJobs('completed', signal)) ?? []) {
    await queue.ask({ operation: 'Cancel-Job', jobId: id, purge: true }, signal)
  }
}
