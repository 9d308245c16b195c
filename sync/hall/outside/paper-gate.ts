/**
 * Who may fetch a paper now. Each may be 32 MiB and lies in memory until the device has it, so that a hall holds so
 * many at once and no more; the others wait their turn.
 */

/** 8 × 32 MiB: what a hall server with 2 GiB can give away. Most papers are a hundredth of that and gone in a second. */
const AT_ONCE = 8
/** One being printed and one more: a device that asks for everything at once keeps nobody else from theirs. */
const AT_ONCE_PER_DEVICE = 2
/** People at the hall's terminals who wait for a paper; more is somebody who asks without end. */
const MAX_WAITING = 64
/** Somebody stands and waits; the device gives up after 90 s. */
const WAIT_MS = 15_000

/** To be called once, when the paper is out of memory. */
export type Leave = () => void

export interface PaperGate {
  /** Null: it was not let in, too many are before it. */
  enter(deviceId: string): Promise<Leave | null>
}

interface Waiting {
  deviceId: string
  letIn: (leave: Leave | null) => void
}

export function createPaperGate(waitMs = WAIT_MS): PaperGate {
  const inside = new Map<string, number>()
  const waiting: Waiting[] = []
  let total = 0

  const mayEnter = (deviceId: string): boolean =>
    total < AT_ONCE && (inside.get(deviceId) ?? 0) < AT_ONCE_PER_DEVICE

  function letIn(deviceId: string): Leave {
    total += 1
    inside.set(deviceId, (inside.get(deviceId) ?? 0) + 1)
    let left = false
    return () => {
      if (left) return
      left = true
      total -= 1
      const others = (inside.get(deviceId) ?? 1) - 1
      if (others === 0) inside.delete(deviceId)
      else inside.set(deviceId, others)
      const next = waiting.findIndex((one) => mayEnter(one.deviceId))
      const [one] = next < 0 ? [] : waiting.splice(next, 1)
      one?.letIn(letIn(one.deviceId))
    }
  }

  return {
    async enter(deviceId) {
      if (mayEnter(deviceId)) return letIn(deviceId)
      if (waiting.length >= MAX_WAITING) return null
      return await new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(one), 1)
          resolve(null)
        }, waitMs)
        const one: Waiting = {
          deviceId,
          letIn(leave) {
            clearTimeout(timer)
            resolve(leave)
          },
        }
        waiting.push(one)
      })
    },
  }
}
