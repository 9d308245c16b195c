/** For what can wait until nobody does. */

/** A machine that is never idle fetches all the same. */
const IDLE_WITHIN_MS = 300
/** From a finger that comes down to the page that stands for it, on a slow machine. */
const TOUCH_TAKES_MS = 350

let touchedAtMs = Number.NEGATIVE_INFINITY
addEventListener(
  'pointerdown',
  () => {
    touchedAtMs = performance.now()
  },
  { capture: true, passive: true },
)

export const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** When nothing else is to do, and nobody waits for what they have touched. */
export const idle = async (): Promise<void> => {
  for (;;) {
    await new Promise((resolve) => requestIdleCallback(resolve, { timeout: IDLE_WITHIN_MS }))
    const leftMs = touchedAtMs + TOUCH_TAKES_MS - performance.now()
    if (leftMs <= 0) return
    await after(leftMs)
  }
}
