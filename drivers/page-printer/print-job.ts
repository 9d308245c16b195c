import { randomBytes } from 'node:crypto'
import type { FaultReason, PrintOutcome } from '../status.ts'
import { monotonicMs, sleep } from '../time.ts'
import { type IppResult, ippRequest, reasonOfTrouble } from './client.ts'
import { cancelJob, type Followed, followJob } from './follow.ts'
import type { JobFacts } from './ipp.ts'
import { hasEnded, type Place } from './place.ts'
import { judgeCompleted, reasonOfEnd } from './proof.ts'
import type { PagePrinterTimings } from './timings.ts'
import type { PrinterWatch, View } from './watch.ts'

/** What one print needs to know of the world around it. */
export interface PrintSurroundings {
  watch: PrinterWatch
  timings: PagePrinterTimings
  /** Asks the printer now, and lets everybody know. */
  look(): Promise<View>
  /** As the heartbeat last saw it. */
  view(): View
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
  /** By its name it is found again behind a queue. Names are shown on panels and logged: it tells nothing. */
  readonly #name = `window24-${randomBytes(NAME_BYTES).toString('hex')}`
  #deadlineMs = 0

  constructor(around: PrintSurroundings, givenUp: AbortSignal) {
    this.#around = around
    this.#givenUp = AbortSignal.any([givenUp, around.closing])
  }

  async print(pdf: Uint8Array): Promise<PrintOutcome> {
    if (this.#givenUp.aborted) return failed('offline')
    // A printer that cannot print gets no byte of the document (field row 14).
    const before = await this.#around.look()
    if (before.kind !== 'fine') return failed(before.reason)
    if (this.#givenUp.aborted) return failed('offline')
    this.#deadlineMs = monotonicMs() + this.#around.timings.jobDeadlineMs
    const sent = await this.#send(pdf)
    if (sent.kind === 'denied') return failed(reasonOfDenial(sent.answer.status))
    if (sent.kind === 'failed') {
      const reason = reasonOfTrouble(sent.trouble, true)
      return sent.reached ? unknown(reason) : failed(reason)
    }
    const [job] = sent.answer.jobs
    if (job === undefined) return unknown('bad-frames')
    return this.#watchOver(this.#around.watch.front, job.id)
  }

  #send(pdf: Uint8Array): Promise<IppResult> {
    const { watch, timings, lost } = this.#around
    return ippRequest(
      watch.front.target,
      { operation: 'Print-Job', jobName: this.#name },
      {
        user: watch.front.user,
        deadlineMs: timings.sendDeadlineMs,
        signal: AbortSignal.any([this.#givenUp, lost()]),
        document: pdf,
      },
    )
  }

  async #watchOver(place: Place, id: number): Promise<PrintOutcome> {
    const followed = await this.#follow(place, id)
    if (followed.kind === 'ended') return this.#judge(place, followed.job)
    if (followed.kind === 'vanished') return unknown(this.#trouble() ?? 'no-answer')
    if (followed.kind === 'lost') return unknown('line-lost')
    return this.#takeBack(place, id, followed)
  }

  #follow(place: Place, id: number): Promise<Followed> {
    const following = {
      id,
      name: this.#name,
      deadlineMs: this.#deadlineMs,
      trouble: () => this.#trouble(),
      givenUp: this.#givenUp,
      lost: this.#around.lost(),
    }
    return followJob(place, following, this.#around.timings)
  }

  /** Silence is no trouble of the printer's: it may be printing, and after a while the line counts as lost. */
  #trouble(): FaultReason | undefined {
    const view = this.#around.view()
    return view.kind === 'fault' ? view.reason : undefined
  }

  async #judge(place: Place, job: JobFacts): Promise<PrintOutcome> {
    if (job.state === 'completed') return this.#judgeCompleted(place, job)
    const reason = reasonOfEnd(job, this.#trouble())
    return (await this.#isQuietBehind(place)) ? failed(reason) : unknown(reason)
  }

  async #judgeCompleted(place: Place, job: JobFacts): Promise<PrintOutcome> {
    const { watch } = this.#around
    const isQueue = watch.isCups && place === watch.front
    if (isQueue && watch.behind !== undefined) {
      // Handed over; the printer's own word is asked for.
      const found = await watch.behind.findJob(this.#name, this.#around.closing)
      if (found !== undefined) return this.#watchOver(watch.behind, found.id)
    }
    const after = await this.#around.look()
    if (after.kind === 'silent') return unknown(after.reason)
    return judgeCompleted(isQueue ? undefined : job, after.kind === 'fault' ? after.reason : undefined)
  }

  /** Cancels, and says what is then certain. */
  async #takeBack(
    place: Place,
    id: number,
    why: { kind: 'stopped'; reason: FaultReason } | { kind: 'late' } | { kind: 'given-up' },
  ): Promise<PrintOutcome> {
    const { timings, closing } = this.#around
    const reason = why.kind === 'stopped' ? why.reason : why.kind === 'late' ? 'no-answer' : 'offline'
    const withinMs = closing.aborted ? timings.farewellMs : timings.cancelMs
    const ended = await cancelJob(place, { id, name: this.#name }, withinMs, AbortSignal.timeout(withinMs))
    if (closing.aborted || ended === undefined) return unknown(reason)
    if (ended.state === 'completed') return this.#judgeCompleted(place, ended)
    // A printer that was late for no reason that it told is not believed about how much it has printed.
    if (why.kind === 'late') return unknown(reason)
    return (await this.#isQuietBehind(place)) ? failed(reason) : unknown(reason)
  }

  /** Whether the printer behind a queue has let go of the job too; only then nothing more will come out. */
  async #isQuietBehind(place: Place): Promise<boolean> {
    const { watch, timings, closing } = this.#around
    if (!watch.isCups || place !== watch.front) return true
    if (watch.behind === undefined) return false
    const deadline = monotonicMs() + timings.cancelMs
    while (!closing.aborted && monotonicMs() < deadline) {
      const jobs = await watch.behind.ownJobs('not-completed', closing)
      if (jobs === undefined) return false
      const own = jobs.filter((job) => job.name === this.#name && !hasEnded(job))
      if (own.length === 0) return true
      for (const { id } of own) await watch.behind.ask({ operation: 'Cancel-Job', jobId: id }, closing)
      await sleep(timings.pollMs, closing)
    }
    return false
  }
}

/** Document-format and document-… errors of RFC 8011 appendix B. */
const DOCUMENT_STATUSES = [0x040a, 0x0411, 0x041a, 0x041b]

function reasonOfDenial(status: number): FaultReason {
  return DOCUMENT_STATUSES.includes(status) ? 'bad-frames' : 'offline'
}
