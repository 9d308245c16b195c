import { randomBytes } from 'node:crypto'
import type { FaultReason, PrintOutcome } from '../status.ts'
import { monotonicMs, sleep } from '../time.ts'
import { type IppResult, ippRequest, reasonOfTrouble } from './client.ts'
import { cancelJob, type Followed, followJob } from './follow.ts'
import type { JobFacts, JobState } from './ipp.ts'
import { hasEnded, type Place } from './place.ts'
import { judgeCompleted, nothingCameOut, reasonOfEnd, sidesOf } from './proof.ts'
import type { PagePrinterTimings } from './timings.ts'
import type { PrintWishes } from './tray.ts'
import type { PrinterWatch, View } from './watch.ts'

/** What one print needs to know of the world around it. */
export interface PrintSurroundings {
  watch: PrinterWatch
  timings: PagePrinterTimings
  /** Asks the printer now, and lets everybody know. */
  look(): Promise<View>
  /** As the heartbeat last saw it. */
  view(): View
  /** Whether nothing of ours waits anywhere, once what does has been taken back. */
  isClean(): Promise<boolean>
  /** Takes silence beside the document for what it is while the document is under way. */
  upload(work: () => Promise<IppResult>): Promise<IppResult>
  /** The program ends. */
  closing: AbortSignal
  /** The line has been gone for too long. */
  lost(): AbortSignal
}

const failed = (reason: FaultReason): PrintOutcome => ({ outcome: 'failed', reason })
const unknown = (reason: FaultReason): PrintOutcome => ({ outcome: 'unknown', reason })

const NAME_BYTES = 4

/** One document on its way through the queue and the printer. It is sent once, whatever happens. */
export class PrintJob {
  readonly #around: PrintSurroundings
  readonly #givenUp: AbortSignal
  readonly #unattended: AbortSignal
  /**
   * By its name it is found again behind a queue, and known as this machine's where the printer calls every user
   * anonymous. Names are shown on panels and logged: it tells nothing.
   */
  readonly #name: string
  readonly #onSent: () => void
  readonly #onSides: (count: number) => void
  #deadlineMs = 0
  #sides = 0

  constructor(around: PrintSurroundings, { signal, unattended, onSent, onSides }: PrintWishes) {
    this.#around = around
    this.#onSent = onSent
    this.#onSides = onSides
    this.#givenUp = AbortSignal.any([signal, around.closing])
    this.#unattended = unattended
    this.#name = `${around.watch.front.user}-${randomBytes(NAME_BYTES).toString('hex')}`
  }

  async print(pdf: Uint8Array): Promise<PrintOutcome> {
    const { watch, timings } = this.#around
    this.#deadlineMs = monotonicMs() + timings.jobDeadlineMs
    // A printer that cannot print gets no byte of the document (field row 14).
    const before = await this.#around.look()
    if (before.kind !== 'fine') return failed(before.reason)
    // A document sent after one that is stuck would come out with it, in whoever's hands.
    if (!(await this.#around.isClean())) return failed('offline')
    if (this.#givenUp.aborted || this.#unattended.aborted) return failed('offline')
    const sent = await this.#around.upload(() => this.#send(pdf))
    if (sent.kind === 'denied') return outcomeOfDenial(sent.answer.status)
    if (sent.kind === 'failed') {
      const reason = sent.trouble === 'aborted' ? this.#reasonToGiveUp() : reasonOfTrouble(sent.trouble, true)
      return sent.reached ? unknown(reason) : failed(reason)
    }
    const [job] = sent.answer.jobs
    if (job === undefined) return unknown('bad-frames')
    watch.front.noteSent(job.id)
    this.#onSent()
    return this.#watchOver(watch.front, job)
  }

  async #send(pdf: Uint8Array): Promise<IppResult> {
    const { watch, timings } = this.#around
    const over = new AbortController()
    const stopped = new AbortController()
    void this.#stopForNobody(stopped, over.signal)
    const result = await ippRequest(
      watch.front.target,
      { operation: 'Print-Job', jobName: this.#name },
      {
        user: watch.front.user,
        deadlineMs: Math.max(0, this.#deadlineMs - monotonicMs()),
        idleMs: timings.sendIdleMs,
        signal: AbortSignal.any([this.#givenUp, stopped.signal]),
        document: pdf,
      },
    )
    over.abort()
    return result
  }

  /** A printer that stops within a document that it prints as it comes takes no more of it until it goes on. */
  async #stopForNobody(stopped: AbortController, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      if (this.#unattended.aborted && this.#trouble() !== undefined) stopped.abort()
      await sleep(this.#around.timings.pollMs, over)
    }
  }

  #reasonToGiveUp(): FaultReason {
    return this.#around.closing.aborted ? 'line-lost' : (this.#trouble() ?? 'offline')
  }

  async #watchOver(place: Place, { id, state }: { id: number; state: JobState }): Promise<PrintOutcome> {
    const followed = await this.#follow(place, id, state)
    if (followed.kind === 'ended') return this.#judge(place, followed)
    if (followed.kind === 'vanished') return unknown(this.#trouble() ?? 'no-answer')
    if (followed.kind === 'lost') return unknown('line-lost')
    return this.#takeBack(place, id, followed)
  }

  #follow(place: Place, id: number, state: JobState): Promise<Followed> {
    const following = {
      id,
      name: this.#name,
      state,
      counted: (sides: number) => this.#counted(sides),
      deadlineMs: this.#deadlineMs,
      trouble: () => this.#trouble(),
      givenUp: this.#givenUp,
      unattended: this.#unattended,
      lost: this.#around.lost(),
    }
    return followJob(place, following, this.#around.timings)
  }

  #counted(sides: number): void {
    if (sides <= this.#sides) return
    this.#sides = sides
    this.#onSides(sides)
  }

  /** Silence is no trouble of the printer's: it may be printing, and after a while the line counts as lost. */
  #trouble(): FaultReason | undefined {
    const view = this.#around.view()
    return view.kind === 'fault' ? view.reason : undefined
  }

  async #judge(place: Place, { job, begun }: { job: JobFacts; begun: boolean }): Promise<PrintOutcome> {
    if (job.state === 'completed') return this.#judgeCompleted(place, job)
    return this.#judgeUnfinished(place, job, begun, reasonOfEnd(job, this.#trouble()))
  }

  async #judgeCompleted(place: Place, job: JobFacts): Promise<PrintOutcome> {
    const { watch } = this.#around
    const isQueue = watch.isCups && place === watch.front
    if (isQueue && watch.behind !== undefined) {
      // Handed over; the printer's own word is asked for.
      const found = await watch.behind.findJob(this.#name, this.#around.closing)
      if (found !== undefined) return this.#watchOver(watch.behind, found)
    }
    const after = await this.#around.look()
    if (after.kind === 'silent') return unknown(after.reason)
    return judgeCompleted(isQueue ? undefined : job, after.kind === 'fault' ? after.reason : undefined)
  }

  /** Cancels, and says what is then certain. */
  async #takeBack(
    place: Place,
    id: number,
    why: Extract<Followed, { kind: 'stopped' | 'late' | 'given-up' }>,
  ): Promise<PrintOutcome> {
    const { timings, closing } = this.#around
    const reason =
      why.kind === 'stopped' ? why.reason : why.kind === 'late' ? 'no-answer' : this.#reasonToGiveUp()
    const withinMs = closing.aborted ? timings.farewellMs : timings.cancelMs
    const ended = await cancelJob(place, { id, name: this.#name }, withinMs, AbortSignal.timeout(withinMs))
    if (ended !== undefined) this.#counted(sidesOf(ended))
    if (closing.aborted || ended === undefined) return unknown(reason)
    if (ended.state === 'completed') return this.#judgeCompleted(place, ended)
    // A printer that was late for no reason that it told is not believed about how much it has printed.
    if (why.kind === 'late') return unknown(reason)
    return this.#judgeUnfinished(place, ended, why.begun, reason)
  }

  /** A sheet that has come out is somebody's, and one that is asked for again comes out twice. */
  async #judgeUnfinished(
    place: Place,
    job: JobFacts,
    begun: boolean,
    reason: FaultReason,
  ): Promise<PrintOutcome> {
    const isNothing = nothingCameOut(job, begun) && (await this.#isQuietBehind(place, begun))
    return isNothing ? failed(reason) : unknown(reason)
  }

  /** Whether the printer behind a queue has let go of the job too, with nothing printed. */
  async #isQuietBehind(place: Place, begun: boolean): Promise<boolean> {
    const { watch, timings, closing } = this.#around
    if (!watch.isCups || place !== watch.front || !begun) return true
    if (watch.behind === undefined) return false
    const deadline = monotonicMs() + timings.cancelMs
    let mayHavePrinted = false
    while (!closing.aborted && monotonicMs() < deadline) {
      const jobs = await watch.behind.ownJobs('not-completed', closing)
      if (jobs === undefined) return false
      const own = jobs.filter((job) => job.name === this.#name && !hasEnded(job))
      if (own.length === 0) return !mayHavePrinted && (await this.#printedNothing(watch.behind))
      mayHavePrinted ||= own.some((job) => !nothingCameOut(job, true))
      for (const { id } of own) await watch.behind.ask({ operation: 'Cancel-Job', jobId: id }, closing)
      await sleep(timings.pollMs, closing)
    }
    return false
  }

  /** A printer that has never heard of the job has printed nothing of it; nor has one that says so. */
  async #printedNothing(behind: Place): Promise<boolean> {
    const ended = await behind.findJob(this.#name, this.#around.closing)
    return ended === undefined || (ended.state !== 'completed' && nothingCameOut(ended, true))
  }
}

/** Document-format and document-… errors of RFC 8011 appendix B. */
const DOCUMENT_STATUSES = [0x040a, 0x0411, 0x041a, 0x041b]
/** server-error-internal-error and server-error-job-canceled: said of a job that was taken first. */
const TAKEN_STATUSES: ReadonlyMap<number, FaultReason> = new Map([
  [0x0500, 'mechanical'],
  [0x0508, 'offline'],
])

function outcomeOfDenial(status: number): PrintOutcome {
  const reason = TAKEN_STATUSES.get(status)
  if (reason !== undefined) return unknown(reason)
  return failed(DOCUMENT_STATUSES.includes(status) ? 'bad-frames' : 'offline')
}
