/** What becomes of a command's words: a pipe whose reader went away, a disk that is full. */

export interface OutputWatch {
  /** Waits for all that was written. Null: it arrived, or whoever read it had enough, as `head` does. */
  end(): Promise<NodeJS.ErrnoException | null>
  /** Whether this is what stdout itself said. */
  said(error: unknown): boolean
}

/** From here to `end` an error of stdout ends no process, which it would without anybody listening. */
export function watchOutput(): OutputWatch {
  let fault: NodeJS.ErrnoException | null = null
  const note = (error: NodeJS.ErrnoException): void => {
    fault ??= error
  }
  process.stdout.on('error', note)
  return {
    async end() {
      await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
      // An error is told after the callback of its write.
      await new Promise<void>((resolve) => setImmediate(resolve))
      process.stdout.off('error', note)
      return fault?.code === 'EPIPE' ? null : fault
    },
    said: (error) => error !== null && error === fault,
  }
}
