// @ts-nocheck Runs in the page, whose names the checker of this folder does not know.
/** From the instant a finger was lifted to the end of the frame in which what it asked for stands. */
{
  const GIVEN_UP_MS = 10_000
  let liftedMs = Number.NaN
  let over = Promise.resolve(Number.NaN)
  addEventListener('pointerup', (event) => (liftedMs = event.timeStamp), { capture: true, passive: true })

  /** What a selector finds now: the node itself, or one of its attributes. */
  const look = ({ selector, attribute }) => {
    const node = document.querySelector(selector)
    return attribute === undefined ? node : (node?.getAttribute(attribute) ?? null)
  }

  globalThis.stopwatch = {
    /** Before the touch. It is over when something else than now is found there. */
    set(watched) {
      const before = look(watched)
      liftedMs = Number.NaN
      const standing = Promise.withResolvers()
      const observer = new MutationObserver(() => {
        const now = look(watched)
        if (now === null || now === before) return
        observer.disconnect()
        requestAnimationFrame(() => {
          // Taken up as soon as the frame has been laid out and painted.
          void scheduler.postTask(() => standing.resolve(performance.timeOrigin + performance.now()), {
            priority: 'user-blocking',
          })
        })
      })
      observer.observe(document, { subtree: true, childList: true, attributes: true })
      setTimeout(
        () => standing.reject(new Error(`nothing else has come to stand at ${watched.selector}`)),
        GIVEN_UP_MS,
      )
      // Whoever asks hears of it; nobody else has to.
      standing.promise.catch(() => {})
      over = standing.promise
    },
    /** When that frame was over, as the wall clock has it. */
    over: () => over,
    /** The finger and that frame, by the page's own clock. */
    touch: async () => ({ overMs: (await over) - performance.timeOrigin, liftedMs }),
  }
}
