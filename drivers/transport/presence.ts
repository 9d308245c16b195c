import { statSync } from 'node:fs'

/** A loss is to be told within 2 s; until it is seen a core may be busy for nothing. A look takes microseconds. */
const LOOK_EVERY_MS = 200

/**
 * Looks whether a path still leads to the device that was opened by it, and tells once when it does not. A tty that
 * is unplugged in the instant in which it is read gives 0 bytes from then on; serialport 13 reads it again at once
 * and for ever, tells nobody, and keeps one core busy. `opened` is the path's identity of before the opening, so
 * that a device that went meanwhile is told of, too. Returns how to stop looking.
 */
export function watchPresence(path: string, opened: string | undefined, gone: () => void): () => void {
  // A device node is in memory: looking at it blocks for nothing.
  const timer = setInterval(() => {
    if (identityOf(path) === opened) return
    clearInterval(timer)
    gone()
  }, LOOK_EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** What a path leads to; undefined when that is nothing. */
export function identityOf(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats && `${stats.dev}:${stats.ino}:${stats.rdev}`
  } catch {
    return undefined
  }
}
