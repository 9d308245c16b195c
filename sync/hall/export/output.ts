/** Many lines to whoever reads them, at their pace. */
import type { Writable } from 'node:stream'

/** A system call for each line would be most of the work. */
const CHUNK_CHARACTERS = 64 * 1024

/**
 * Waits while the reader is behind, so that memory stays bounded.
 * @returns `cut` when the reader went away in the middle, as `head` does: that is no fault
 * @throws the stream's other errors, such as a full disk
 */
export async function writeLines(lines: AsyncIterable<string>, out: Writable): Promise<'whole' | 'cut'> {
  let failed: NodeJS.ErrnoException | null = null
  const note = (error: NodeJS.ErrnoException): void => {
    failed ??= error
  }
  out.on('error', note)
  const write = async (chunk: string): Promise<void> => {
    await new Promise<void>((resolve) => out.write(chunk, () => resolve()))
    // An error is told after the callback of its write.
    await new Promise<void>((resolve) => setImmediate(resolve))
    if (failed !== null) throw failed
  }
  try {
    let chunk = ''
    for await (const line of lines) {
      chunk += line
      if (chunk.length < CHUNK_CHARACTERS) continue
      await write(chunk)
      chunk = ''
    }
    if (chunk !== '') await write(chunk)
    return 'whole'
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return 'cut'
    throw error
  } finally {
    out.off('error', note)
  }
}
