import { type IppResult, ippRequest } from './client.ts'
import type { IppRequest, JobFacts } from './ipp.ts'
import type { IppTarget } from './target.ts'

const ENDED: readonly JobFacts['state'][] = ['canceled', 'aborted', 'completed']

export function hasEnded(job: JobFacts): boolean {
  return ENDED.includes(job.state)
}

/** What was found out about one job. */
export type JobSight =
  | { kind: 'job'; job: JobFacts }
  /** The printer does not know it, or knows another by its number: numbers begin anew when a printer restarts. */
  | { kind: 'none' }
  | { kind: 'silent'; detail: string }

/** CUPS's and RFC 8011's words for a job that is not there. */
const NOT_FOUND_STATUSES = [0x0406, 0x0407]

/** A queue, or the printer behind it: a place where jobs of ours can lie. */
export class Place {
  readonly target: IppTarget
  readonly user: string
  readonly #deadlineMs: number
  /** Numbers of jobs that were sent here in this life and are not known to have gone. */
  readonly #sent = new Set<number>()

  constructor(target: IppTarget, user: string, deadlineMs: number) {
    this.target = target
    this.user = user
    this.#deadlineMs = deadlineMs
  }

  ask(request: IppRequest, signal?: AbortSignal, deadlineMs = this.#deadlineMs): Promise<IppResult> {
    return ippRequest(this.target, request, { user: this.user, deadlineMs, ...(signal ? { signal } : {}) })
  }

  async job(id: number, name: string, signal?: AbortSignal): Promise<JobSight> {
    const asked = await this.ask({ operation: 'Get-Job-Attributes', jobId: id }, signal)
    if (asked.kind === 'denied') {
      return NOT_FOUND_STATUSES.includes(asked.answer.status)
        ? { kind: 'none' }
        : { kind: 'silent', detail: asked.detail }
    }
    if (asked.kind === 'failed') return { kind: 'silent', detail: asked.detail }
    const [job] = asked.answer.jobs
    const isOurs = job !== undefined && job.id === id && (job.name === undefined || job.name === name)
    return isOurs ? { kind: 'job', job } : { kind: 'none' }
  }

  /** Notes that a job of this number is ours. */
  noteSent(id: number): void {
    this.#sent.add(id)
  }

  /** Nothing of ours is here any more: a printer that is switched on again gives the same numbers to others. */
  forgetSent(): void {
    this.#sent.clear()
  }

  /** Jobs of this machine, or undefined where it could not be found out. */
  async ownJobs(which: 'completed' | 'not-completed', signal?: AbortSignal): Promise<JobFacts[] | undefined> {
    const asked = await this.ask({ operation: 'Get-Jobs', which }, signal)
    if (asked.kind !== 'done') return undefined
    return asked.answer.jobs.filter((job) => this.#isOurs(job))
  }

  /** Some printers name no user or call everybody anonymous, and some tell no more than a job's number. */
  #isOurs({ id, name, user }: JobFacts): boolean {
    if (user === this.user || name?.startsWith(`${this.user}-`)) return true
    return name === undefined && user === undefined && this.#sent.has(id)
  }

  async findJob(name: string, signal?: AbortSignal): Promise<JobFacts | undefined> {
    for (const which of ['completed', 'not-completed'] as const) {
      const found = (await this.ownJobs(which, signal))?.find((job) => job.name === name)
      if (found !== undefined) return found
    }
    return undefined
  }
}
