import type { FaultReason } from '../status.ts'
import { monotonicMs, sleep } from '../time.ts'
import type { JobFacts, JobState } from './ipp.ts'
import { hasEnded, type Place } from './place.ts'
import { sidesOf } from './proof.ts'
import type { PagePrinterTimings } from './timings.ts'

/** How the following of a job ended: with the job, or before it. `begun`: sheets may have come out. */
export type Followed = { begun: boolean } & (
  | { kind: 'ended'; job: JobFacts }
  /** The printer no longer knows it, so that nobody can say what became of it. */
  | { kind: 'vanished' }
  /** It has stood still for too long. */
  | { kind: 'stopped'; reason: FaultReason }
  | { kind: 'late' }
  /** The line has been gone for too long. */
  | { kind: 'lost' }
  /** Whoever wanted the paper wants it no more. */
  | { kind: 'given-up' }
)

export interface Following {
  id: number
  name: string
  deadlineMs: number
  /** Told at each answer how many sides have come out. */
  counted(sides: number): void
  /** What is wrong with the printer now, as the heartbeat knows it. */
  trouble(): FaultReason | undefined
  /** As the printer said of it when it took it. */
  state: JobState
  givenUp: AbortSignal
  /** Nobody stands there any more: a job that is not being printed now must not be printed later. */
  unattended: AbortSignal
  lost: AbortSignal
}

/** Held jobs print when somebody lets them go: that must not be tomorrow. */
const STANDING: readonly JobState[] = ['pending-held', 'processing-stopped']
const NOT_BEGUN: readonly JobState[] = ['pending', 'pending-held']

/** Asks about a job until it has ended, or one of the reasons to wait no longer has come. Cancels nothing. */
export async function followJob(
  place: Place,
  following: Following,
  timings: PagePrinterTimings,
): Promise<Followed> {
  const { givenUp, unattended, lost } = following
  const over = AbortSignal.any([givenUp, lost])
  let begun = !NOT_BEGUN.includes(following.state)
  let standingSinceMs: number | undefined
  let pauseMs = timings.firstPollMs
  for (;;) {
    await sleep(pauseMs, unattended.aborted ? over : AbortSignal.any([over, unattended]))
    pauseMs = Math.min(pauseMs * 2, timings.pollMs)
    const sight = await place.job(following.id, following.name, over)
    if (sight.kind === 'job') following.counted(sidesOf(sight.job))
    if (sight.kind === 'job' && hasEnded(sight.job)) return { kind: 'ended', job: sight.job, begun }
    const state = sight.kind === 'job' ? sight.job.state : undefined
    // What happened while it could not be asked nobody knows.
    begun ||= state === undefined || !NOT_BEGUN.includes(state)
    if (givenUp.aborted) return { kind: 'given-up', begun }
    if (lost.aborted) return { kind: 'lost', begun }
    if (sight.kind === 'none') return { kind: 'vanished', begun }
    const reason =
      following.trouble() ?? (state !== undefined && STANDING.includes(state) ? 'offline' : undefined)
    if (unattended.aborted && reason !== undefined) return { kind: 'stopped', reason, begun }
    if (unattended.aborted && state === 'pending') return { kind: 'given-up', begun }
    const nowMs = monotonicMs()
    if (reason === undefined) standingSinceMs = undefined
    else standingSinceMs ??= nowMs
    if (reason !== undefined && nowMs - (standingSinceMs ?? nowMs) >= timings.stoppedMs)
      return { kind: 'stopped', reason, begun }
    if (nowMs >= following.deadlineMs) return { kind: 'late', begun }
  }
}

/**
 * Takes a job back. Gives it as it ended (it may have been completed meanwhile), or undefined when it has not ended
 * in time or cannot be asked about: then it may still be printed.
 */
export async function cancelJob(
  place: Place,
  job: { id: number; name: string },
  withinMs: number,
  signal: AbortSignal,
): Promise<JobFacts | undefined> {
  const deadline = monotonicMs() + withinMs
  // Asked for once more when the first was lost; of a job that has ended it is refused, which is as good.
  await place.ask({ operation: 'Cancel-Job', jobId: job.id }, signal)
  for (;;) {
    const sight = await place.job(job.id, job.name, signal)
    if (sight.kind === 'job' && hasEnded(sight.job)) return sight.job
    if (sight.kind === 'none' || signal.aborted || monotonicMs() > deadline) return undefined
    await sleep(CANCEL_POLL_MS, signal)
    if (sight.kind === 'silent') await place.ask({ operation: 'Cancel-Job', jobId: job.id }, signal)
  }
}

const CANCEL_POLL_MS = 200
