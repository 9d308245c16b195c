/** Which sticks are plugged in, as long as somebody looks: Linux gives Node no sign of a mount, so it is asked for. */
import type { Machine } from '../../../drivers/discovery/machine.ts'
import type { Stick } from '../../http/contract.ts'
import { findSticks, stickOf } from '../sticks.ts'

/** Somebody who plugs a stick in looks up at the screen. */
const LOOK_EVERY_MS = 2_000
/** As long as a technician's session lasts without a touch, and a little more. */
const WATCHED_FOR_MS = 11 * 60_000

export interface StickWatch {
  /** As of the last look; whoever asks keeps it looking for a while. */
  sticks(): Stick[]
  look(): Promise<void>
  close(): Promise<void>
}

export const watchSticks = (
  machine: Machine,
  onChange: () => void,
  onTrouble: (error: unknown) => void,
): StickWatch => {
  let known: Stick[] = []
  let askedAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | null = null
  let looking: Promise<void> | null = null
  let closed = false

  const lookOnce = async (): Promise<void> => {
    const found = (await findSticks(machine)).map(stickOf)
    const changed = JSON.stringify(found) !== JSON.stringify(known)
    known = found
    if (changed && !closed) onChange()
  }
  const look = (): Promise<void> => {
    looking ??= lookOnce().finally(() => {
      looking = null
    })
    return looking
  }
  const plan = (): void => {
    if (closed || timer !== null || performance.now() - askedAt > WATCHED_FOR_MS) return
    timer = setTimeout(() => {
      timer = null
      void look().catch(onTrouble).finally(plan)
    }, LOOK_EVERY_MS).unref()
  }
  return {
    sticks() {
      const first = askedAt === Number.NEGATIVE_INFINITY
      askedAt = performance.now()
      if (first) void look().catch(onTrouble)
      plan()
      return known
    },
    look,
    async close() {
      closed = true
      if (timer !== null) clearTimeout(timer)
      await looking?.catch(onTrouble)
    },
  }
}
