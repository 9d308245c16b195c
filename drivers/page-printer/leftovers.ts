import { monotonicMs, sleep } from '../time.ts'
import type { Place } from './place.ts'
import type { PrinterWatch } from './watch.ts'

/** Whether nothing of this machine waits anywhere to be printed. */
export type Swept = { clean: true } | { clean: false; detail: string }

const POLL_MS = 200

/**
 * Takes back what is still in the queue, and at the printer behind it, of a document whose outcome is settled: a
 * job that prints when paper is filled in next morning is somebody's paper in a stranger's hands (field row 14).
 * From CUPS finished jobs go too, with the files that it keeps for a day unless told otherwise. Ends within the time
 * and one answer. `found` is called once there is something to take back.
 */
export async function sweepLeftovers(
  watch: PrinterWatch,
  withinMs: number,
  signal: AbortSignal,
  found: () => void,
): Promise<Swept> {
  const sweep = { deadlineMs: monotonicMs() + withinMs, signal, found }
  const places = [watch.front, watch.behind].filter((place) => place !== undefined)
  const swept = await Promise.all(places.map((place) => sweepPlace(place, sweep)))
  const dirty = swept.find(({ clean }) => !clean)
  if (dirty !== undefined) return dirty
  // What the queue was just handing on when it was asked.
  const after = watch.behind && (await sweepPlace(watch.behind, sweep))
  if (after?.clean === false) return after
  if (watch.isCups) await purgeFinished(watch.front, sweep)
  return { clean: true }
}

interface Sweep {
  deadlineMs: number
  signal: AbortSignal
  found(): void
}

const isOver = ({ deadlineMs, signal }: Sweep): boolean => signal.aborted || monotonicMs() > deadlineMs

async function sweepPlace(place: Place, sweep: Sweep): Promise<Swept> {
  const { host } = place.target
  const asked = new Set<number>()
  for (;;) {
    const jobs = await place.ownJobs('not-completed', sweep.signal)
    if (jobs === undefined) return { clean: false, detail: `${host} does not say which jobs wait there` }
    const [job, ...others] = jobs
    if (job === undefined) {
      place.forgetSent()
      return { clean: true }
    }
    if (isOver(sweep)) {
      const what = others.length === 0 ? 'is' : `and ${others.length} more are`
      return { clean: false, detail: `job ${job.id} of this machine ${what} stuck at ${host}: cancel there` }
    }
    sweep.found()
    for (const { id } of jobs) {
      if (asked.has(id)) continue
      if (isOver(sweep)) break
      const cancelled = await place.ask({ operation: 'Cancel-Job', jobId: id }, sweep.signal)
      if (cancelled.kind === 'done') asked.add(id)
    }
    await sleep(POLL_MS, sweep.signal)
  }
}

/** Where the policy of the queue forbids it, its PreserveJobFiles must be No: `window24 doctor` looks at both. */
async function purgeFinished(queue: Place, sweep: Sweep): Promise<void> {
  for (const { id } of (await queue.ownJobs('completed', sweep.signal)) ?? []) {
    if (isOver(sweep)) return
    await queue.ask({ operation: 'Cancel-Job', jobId: id, purge: true }, sweep.signal)
  }
}
