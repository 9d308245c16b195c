import type { FaultReason, PrintOutcome } from '../status.ts'
import { type Attendance, type Ending, lineLost } from '../supervisor.ts'
import { monotonicMs, sleep } from '../time.ts'
import type { Connection } from '../transport/connection.ts'
import { parsePort } from '../transport/port.ts'
import { separatingCut } from './encode-document.ts'
import { initialise, inOrderMarker, recover } from './escpos.ts'
import { type Job, wipe } from './job.ts'
import { PrinterLine, type StatusAnswer } from './line.ts'
import type { PrinterMemory } from './memory.ts'
import { pieces } from './pieces.ts'
import type { ReceiptPrinterProfile } from './profile.ts'
import { Proof } from './proof.ts'
import type { PrinterReply } from './reply-parser.ts'
import { isMarkerAnswer, readAutomaticStatus } from './status.ts'
import type { PrinterTimings } from './timings.ts'
import { PrinterWatch } from './watch.ts'

/** What comes unasked may come without end on a bad line: it is not asked after more often than this. */
const UNASKED_PAUSE_MS = 50

/** A status is four bytes without a check: one that makes the printer drop what it holds must be said twice. */
const WAITS_BELIEVED = 2

export interface WorkOptions {
  connection: Connection
  attendance: Attendance
  profile: ReceiptPrinterProfile
  timings: PrinterTimings
  jobs: Job[]
  memory: PrinterMemory
}

/** One connection's work: status at all times, and documents one after the other. */
export class PrinterWork {
  #options: WorkOptions
  #line: PrinterLine
  #watch: PrinterWatch
  #proof: Proof | undefined
  #wake = new AbortController()
  #asksSoon = false

  constructor(options: WorkOptions) {
    this.#options = options
    const { connection, attendance, timings, profile } = options
    const pace = { ...profile, baud: slowestBaud(connection.port, profile) }
    this.#line = new PrinterLine(connection, attendance, timings.statusDeadlineMs, pace)
    this.#watch = new PrinterWatch(this.#line, attendance, timings.missesBeforeReopen)
    this.#line.onReply = (reply) => this.#hear(reply)
  }

  wake(): void {
    this.#wake.abort()
  }

  async run(): Promise<Ending> {
    const { attendance, connection, jobs, memory, timings } = this.#options
    const { signal } = attendance
    for (;;) {
      this.#wake = new AbortController()
      const answer = await this.#watch.status()
      if (signal.aborted || answer.kind === 'gone') return lineLost(connection, signal)
      if (this.#watch.givenUp) return this.#watch.ending()
      // A lost answer is asked for again at once, and no document is sent on the strength of it.
      if (answer.kind !== 'state') continue
      await this.#recover(answer)
      if (answer.state.fault === undefined && (memory.fenceDue || memory.torn)) {
        await this.#settle()
        continue
      }
      const job = jobs.shift()
      if (job === undefined) {
        await sleep(timings.heartbeatMs, AbortSignal.any([signal, this.#wake.signal]))
        continue
      }
      const outcome = await this.#print(job, answer.state.fault?.reason)
      wipe(job.commands)
      job.settle(outcome)
    }
  }

  #hear(reply: PrinterReply): void {
    const { attendance, memory } = this.#options
    if (reply.kind === 'automatic') {
      const { fault } = readAutomaticStatus(reply.bytes)
      // Only asking tells that all is well, for an automatic status does not say everything.
      if (fault !== undefined) attendance.fault(fault.reason, fault.detail)
      this.#askSoon()
      return
    }
    if (reply.kind === 'marker' && isMarkerAnswer(reply.byte) && memory.outstanding > 0) {
      memory.outstanding -= 1
      memory.answersMarkers = true
    }
    this.#proof?.hear(reply)
  }

  #askSoon(): void {
    if (this.#asksSoon) return
    this.#asksSoon = true
    void sleep(UNASKED_PAUSE_MS, this.#options.attendance.signal).then(() => {
      this.#asksSoon = false
      this.wake()
    })
  }

  /** Once for each error, and only when hands are no longer needed. */
  async #recover(answer: StatusAnswer): Promise<void> {
    const { memory } = this.#options
    const waits = answer.kind === 'state' && answer.state.waitsToRecover
    memory.waits = waits ? memory.waits + 1 : 0
    if (memory.waits === WAITS_BELIEVED) await this.#line.write({ bytes: recover(), rows: 0 })
  }

  /**
   * Ends what an earlier document may have left on the paper, and waits for the answers to its markers: all of
   * them are in when one that was sent while no document is under way is answered and the line is quiet.
   */
  async #settle(): Promise<void> {
    const { memory, profile, timings, attendance } = this.#options
    if (memory.torn) {
      for (const bytes of separatingCut(profile)) {
        if (!(await this.#line.write({ bytes, rows: 0 }))) return
      }
      memory.torn = false
    }
    memory.fenceDue &&= profile.marker && !profile.printDone
    if (!memory.fenceDue) return
    const asked = Buffer.concat([initialise(), inOrderMarker()])
    memory.outstanding += 1
    const proof = this.#expect(Proof.ofAnyMarker())
    proof.ask()
    if (!(await this.#line.write({ bytes: asked, rows: 0 }))) return
    const slackMs = memory.answersMarkers ? timings.proofDeadlineMs : timings.firstFenceDeadlineMs
    const { silences } = this.#watch
    const missing = await this.#await(proof, 0, slackMs)
    if (missing === undefined) {
      await sleep(timings.fenceQuietMs, attendance.signal)
      memory.outstanding = 0
    }
    this.#proof = undefined
    // A printer in trouble has not come to the marker yet, and a line that was silent may have lost the answer; one
    // that answers everything else never will.
    if (missing !== undefined && (missing !== 'no-answer' || this.#watch.silences > silences)) return
    memory.fenceDue = false
    memory.answersMarkers = missing === undefined || memory.answersMarkers === true
  }

  /** `trouble` was asked for just now: a printer that cannot print gets no byte of the document (field row 14). */
  async #print(job: Job, trouble: FaultReason | undefined): Promise<PrintOutcome> {
    const { memory, profile } = this.#options
    if (trouble !== undefined) return { outcome: 'failed', reason: trouble }
    const nonsenseBefore = this.#line.nonsense
    const proof = this.#expect(Proof.of(profile, memory))
    // Until it is proven whole: also a thrown error must leave the paper to be cut.
    memory.torn = true
    const missing = (await this.#send(job, proof)) ?? (await this.#awaitPaper(job, proof))
    this.#proof = undefined
    this.#line.done()
    if (missing === undefined) memory.torn = false
    // A marker's answer is one byte, which any noise can hold.
    const noisy = !profile.printDone && this.#line.nonsense > nonsenseBefore
    const reason = missing ?? (noisy ? 'bad-frames' : undefined)
    if (reason === undefined) {
      if (profile.printDone) return { outcome: 'printed', proof: 'confirmed' }
      return await this.#probably()
    }
    memory.fenceDue = memory.answersMarkers === true
    return { outcome: 'unknown', reason }
  }

  /**
   * Piece by piece, each after a look at the printer: one that has stopped is not fed, for there are printers that
   * keep what they were sent and print it at the next refill (field row 14). Gives why not all was sent.
   */
  async #send(job: Job, proof: Proof): Promise<FaultReason | undefined> {
    const { memory, profile, timings } = this.#options
    const deadline = monotonicMs() + timings.proofDeadlineMs + this.#line.timeMs(sizeOf(job))
    let first = true
    for (const piece of pieces(job.commands)) {
      const missing = first ? undefined : await this.#mayGoOn(deadline)
      if (missing !== undefined) return missing
      first = false
      const sent = await this.#line.write(piece)
      piece.bytes.fill(0)
      if (!sent) return 'line-lost'
    }
    if (proof.request === undefined) return undefined
    // Counted before it is sent: the answer may be here before the write has come back.
    if (!profile.printDone) memory.outstanding += 1
    proof.ask()
    return (await this.#line.write({ bytes: proof.request, rows: 0 })) ? undefined : 'line-lost'
  }

  async #mayGoOn(deadline: number): Promise<FaultReason | undefined> {
    const { attendance, timings } = this.#options
    for (;;) {
      const look = await this.#watch.look()
      if (look.kind === 'stop') return look.reason
      // By then a full buffer must have been printed: an XON that was lost holds nothing up for ever.
      if (look.kind === 'clear' && (this.#line.takesBytes || !this.#line.isPatient)) return undefined
      if (look.kind === 'wait' && monotonicMs() > deadline) return look.reason
      await sleep(timings.proofPollMs, attendance.signal)
    }
  }

  /** After the last byte: as long as the paper may take, and longer where a proof can still be hoped for. */
  async #awaitPaper(job: Job, proof: Proof): Promise<FaultReason | undefined> {
    const { memory, profile, timings } = this.#options
    const hopeless = profile.printDone ? false : !profile.marker || memory.answersMarkers === false
    const slackMs = hopeless ? timings.paperSlackMs : timings.proofDeadlineMs
    const missing = await this.#await(proof, this.#line.timeMs(sizeOf(job)), slackMs)
    // All was sent and nothing was ever wrong: there is nothing to cut off.
    if (missing === 'no-answer' && this.#watch.isHeard) memory.torn = false
    return missing
  }

  #expect(proof: Proof): Proof {
    this.#proof = proof
    return proof
  }

  /**
   * Waits for the proof while watching the printer: as long as the paper takes and some slack, which is short once
   * an answer was missed, for then the proof may be lost as well. Gives why it will not come, or undefined when it
   * came.
   */
  async #await(proof: Proof, ownMs: number, slackMs: number): Promise<FaultReason | undefined> {
    const { attendance, timings } = this.#options
    const { signal } = attendance
    const { silences } = this.#watch
    let deadline = monotonicMs() + ownMs + slackMs
    let trouble: FaultReason | undefined
    for (;;) {
      await sleep(timings.proofPollMs, AbortSignal.any([signal, proof.arrived]))
      if (proof.came) return proof.paperEnd ? 'paper-out' : undefined
      if (signal.aborted) return 'line-lost'
      // Told only after a last look for the proof: the trouble may have begun behind it.
      if (trouble !== undefined) return trouble
      if (monotonicMs() > deadline) return 'no-answer'
      const look = await this.#watch.look()
      if (look.kind === 'stop') trouble = look.reason
      const isLost = look.kind === 'clear' && this.#watch.silences > silences
      if (isLost) deadline = Math.min(deadline, monotonicMs() + ownMs + timings.paperSlackMs)
    }
  }

  /** The marker was worked on; without print-done, only a printer without a care has probably printed. */
  async #probably(): Promise<PrintOutcome> {
    for (;;) {
      const after = await this.#watch.look()
      if (after.kind === 'clear') return { outcome: 'printed', proof: 'probable' }
      // One lost answer is asked for again (field row 15).
      if (after.kind === 'wait' && after.reason === 'no-answer') continue
      return { outcome: 'unknown', reason: after.reason }
    }
  }
}

/** A port that names its speed is no faster than that; behind a device server the profile says it. */
function slowestBaud(port: string, profile: ReceiptPrinterProfile): number {
  const parsed = parsePort(port)
  return parsed.ok && parsed.port.kind === 'serial' ? Math.min(parsed.port.baud, profile.baud) : profile.baud
}

function sizeOf(job: Job): { bytes: number; rows: number } {
  return { bytes: job.commands.reduce((sum, { bytes }) => sum + bytes.length, 0), rows: job.rows }
}
