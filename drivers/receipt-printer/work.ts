import type { FaultReason, PrintOutcome } from '../status.ts'
import { type Attendance, type Ending, lineLost } from '../supervisor.ts'
import { monotonicMs, sleep } from '../time.ts'
import type { Connection } from '../transport/connection.ts'
import { parsePort } from '../transport/port.ts'
import { separatingCut } from './encode-document.ts'
import { initialise, inOrderMarker, recover } from './escpos.ts'
import type { Job } from './job.ts'
import { PrinterLine, type StatusAnswer } from './line.ts'
import type { PrinterMemory } from './memory.ts'
import { pieces, sizeOf } from './pieces.ts'
import type { ReceiptPrinterProfile } from './profile.ts'
import { Proof } from './proof.ts'
import type { PrinterReply } from './reply-parser.ts'
import { isMarkerAnswer, readAutomaticStatus } from './status.ts'
import { type PrintCommand, wipe } from './tape.ts'
import type { PrinterTimings } from './timings.ts'
import { PrinterWatch } from './watch.ts'

/** What comes unasked may come without end on a bad line: it is not asked after more often than this. */
const UNASKED_PAUSE_MS = 50

/** What makes the printer drop all that it holds must be said more than once, and on a quiet line. */
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
  #oddities = 0

  constructor(options: WorkOptions) {
    this.#options = options
    const { connection, attendance, timings, profile, memory } = options
    const pace = { ...profile, ...wireOf(connection.port, profile) }
    this.#line = new PrinterLine(connection, attendance, timings.statusDeadlineMs, pace, memory)
    this.#watch = new PrinterWatch(this.#line, attendance, timings.missesBeforeReopen)
    this.#line.onReply = (reply) => this.#hear(reply)
  }

  wake(): void {
    this.#wake.abort()
  }

  async run(): Promise<Ending> {
    const { attendance, connection, jobs, memory, timings } = this.#options
    const { signal } = attendance
    await this.#line.fillUp()
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
      let outcome: PrintOutcome = { outcome: 'unknown', reason: 'line-lost' }
      try {
        outcome = await this.#print(job, answer.state.fault?.reason)
      } finally {
        wipe(job.commands)
        job.settle(outcome)
      }
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
    const isQuiet = this.#line.oddities === this.#oddities
    this.#oddities = this.#line.oddities
    if (!waits) memory.waits = 0
    else if (isQuiet || memory.waits >= WAITS_BELIEVED) memory.waits += 1
    if (memory.waits === WAITS_BELIEVED) await this.#line.write([{ bytes: recover(), rows: 0 }])
  }

  /**
   * Waits for the answers to an earlier document's markers, and ends what it may have left on the paper. All answers
   * are in when a marker that was sent while no document is under way is answered and the line is quiet; but only if
   * nothing stands between it and the one before, so the knife, whose stroke takes longer than the quiet, comes last.
   */
  async #settle(): Promise<void> {
    const { memory, profile } = this.#options
    memory.fenceDue &&= profile.marker && !profile.printDone
    const cut = memory.torn ? separatingCut(profile) : []
    if (memory.fenceDue) await this.#fence(cut)
    else if (await this.#line.write(cut)) memory.torn = false
  }

  async #fence(cut: readonly PrintCommand[]): Promise<void> {
    const { memory, timings, attendance } = this.#options
    memory.outstanding += 1
    const proof = this.#expect(Proof.ofAnyMarker())
    proof.ask()
    const marker = [initialise(), inOrderMarker()].map((bytes) => ({ bytes, rows: 0 }))
    if (!(await this.#line.write([...marker, ...cut]))) return
    memory.torn = false
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
    memory.answersMarkers = missing === undefined
  }

  /** `trouble` was asked for just now: a printer that cannot print gets no byte of the document (field row 14). */
  async #print(job: Job, trouble: FaultReason | undefined): Promise<PrintOutcome> {
    const { memory, profile } = this.#options
    if (trouble !== undefined) return { outcome: 'failed', reason: trouble }
    const nonsenseBefore = this.#line.nonsense
    const proof = this.#expect(Proof.of(profile, memory))
    // Until it is proven whole: also a thrown error must leave the paper to be cut.
    memory.torn = true
    const unsent = await this.#send(job, proof)
    if (unsent === undefined) job.onSent()
    const missing = unsent ?? (await this.#awaitPaper(job, proof))
    this.#proof = undefined
    this.#line.done()
    if (missing === undefined) memory.torn = false
    // A marker's answer is one byte, which any noise can hold.
    const noisy = !profile.printDone && this.#line.nonsense > nonsenseBefore
    const reason = missing ?? (noisy ? 'bad-frames' : undefined)
    if (reason === undefined) {
      if (!profile.printDone) return await this.#probably()
      // Whatever it says now: this paper is out, and the world is told how the printer is.
      await this.#watch.look()
      return { outcome: 'printed', proof: 'confirmed' }
    }
    memory.fenceDue = memory.answersMarkers === true
    return { outcome: 'unknown', reason }
  }

  /**
   * Piece by piece, each after a look at the printer, which is fed neither while it has stopped nor faster than it
   * can print: there are those that keep what they were sent and print it at the next refill (field row 14), and
   * those whose buffer runs over. Gives why not all was sent.
   */
  async #send(job: Job, proof: Proof): Promise<FaultReason | undefined> {
    const { memory, profile, timings } = this.#options
    const deadline = monotonicMs() + timings.proofDeadlineMs + this.#line.timeMs(sizeOf(job.commands))
    // There was a look just now.
    let isLooked = true
    for (const piece of pieces(job.commands)) {
      const missing = isLooked && this.#hasRoom(piece) ? undefined : await this.#mayGoOn(piece, deadline)
      if (missing !== undefined) return missing
      isLooked = false
      if (!(await this.#line.write(piece))) return 'line-lost'
    }
    if (proof.request === undefined) return undefined
    // Counted before it is sent: the answer may be here before the write has come back.
    if (!profile.printDone) memory.outstanding += 1
    proof.ask()
    return (await this.#line.write([{ bytes: proof.request, rows: 0 }])) ? undefined : 'line-lost'
  }

  #hasRoom(piece: readonly PrintCommand[]): boolean {
    return this.#line.takesBytes && this.#line.roomInMs(piece) <= 0
  }

  async #mayGoOn(piece: readonly PrintCommand[], deadline: number): Promise<FaultReason | undefined> {
    const { attendance, timings } = this.#options
    for (;;) {
      const beganMs = monotonicMs()
      const look = await this.#watch.look()
      if (look.kind === 'stop') return look.reason
      if (look.kind === 'clear' && this.#hasRoom(piece)) return undefined
      if (look.kind === 'wait' && monotonicMs() > deadline) return look.reason
      const roomInMs = this.#line.roomInMs(piece)
      const isPacing = look.kind === 'clear' && roomInMs > 0
      await sleep(isPacing ? Math.min(roomInMs, timings.proofPollMs) : timings.proofPollMs, attendance.signal)
      if (look.kind === 'wait') this.#line.stood(monotonicMs() - beganMs)
    }
  }

  /** After the last byte: as long as the paper may take, and longer where a proof can still be hoped for. */
  async #awaitPaper(job: Job, proof: Proof): Promise<FaultReason | undefined> {
    const { memory, profile, timings } = this.#options
    const hopeless = profile.printDone ? false : !profile.marker || memory.answersMarkers === false
    const slackMs = hopeless ? timings.paperSlackMs : timings.proofDeadlineMs
    const missing = await this.#await(proof, this.#line.timeMs(sizeOf(job.commands)), slackMs)
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
    let waitedFor: FaultReason = 'no-answer'
    for (;;) {
      await sleep(timings.proofPollMs, AbortSignal.any([signal, proof.arrived]))
      if (proof.came) return proof.paperEnd ? 'paper-out' : undefined
      if (signal.aborted) return 'line-lost'
      // Told only after a last look for the proof: the trouble may have begun behind it.
      if (trouble !== undefined) return trouble
      if (monotonicMs() > deadline) return waitedFor
      const look = await this.#watch.look()
      if (look.kind === 'stop') trouble = look.reason
      waitedFor = look.kind === 'wait' ? look.reason : 'no-answer'
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

/** A port that names its speed runs at it; behind a device server the profile says it. */
function wireOf(port: string, { baud }: ReceiptPrinterProfile): { baud: number; isUnheld: boolean } {
  const parsed = parsePort(port)
  if (!parsed.ok || parsed.port.kind !== 'serial') return { baud, isUnheld: false }
  return { baud: parsed.port.baud, isUnheld: true }
}
