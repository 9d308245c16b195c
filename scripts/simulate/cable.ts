import { parseTiming, TIMING_FORM } from '../../drivers/simulators/wire-fault-words.ts'
import type { FaultTiming } from '../../drivers/simulators/wire-faults.ts'

/** What can be pulled out: the device knows what it loses by that besides its wire, such as its power. */
interface Pluggable {
  readonly port: string
  unplug(): Promise<void>
  plug(): Promise<void>
}

export const UNPLUG_FORM = `unplug ${TIMING_FORM}`

/** One pulling, which lasts until it is over or everything is plugged in. */
interface Pull {
  timers: NodeJS.Timeout[]
  isOut: boolean
}

/** Pulls a device's plug, at once or later, for a time or until told; pulls stack, and it is in when all are over. */
export class Cable {
  #device: Pluggable
  #report: (line: string) => void
  #pulls = new Set<Pull>()

  constructor(device: Pluggable, report: (line: string) => void) {
    this.#device = device
    this.#report = report
  }

  /** `[after MS] [for MS]`. False when the words are not understood. */
  async unplug(words: readonly string[]): Promise<boolean> {
    const timing = parseTiming(words)
    if (typeof timing === 'string') {
      this.#report(`unplug: ${timing}; write ${UNPLUG_FORM}`)
      return true
    }
    await this.#pull(timing)
    return true
  }

  /** Ends every pull, those that have not begun as well. False when anything else is typed behind it. */
  async plug(words: readonly string[]): Promise<boolean> {
    if (words.length > 0) return false
    this.close()
    await this.#plugIn()
    return true
  }

  /** Nothing is pulled or plugged any more. */
  close(): void {
    for (const { timers } of this.#pulls) for (const timer of timers) clearTimeout(timer)
    this.#pulls.clear()
  }

  async #pull({ afterMs, forMs }: FaultTiming): Promise<void> {
    const pull: Pull = { timers: [], isOut: false }
    this.#pulls.add(pull)
    const begin = async (): Promise<void> => {
      pull.isOut = true
      if (forMs !== undefined) this.#later(pull, forMs, () => this.#end(pull))
      await this.#device.unplug()
      this.#report('unplugged')
    }
    if (afterMs === undefined) await begin()
    else this.#later(pull, afterMs, begin)
  }

  async #end(pull: Pull): Promise<void> {
    this.#pulls.delete(pull)
    if (![...this.#pulls].some(({ isOut }) => isOut)) await this.#plugIn()
  }

  async #plugIn(): Promise<void> {
    await this.#device.plug()
    this.#report(`plugged in on ${this.#device.port}`)
  }

  #later(pull: Pull, ms: number, act: () => Promise<void>): void {
    const timer = setTimeout(() => {
      act().catch((error: unknown) => this.#report(error instanceof Error ? error.message : String(error)))
    }, ms)
    pull.timers.push(timer)
  }
}
