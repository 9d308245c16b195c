import { type Attendance, type Ending, type Link, lineLost } from '../supervisor.ts'
import { sleep } from '../time.ts'
import type { ScannerLine } from './line.ts'
import type { TriggerProfile } from './profile.ts'

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

/** A line with what its commands need to be in front of this scanner. */
interface Armed {
  line: ScannerLine
  /** Makes a command what this wire takes, as by filling up a report. */
  pack: (command: Uint8Array) => Uint8Array
}

/** Keeps a scanner reading for as long as that is wanted, over all its connections. */
export class Arming {
  #trigger: TriggerProfile | null
  #missesBeforeReopen: number
  #wanted: boolean
  #current: Armed | undefined
  #misses = 0

  constructor(trigger: TriggerProfile | null, isWanted: boolean, missesBeforeReopen: number) {
    this.#trigger = trigger
    this.#wanted = isWanted
    this.#missesBeforeReopen = missesBeforeReopen
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

  /** Arms again and again until the line is gone or, where answers are due, says nothing any more. */
  async attend(link: Link, attendance: Attendance, armed: Armed): Promise<Ending> {
    const { signal } = attendance
    const trigger = this.#trigger
    this.#current = armed
    this.#misses = 0
    try {
      while (!signal.aborted) {
        const outcome = trigger === null || !this.#wanted ? 'armed' : await this.#start(armed, trigger)
        if (this.#misses >= this.#missesBeforeReopen) return { reason: 'no-answer', detail: NO_ANSWER }
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

  async #start({ line, pack }: Armed, trigger: TriggerProfile): Promise<ArmOutcome> {
    const heardBefore = line.chunks
    const outcome = await line.command(pack(trigger.start), this.#isReplyDue)
    const isSilent = outcome === 'silent' && line.chunks === heardBefore
    this.#misses = isSilent ? this.#misses + 1 : 0
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
