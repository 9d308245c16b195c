import { THANKS_MS } from '../../../device/rating/pad-types.ts'

/**
 * Pages of thanks pass at once, in every device of this process; whatever else waits for a time waits for it.
 * @returns how to let them stand again
 */
export function letThanksBeBrief(briefMs = 1): () => void {
  const timer = globalThis.setTimeout
  globalThis.setTimeout = new Proxy(timer, {
    apply: (target, self, [action, waitMs, ...given]) =>
      Reflect.apply(target, self, [action, waitMs === THANKS_MS ? briefMs : waitMs, ...given]),
  })
  return () => {
    globalThis.setTimeout = timer
  }
}

/** Longer than any test. */
const FOR_EVER_MS = 60 * 60_000

export interface HeldThanks {
  /** Nobody looks at them any more: every page of thanks that stands now passes. */
  pass(): void
  letGo(): void
}

/** Pages of thanks stand for as long as they are looked at, in every device of this process. */
export function holdThanks(): HeldThanks {
  const { setTimeout: timer, clearTimeout: clear } = globalThis
  const standing = new Map<unknown, () => void>()
  globalThis.setTimeout = new Proxy(timer, {
    apply(target, self, [action, waitMs, ...given]) {
      if (waitMs !== THANKS_MS) return Reflect.apply(target, self, [action, waitMs, ...given])
      const made: unknown = Reflect.apply(target, self, [action, FOR_EVER_MS, ...given])
      standing.set(made, () => action(...given))
      return made
    },
  })
  globalThis.clearTimeout = new Proxy(clear, {
    apply(target, self, [made]) {
      standing.delete(made)
      return Reflect.apply(target, self, [made])
    },
  })
  return {
    pass() {
      for (const [made, action] of [...standing]) {
        clear(made as NodeJS.Timeout)
        standing.delete(made)
        action()
      }
    },
    letGo() {
      Object.assign(globalThis, { setTimeout: timer, clearTimeout: clear })
    },
  }
}
