import { setImmediate as pollOnce } from 'node:timers/promises'
import { Listeners } from '../listeners.ts'
import { type Attendance, type Ending, lineLost } from '../supervisor.ts'
import { sleep } from '../time.ts'
import type { Connection } from '../transport/connection.ts'
import type { KeypadCodec } from './codec.ts'
import { KeypadLine } from './line.ts'
import { PressJudge } from './presses.ts'
import type { KeypadTimings } from './timings.ts'

/** As much as the shortest report has: less is a crackle on the line. */
const DAMAGED_REPORT_BYTES = 3

/**
 * Whether a press is waited for: outlives every connection, so that a unit that comes back goes on where this is,
 * and a pulled cable neither counts nor ends anything.
 */
export class Asking {
  readonly keys = new Listeners<number>()
  #codec: KeypadCodec
  #asksForMs: number | null
  #timings: KeypadTimings
  #judge = new PressJudge()
  #line: KeypadLine | undefined
  #debounce: NodeJS.Timeout | undefined
  #renewal: NodeJS.Timeout | undefined
  /** Bytes since the unit was asked that were no frame. */
  #damage = 0

  constructor(codec: KeypadCodec, asksForMs: number | null, timings: KeypadTimings) {
    this.#codec = codec
    this.#asksForMs = asksForMs
    this.#timings = timings
  }

  get ignoredPresses(): number {
    return this.#judge.ignored
  }

  get isOpen(): boolean {
    return this.#judge.isOpen
  }

  get line(): KeypadLine | undefined {
    return this.#line
  }

  start(): void {
    clearTimeout(this.#debounce)
    this.#judge.open()
    this.#ask()
  }

  stop(): void {
    this.#rest()
    this.#line?.replace(this.#codec.stop)
  }

  acknowledge(): void {
    this.#rest()
    this.#line?.replace([...this.#codec.acknowledge, ...this.#codec.stop])
  }

  async attend(connection: Connection, attendance: Attendance): Promise<Ending> {
    const { signal } = attendance
    const line = new KeypadLine({
      connection,
      attendance,
      timings: this.#timings,
      match: this.#codec.match,
      onKey: (key) => this.#press(key),
      onDamage: (bytes) => this.#damaged(bytes),
    })
    await sleep(this.#timings.leftoversMs, signal)
    // A process that was busy all that time has not looked at the line yet.
    await pollOnce()
    if (!signal.aborted) {
      this.#line = line
      if (this.#judge.isOpen) this.#ask()
      else line.replace(this.#codec.stop)
      // A keypad cannot be asked anything quietly: its line being open is all that can be known of it.
      attendance.ready()
    }
    await aborted(signal)
    this.#line = undefined
    clearTimeout(this.#renewal)
    line.stop()
    return lineLost(connection, signal)
  }

  close(): void {
    this.#rest()
    this.keys.clear()
  }

  #rest(): void {
    this.#judge.close()
    clearTimeout(this.#debounce)
    clearTimeout(this.#renewal)
  }

  /** Also whenever the unit may have forgotten that it asks. */
  #ask(): void {
    clearTimeout(this.#renewal)
    this.#damage = 0
    this.#line?.replace(this.#codec.start)
    if (this.#asksForMs !== null) this.#askAgainIn(this.#asksForMs - this.#timings.renewAheadMs)
  }

  #askAgainIn(waitMs: number): void {
    clearTimeout(this.#renewal)
    if (this.#line !== undefined) this.#renewal = setTimeout(() => this.#ask(), waitMs)
  }

  /** It may have been a key, after which the unit sleeps: the citizen's next press must not meet a dead unit. */
  #damaged(bytes: number): void {
    const before = this.#damage
    this.#damage += bytes
    if (!this.#judge.isWaiting || before >= DAMAGED_REPORT_BYTES) return
    if (this.#damage >= DAMAGED_REPORT_BYTES) this.#askAgainIn(this.#timings.renewAfterDamageMs)
  }

  #press(key: number): void {
    // What a device server kept since the line was lost answers nothing that is asked now.
    if (this.#line === undefined) {
      this.#judge.ignore()
      return
    }
    if (!this.#judge.press(key)) return
    clearTimeout(this.#renewal)
    clearTimeout(this.#debounce)
    this.#debounce = setTimeout(() => this.#settle(), this.#timings.debounceMs)
  }

  #settle(): void {
    const key = this.#judge.settle()
    // A unit stops asking at its first key, whatever became of it here.
    if (key === undefined) this.#ask()
    else this.keys.emit(key)
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
