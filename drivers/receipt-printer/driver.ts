import { randomInt } from 'node:crypto'
import type { FaultReason, Peripheral, PrintOutcome } from '../status.ts'
import { type Attendance, type Ending, lineLost, supervise } from '../supervisor.ts'
import { monotonicMs, sleep } from '../time.ts'
import type { Connection } from '../transport/connection.ts'
import { openPort } from '../transport/open-port.ts'
import type { ReceiptDocument } from './document.ts'
import { encodeDocument } from './encode-document.ts'
import { initialise, inOrderMarker, printDoneRequest } from './escpos.ts'
import { PrinterLine, type StatusAnswer } from './line.ts'
import { type ReceiptPrinterProfile, receiptPrinterProfile } from './profile.ts'
import { markerSaysPaperEnd, type PrinterReply } from './status.ts'

export interface ReceiptPrinter extends Peripheral {
  /**
   * Prints one document, after those before it. Never rejects for a printer's sake and never prints a document
   * twice; a document that a lost line finds waiting fails and is not kept.
   */
  print(document: ReceiptDocument): Promise<PrintOutcome>
}

export interface PrinterTimings {
  statusDeadlineMs: number
  heartbeatMs: number
  proofPollMs: number
  proofDeadlineMs: number
  fenceQuietMs: number
  firstFenceDeadlineMs: number
  missesBeforeReopen: number
}

export const PRINTER_TIMINGS: PrinterTimings = {
  /** An answer to `10 04` comes from the printer's interrupt, ahead of all printing; a second is generous. */
  statusDeadlineMs: 1000,
  /** A pulled cable gives no event (field row 1): paper and line are known no older than this. */
  heartbeatMs: 2000,
  /** While a receipt is being printed: paper that ends is told within half a second. */
  proofPollMs: 500,
  /** A metre of paper takes 20 s on the slowest printers, 50 mm a second. */
  proofDeadlineMs: 30_000,
  /** An older marker's answer is followed by the fence's own within milliseconds, device servers included. */
  fenceQuietMs: 150,
  /** A printer that has never answered a marker probably never will: its documents are not held up for long. */
  firstFenceDeadlineMs: 2000,
  missesBeforeReopen: 2,
}

/** A document that waits for its turn or is being printed. */
interface Job {
  commands: Uint8Array[]
  settle: (outcome: PrintOutcome) => void
}

/**
 * What is known of the printer beyond one connection. Answers to in-order markers carry no name: a document whose
 * proof was missed (a pulled cable, no paper) may be printed later, and its answer must not prove the next one.
 */
interface Memory {
  /** No marker can be outstanding. */
  settled: boolean
  /** It has answered a marker at least once. */
  answersMarkers: boolean
}

/** What lives as long as one connection; documents are taken by it and by no other. */
interface Session {
  jobs: Job[]
  wake: () => void
}

/** Keeps an ESC/POS receipt printer at work on its port. An unknown profile is a wrong configuration and throws. */
export function superviseReceiptPrinter(
  options: { driver: 'escpos'; profile: string; port: string },
  timings: PrinterTimings = PRINTER_TIMINGS,
): ReceiptPrinter {
  const profile = receiptPrinterProfile(options.profile)
  if (profile === undefined) throw new Error(`receipt printer profile "${options.profile}" is not known`)
  let session: Session | undefined
  const memory: Memory = { settled: false, answersMarkers: false }
  const peripheral = supervise<Connection>({
    port: options.port,
    open: (signal) => openPort(options.port, signal),
    attend: async (connection, attendance) => {
      const jobs: Job[] = []
      memory.settled = false
      const work = new PrinterWork({ connection, attendance, profile, timings, jobs, memory })
      session = { jobs, wake: () => work.wake() }
      try {
        return await work.run()
      } finally {
        session = undefined
        for (const job of jobs.splice(0)) job.settle({ outcome: 'failed', reason: 'line-lost' })
      }
    },
  })
  return {
    ...peripheral,
    print: (document) => {
      if (session === undefined) {
        const status = peripheral.status()
        const reason = status.state === 'fault' ? status.reason : 'cannot-open'
        return Promise.resolve({ outcome: 'failed', reason })
      }
      const { promise, resolve } = Promise.withResolvers<PrintOutcome>()
      session.jobs.push({ commands: encodeDocument(document, profile), settle: resolve })
      session.wake()
      return promise
    },
  }
}

const failed = (reason: FaultReason): PrintOutcome => ({ outcome: 'failed', reason })
const unknown = (reason: FaultReason): PrintOutcome => ({ outcome: 'unknown', reason })

/** What is awaited behind a document. */
interface Proof {
  came: boolean
  arrived: AbortSignal
  paperEnd: boolean
}

const NO_MARK = new Uint8Array(0)

interface Work {
  connection: Connection
  attendance: Attendance
  profile: ReceiptPrinterProfile
  timings: PrinterTimings
  jobs: Job[]
  memory: Memory
}

class PrinterWork {
  #work: Work
  #line: PrinterLine
  #misses = 0
  #wake: AbortController = new AbortController()

  constructor(work: Work) {
    this.#work = work
    this.#line = new PrinterLine(work.connection, work.attendance, work.timings.statusDeadlineMs)
  }

  wake(): void {
    this.#wake.abort()
  }

  async run(): Promise<Ending> {
    const { signal } = this.#work.attendance
    for (;;) {
      this.#wake = new AbortController()
      const answer = await this.#status()
      if (signal.aborted || answer.kind === 'gone') return lineLost(this.#work.connection, signal)
      if (this.#misses >= this.#work.timings.missesBeforeReopen) return noAnswer(answer.kind)
      // A lost answer is asked for again at once, and no document is sent on the strength of it.
      if (this.#misses > 0) continue
      if (answer.kind === 'state' && answer.state.fault === undefined && !this.#work.memory.settled) {
        await this.#settle()
        continue
      }
      const job = this.#work.jobs.shift()
      if (job === undefined) {
        await sleep(this.#work.timings.heartbeatMs, AbortSignal.any([signal, this.#wake.signal]))
        continue
      }
      job.settle(await this.#print(job, answer))
    }
  }

  /** Asks, and tells the world what was said. */
  async #status(): Promise<StatusAnswer> {
    const answer = await this.#line.status()
    if (answer.kind !== 'state') {
      this.#misses += 1
      return answer
    }
    this.#misses = 0
    const { fault, warnings } = answer.state
    if (fault === undefined) this.#work.attendance.ready(warnings)
    else this.#work.attendance.fault(fault.reason, fault.detail)
    return answer
  }

  /** `before` was asked for just now: a printer that cannot print gets no byte of the document (field row 14). */
  async #print(job: Job, before: StatusAnswer): Promise<PrintOutcome> {
    if (before.kind !== 'state') return failed('no-answer')
    if (before.state.fault !== undefined) return failed(before.state.fault.reason)

    const mark = Uint8Array.from(Buffer.from(String(randomInt(1000, 10_000)), 'latin1'))
    const request = this.#work.profile.printDone ? printDoneRequest(mark) : inOrderMarker()
    const proof = this.#listenForProof(mark)
    try {
      this.#work.memory.settled = false
      if (!(await this.#line.write([...job.commands, request]))) return unknown('line-lost')
      const missing = await this.#awaitProof(proof, this.#work.timings.proofDeadlineMs)
      if (missing !== undefined) return unknown(missing)
      this.#work.memory.settled = true
      if (this.#work.profile.printDone) return { outcome: 'printed', proof: 'confirmed' }
      return await this.#probably()
    } finally {
      this.#line.onProof = undefined
    }
  }

  /**
   * Asks for a marker's answer while no document is under way, so that every older answer is in. `initialise`
   * before it prints nothing and ends what half a document may have left.
   */
  async #settle(): Promise<void> {
    const { memory, profile, timings, attendance } = this.#work
    // Print-done answers name their document.
    if (!profile.printDone) {
      const deadline = memory.answersMarkers ? timings.proofDeadlineMs : timings.firstFenceDeadlineMs
      const proof = this.#listenForProof(NO_MARK)
      if (!(await this.#line.write([initialise(), inOrderMarker()]))) return
      const missing = await this.#awaitProof(proof, deadline)
      if (missing === undefined) await sleep(timings.fenceQuietMs, attendance.signal)
      this.#line.onProof = undefined
      // A printer in trouble has not been asked yet; one that says nothing has nothing outstanding either.
      if (missing !== undefined && missing !== 'no-answer') return
      memory.answersMarkers ||= missing === undefined
    }
    memory.settled = true
  }

  #listenForProof(mark: Uint8Array): Proof {
    const arrival = new AbortController()
    const proof: Proof = { came: false, arrived: arrival.signal, paperEnd: false }
    this.#line.onProof = (reply) => {
      if (!isProof(reply, this.#work.profile, mark)) return
      proof.came = true
      proof.paperEnd = reply.kind === 'marker' && markerSaysPaperEnd(reply.byte)
      arrival.abort()
    }
    return proof
  }

  /** Waits for the proof while watching the printer. Gives why it will not come, or undefined when it came. */
  async #awaitProof(proof: Proof, deadlineMs: number): Promise<FaultReason | undefined> {
    const { signal } = this.#work.attendance
    const deadline = monotonicMs() + deadlineMs
    let trouble: FaultReason | undefined
    for (;;) {
      await sleep(this.#work.timings.proofPollMs, AbortSignal.any([signal, proof.arrived]))
      if (proof.came) return proof.paperEnd ? 'paper-out' : undefined
      if (signal.aborted) return 'line-lost'
      // Told only after a last look for the proof: the trouble may have begun behind it.
      if (trouble !== undefined) return trouble
      if (monotonicMs() > deadline) return 'no-answer'
      const answer = await this.#status()
      if (this.#misses >= this.#work.timings.missesBeforeReopen) trouble = 'no-answer'
      // A printer that is offline for a moment, as while paper is fed by hand, may go on by itself.
      else if (answer.kind === 'state' && answer.state.fault?.reason !== 'offline') {
        trouble = answer.state.fault?.reason
      }
    }
  }

  /** The marker was worked on; without print-done, only a printer without a care has probably printed. */
  async #probably(): Promise<PrintOutcome> {
    const after = await this.#status()
    if (after.kind === 'gone') return unknown('line-lost')
    if (after.kind !== 'state') return unknown('no-answer')
    if (after.state.fault !== undefined) return unknown(after.state.fault.reason)
    return { outcome: 'printed', proof: 'probable' }
  }
}

function isProof(reply: PrinterReply, profile: ReceiptPrinterProfile, mark: Uint8Array): boolean {
  if (!profile.printDone) return reply.kind === 'marker'
  // A mark of an earlier document proves nothing of this one.
  return reply.kind === 'print-done' && Buffer.compare(reply.mark, mark) === 0
}

function noAnswer(kind: StatusAnswer['kind']): Ending {
  return kind === 'garbled'
    ? { reason: 'bad-frames', detail: 'bytes come, but no status: check the speed and the cable' }
    : { reason: 'no-answer', detail: 'the port is open and the printer says nothing' }
}
