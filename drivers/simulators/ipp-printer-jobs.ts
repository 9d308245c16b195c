import { Listeners } from '../listeners.ts'

export type SimulatedJobState =
  | 'pending'
  | 'processing'
  | 'processing-stopped'
  | 'canceled'
  | 'aborted'
  | 'completed'

export interface SimulatedJob {
  id: number
  name: string
  user: string
  state: SimulatedJobState
  reasons: string[]
  sides: number
  sidesPrinted: number
  document: Uint8Array
  /** The rest of it is still under way: nothing is printed yet. */
  arriving: boolean
}

/** How a simulated printer treats the jobs that it takes. */
export interface JobHabits {
  /** Printed as it should be; `stuck` processes for ever; `aborts` gives up; `lies` says completed without paper;
   * `forgets` keeps no job that has ended; `silent-count` says that it counted no sheets, `countless` says nothing of
   * them; `keeps` does not let go of what is cancelled; `holds` begins none. */
  manner:
    | 'honest'
    | 'stuck'
    | 'aborts'
    | 'lies'
    | 'forgets'
    | 'silent-count'
    | 'countless'
    | 'keeps'
    | 'holds'
  /** What it says of whose jobs are. */
  owners: 'named' | 'anonymous' | 'untold'
}

const KEPT_JOBS = 50
const ENDED: readonly SimulatedJobState[] = ['canceled', 'aborted', 'completed']

export const hasJobEnded = ({ state }: SimulatedJob): boolean => ENDED.includes(state)

/** The jobs of a simulated printer, one side of paper after the other. */
export class SimulatedJobs {
  readonly printed = new Listeners<Uint8Array>()
  readonly habits: JobHabits = { manner: 'honest', owners: 'named' }
  jobs: SimulatedJob[] = []
  #millisecondsPerSide: number
  #isAble: () => boolean
  #nextId = 1
  #timer: NodeJS.Timeout | undefined

  constructor(millisecondsPerSide: number, isAble: () => boolean) {
    this.#millisecondsPerSide = millisecondsPerSide
    this.#isAble = isAble
  }

  add(job: Pick<SimulatedJob, 'name' | 'user' | 'document'>): SimulatedJob {
    const added: SimulatedJob = {
      ...job,
      arriving: false,
      id: this.#nextId,
      state: 'pending',
      reasons: [],
      sides: countSides(job.document),
      sidesPrinted: 0,
    }
    this.#nextId += 1
    this.jobs = [...this.jobs, added].slice(-KEPT_JOBS)
    this.work()
    return added
  }

  /** A job whose document comes later; undefined when it will not. */
  arrived(job: SimulatedJob, document: Uint8Array | undefined): void {
    job.arriving = false
    if (document === undefined) this.#end(job, 'aborted')
    else job.document = document
    this.work()
  }

  find(id: number): SimulatedJob | undefined {
    return this.jobs.find((job) => job.id === id)
  }

  /** Whether it was there to be cancelled. */
  cancel(job: SimulatedJob): boolean {
    if (hasJobEnded(job)) return false
    if (this.habits.manner === 'keeps') return true
    this.#end(job, 'canceled')
    this.stop()
    this.work()
    return true
  }

  purge(job: SimulatedJob): void {
    this.jobs = this.jobs.filter((one) => one !== job)
  }

  /** Goes on, or stops, as the printer is able to. */
  work(): void {
    const job = this.jobs.find((one) => !hasJobEnded(one))
    if (job === undefined) return
    if (this.habits.manner === 'holds') return
    const able = this.#isAble()
    job.state = able ? 'processing' : 'processing-stopped'
    job.reasons = [able ? 'job-printing' : 'printer-stopped']
    if (!able || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (!hasJobEnded(job) && this.#isAble()) this.#printSide(job)
      this.work()
    }, this.#millisecondsPerSide)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #printSide(job: SimulatedJob): void {
    const { manner } = this.habits
    if (job.arriving || manner === 'stuck' || manner === 'keeps') return
    if (manner === 'aborts' || manner === 'lies') {
      this.#end(job, manner === 'aborts' ? 'aborted' : 'completed')
      return
    }
    job.sidesPrinted += 1
    if (job.sidesPrinted < job.sides) return
    this.printed.emit(job.document)
    if (manner === 'silent-count') job.sidesPrinted = 0
    this.#end(job, 'completed')
    if (manner === 'forgets') this.purge(job)
  }

  #end(job: SimulatedJob, state: 'canceled' | 'aborted' | 'completed'): void {
    job.state = state
    job.reasons = [
      {
        canceled: 'job-canceled-by-user',
        aborted: 'aborted-by-system',
        completed: 'job-completed-successfully',
      }[state],
    ]
  }
}

/** One page object a side; a document whose objects are packed counts as one. */
function countSides(pdf: Uint8Array): number {
  const text = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength).toString('latin1')
  return Math.max(1, text.match(/\/Type\s*\/Page\b/g)?.length ?? 0)
}
