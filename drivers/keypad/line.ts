import type { Attendance } from '../supervisor.ts'
import { sleep } from '../time.ts'
import type { Connection } from '../transport/connection.ts'
import type { KeyReport } from './codec.ts'
import { FrameWatch } from './frame-watch.ts'
import { FrameParser, type Matcher } from './parser.ts'
import type { KeypadTimings } from './timings.ts'

/** A stalled line ends within the write deadline; until then nobody needs more than this. */
const MAX_WAITING_FRAMES = 16

export interface KeypadLineOptions {
  connection: Connection
  attendance: Attendance
  timings: KeypadTimings
  match: Matcher<KeyReport>
  onKey: (key: number) => void
  /** So many bytes were no frame. */
  onDamage: (bytes: number) => void
}

/** One connection to a unit: frames out one at a time, key reports in. */
export class KeypadLine {
  #options: KeypadLineOptions
  #parser: FrameParser<KeyReport>
  #waiting: Uint8Array[] = []
  #writing = false
  #frameWatch: FrameWatch
  #countedDiscarded = 0

  constructor(options: KeypadLineOptions) {
    this.#options = options
    this.#parser = new FrameParser(options.match)
    this.#frameWatch = new FrameWatch(this.#parser, options.timings.frameDeadlineMs, (before) => {
      options.attendance.counters.deadlineAborts += 1
      this.#hear(this.#parser.abandon(before))
    })
    options.connection.onData((chunk) => {
      const reports = this.#parser.push(chunk)
      // The chunk is the transport's own memory, and a citizen's answer.
      chunk.fill(0)
      this.#hear(reports)
      this.#frameWatch.heard()
    })
  }

  /** Puts the unit into another state: what waits of an older one is not sent any more. */
  replace(frames: readonly Uint8Array[]): void {
    this.#waiting = [...frames]
    void this.#write()
  }

  add(frames: readonly Uint8Array[]): void {
    this.#waiting = [...this.#waiting, ...frames].slice(0, MAX_WAITING_FRAMES)
    void this.#write()
  }

  stop(): void {
    this.#waiting = []
    this.#frameWatch.stop()
  }

  async #write(): Promise<void> {
    if (this.#writing) return
    this.#writing = true
    const { connection, attendance, timings } = this.#options
    while (!attendance.signal.aborted) {
      const frame = this.#waiting.shift()
      if (frame === undefined) break
      // A write that fails ends the connection, and with it the signal.
      if (!(await connection.write(frame, timings.writeDeadlineMs))) break
      await sleep(timings.frameGapMs, attendance.signal)
    }
    this.#writing = false
  }

  #hear(reports: KeyReport[]): void {
    const { counters } = this.#options.attendance
    counters.frames += reports.length
    const discarded = this.#parser.discardedBytes - this.#countedDiscarded
    this.#countedDiscarded = this.#parser.discardedBytes
    counters.discardedBytes += discarded
    if (discarded > 0) this.#options.onDamage(discarded)
    for (const key of reports) if (key !== null) this.#options.onKey(key)
  }
}
