/**
 * One after the other, within this process: who waits for a lock of the database holds no connection meanwhile. A
 * pool has few, and one device that is asked for by many would take them all and keep every other one waiting.
 */

export interface Turns {
  /**
   * @returns how to let the next one come; to be called once
   * @throws what `tooLate` gives when the turn has not come within the patience
   */
  take(name: string): Promise<() => void>
}

export function createTurns(patienceMs: number, tooLate: () => Error): Turns {
  /** By name: those behind the one whose turn it is. */
  const queues = new Map<string, (() => void)[]>()

  function leave(name: string): void {
    const next = queues.get(name)?.shift()
    if (next === undefined) queues.delete(name)
    else next()
  }

  return {
    async take(name) {
      const queue = queues.get(name)
      if (queue === undefined) queues.set(name, [])
      else
        await new Promise<void>((resolve, reject) => {
          const come = (): void => {
            clearTimeout(timer)
            resolve()
          }
          const timer = setTimeout(() => {
            queue.splice(queue.indexOf(come), 1)
            reject(tooLate())
          }, patienceMs)
          queue.push(come)
        })
      return () => leave(name)
    },
  }
}
