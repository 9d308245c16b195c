/** The little that drivers need of time. Durations come from the monotonic clock, stamps from the wall clock. */

/** Milliseconds on a clock that never jumps: for deadlines and back-off. */
export function monotonicMs(): number {
  return performance.now()
}

/** Waits, but no longer than until the signal is aborted. Never rejects. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
  })
}

/** RFC 3339 with the offset of this machine's time zone, to the millisecond. */
export function timestamp(at: Date = new Date()): string {
  const offset = -at.getTimezoneOffset()
  const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, -1)
  const two = (value: number): string => String(Math.trunc(value)).padStart(2, '0')
  const sign = offset < 0 ? '-' : '+'
  return `${local}${sign}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`
}
