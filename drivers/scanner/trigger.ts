import { type Attendance, type Ending, type Link, lineLost } from '../supervisor.ts'
import { sleep } from '../time.ts'
import type { ScannerLine } from './line.ts'
import type { TriggerProfile } from './profile.ts'
import type { ScannerTimings } from './timings.ts'

/**
 * What became of arming. `armed` = the scanner said so, or where its make says nothing, the bytes have left.
 * `refused` = it answers and will not, `not-connected` = it will be armed when it is back, `no-trigger` = it reads
 * by itself and cannot be told.
 */
export type ArmOutcome = 'armed' | 'refused' | 'no-answer' | 'not-connected' | 'no-trigger'

const REFUSED =
  'the scanner refuses its trigger: set it to host trigger mode, or take a profile without trigger'
const NO_ANSWER =
  'the port is open and the scanner does not answer its trigger: check its profile, speed and cable'
const BABBLE =
  'bytes come, but no answer of the scanner to its trigger is among them: check its speed, profile and cable'

/** A line with what its commands need to be in front of this scanner. */
interface Armed {
  line: ScannerLine
  /** Makes a command what this wire takes, as by filling up a report. */
  pack: (command: Uint8Array) => Uint8Array
}

/** Keeps a scanner reading for as long as that is wanted, over all its connections. */
export class Arming {
  #trigger: TriggerProfile | null
  #timings: ScannerTimings
  #wanted: boolean
  #current: Armed | undefined
  /** In a row: commands behind which nothing was heard. */
  #misses = 0
  /** Without an answer between them: commands behind which anything but their answer was heard. */
  #babbles = 0
  /** That had ended when the last command had. */
  #codes = 0

  constructor(trigger: TriggerProfile | null, isWanted: boolean, timings: ScannerTimings) {
    this.#trigger = trigger
    this.#wanted = isWanted
    this.#timings = timings
  }

  /** Begins reading now, and again after each reopening. */
  async arm(): Promise<ArmOutcome> {
    if (this.#trigger === null) return 'no-trigger'
    this.#wanted = true
    return this.#current === undefined ? 'not-connected' : this.#start(this.#current, this.#trigger)
  }

  /** Ends reading; where the make has no command for it, the scanner's own session runs out. */
  async disarm(): Promise<void> {
    this.#wanted = false
    const stop = this.#trigger?.stop
    if (stop === undefined || stop === null) return
    await this.#current?.line.command(this.#current.pack(stop), this.#isReplyDue)
  }

  /** Arms again and again until the line is gone or, where answers are due, gives none any more. */
  async attend(link: Link, attendance: Attendance, armed: Armed): Promise<Ending> {
    const { signal } = attendance
    const trigger = this.#trigger
    this.#current = armed
    this.#misses = 0
    this.#babbles = 0
    this.#codes = 0
    try {
      while (!signal.aborted) {
        const outcome = trigger === null || !this.#wanted ? 'armed' : await this.#start(armed, trigger)
        const useless = this.#uselessness()
        if (useless !== undefined) return useless
        if (outcome === 'armed') attendance.ready()
        if (outcome === 'refused') attendance.fault('offline', REFUSED)
        if (trigger === null) await aborted(signal)
        // After a miss it is asked again at once: a dead line is to be told within two seconds.
        else if (this.#misses === 0) await sleep(trigger.rearmMs, signal)
      }
      return lineLost(link, signal)
    } finally {
      this.#current = undefined
    }
  }

  get #isReplyDue(): boolean {
    const reply = this.#trigger?.reply
    return reply?.kind === 'ssi' || (reply?.kind === 'bytes' && reply.due)
  }

  #uselessness(): Ending | undefined {
    const { missesBeforeReopen, babblesBeforeReopen } = this.#timings
    if (this.#misses >= missesBeforeReopen) return { reason: 'no-answer', detail: NO_ANSWER }
    if (this.#babbles >= babblesBeforeReopen) return { reason: 'bad-frames', detail: BABBLE }
    return undefined
  }

  async #start({ line, pack }: Armed, trigger: TriggerProfile): Promise<ArmOutcome> {
    const { chunks } = line
    const outcome = await line.command(pack(trigger.start), this.#isReplyDue)
    if (outcome === 'accepted' || outcome === 'refused') this.#babbles = 0
    const isSilent = outcome === 'silent' && line.chunks === chunks
    this.#misses = isSilent ? this.#misses + 1 : 0
    // The answer comes behind a long code that is still on its way.
    const isLate = line.isHearingCode && line.codes === this.#codes
    if (outcome === 'silent' && !isSilent && !isLate) this.#babbles += 1
    this.#codes = line.codes
    switch (outcome) {
      case 'sent':
      case 'accepted':
        return 'armed'
      case 'refused':
        return 'refused'
      case 'silent':
        return 'no-answer'
      case 'gone':
        return 'not-connected'
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
