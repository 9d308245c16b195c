import type { FaultReason, PrintOutcome } from '../status.ts'
import type { PrintWishes } from './tray.ts'

/** A document whose turn has come. */
export interface DueJob {
  pdf: Uint8Array
  wishes: PrintWishes
  settle(outcome: PrintOutcome): void
}

interface Waiting extends DueJob {
  leave(reason: FaultReason): void
  stopWaiting(): void
}

/** Documents that wait for those before them. One that nobody waits for any more, or that waits too long, leaves. */
export class WaitingLine {
  readonly #maxWaitMs: number
  #waiting: Waiting[] = []

  constructor(maxWaitMs: number) {
    this.#maxWaitMs = maxWaitMs
  }

  join(pdf: Uint8Array, wishes: PrintWishes): Promise<PrintOutcome> {
    const { promise, resolve: settle } = Promise.withResolvers<PrintOutcome>()
    const leave = (reason: FaultReason): void => {
      job.stopWaiting()
      this.#waiting = this.#waiting.filter((one) => one !== job)
      settle({ outcome: 'failed', reason })
    }
    const giveUp = (): void => leave('offline')
    const timer = setTimeout(giveUp, this.#maxWaitMs)
    const signals = [wishes.signal, wishes.unattended]
    const stopWaiting = (): void => {
      clearTimeout(timer)
      for (const signal of signals) signal.removeEventListener('abort', giveUp)
    }
    const job: Waiting = { pdf, wishes, settle, leave, stopWaiting }
    this.#waiting.push(job)
    for (const signal of signals) signal.addEventListener('abort', giveUp, { once: true })
    if (signals.some(({ aborted }) => aborted)) giveUp()
    return promise
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  next(): DueJob | undefined {
    const job = this.#waiting.shift()
    job?.stopWaiting()
    return job
  }

  dismiss(reason: FaultReason): void {
    for (const job of this.#waiting) job.leave(reason)
  }
}
