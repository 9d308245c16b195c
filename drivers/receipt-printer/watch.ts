import type { FaultReason } from '../status.ts'
import type { Attendance, Ending } from '../supervisor.ts'
import type { PrinterLine, StatusAnswer } from './line.ts'

/** One look at the printer: may bytes go on, is it to be waited for, or is it over? */
export type Look = { kind: 'clear' } | { kind: 'wait' | 'stop'; reason: FaultReason }

/** Asks the printer how it is, tells the world, and knows when a silent line is to be given up. */
export class PrinterWatch {
  #line: PrinterLine
  #attendance: Attendance
  #missesBeforeReopen: number
  #misses = 0
  #silences = 0
  #missed: StatusAnswer['kind'] = 'silent'
  #believed: FaultReason | undefined

  constructor(line: PrinterLine, attendance: Attendance, missesBeforeReopen: number) {
    this.#line = line
    this.#attendance = attendance
    this.#missesBeforeReopen = missesBeforeReopen
  }

  /** The last answer was a whole status. */
  get isHeard(): boolean {
    return this.#misses === 0
  }

  /** Answers that did not come, in all: with them, a proof may have been lost. */
  get silences(): number {
    return this.#silences
  }

  /** It is silent, and not because something else is still on its way. */
  get givenUp(): boolean {
    return this.#misses >= this.#missesBeforeReopen && !this.#line.isPatient
  }

  ending(): Ending {
    return this.#missed === 'garbled'
      ? { reason: 'bad-frames', detail: 'bytes come, but no status: check the speed and the cable' }
      : { reason: 'no-answer', detail: 'the port is open and the printer says nothing' }
  }

  async status(): Promise<StatusAnswer> {
    const first = await this.#line.status()
    // A status is four bytes without a check, and a trouble ends a document: a new one must be said twice.
    const answer = this.#isNews(first) ? await this.#line.statusAgain() : first
    if (answer.kind === 'state') {
      this.#misses = 0
      const { fault, warnings } = answer.state
      this.#believed = fault?.reason
      if (fault === undefined) this.#attendance.ready(warnings)
      else this.#attendance.fault(fault.reason, fault.detail)
      return answer
    }
    this.#misses += 1
    this.#silences += 1
    this.#missed = answer.kind
    if (this.#misses >= this.#missesBeforeReopen && !this.givenUp) {
      const { reason, detail } = this.ending()
      this.#attendance.fault(reason, `${detail}; a document is on its way, so it is waited for`)
    }
    return answer
  }

  #isNews(answer: StatusAnswer): boolean {
    if (answer.kind !== 'state' || answer.state.fault === undefined) return false
    return answer.state.fault.reason !== this.#believed
  }

  async look(): Promise<Look> {
    const answer = await this.status()
    if (answer.kind === 'gone') return { kind: 'stop', reason: 'line-lost' }
    if (answer.kind !== 'state') return { kind: this.givenUp ? 'stop' : 'wait', reason: 'no-answer' }
    const { fault } = answer.state
    if (fault === undefined) return { kind: 'clear' }
    return { kind: fault.passing ? 'wait' : 'stop', reason: fault.reason }
  }
}
