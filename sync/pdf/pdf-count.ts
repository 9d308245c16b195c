/**
 * Counts the pages of whatever an issuer sends without holding anybody up: a large file takes some tenths of a second,
 * in which the loop would answer no device, so that it is looked through in a thread of its own.
 */
import { Worker } from 'node:worker_threads'
import { countPages, type PageCount } from './pdf-pages.ts'

/** Most papers are smaller, and looked through in a few milliseconds where they are. */
const SMALL_BYTES = 256 * 1024

/** Several times what the worst file of 32 MiB takes; somebody stands and waits. */
const PATIENCE_MS = 5_000

/** The file, its text, and all that is unpacked from it (pdf-pages.ts). */
const MEMORY_MIB = 256

/** One after the other: two at once would take both processors of a small server from the devices. */
let last: Promise<unknown> = Promise.resolve()

/** @returns `uncountable` too for what takes too long or too much memory */
export async function countPagesAside(pdf: Uint8Array, patienceMs = PATIENCE_MS): Promise<PageCount> {
  if (pdf.byteLength <= SMALL_BYTES) return await countPages(pdf)
  const counted = last.then(() => countInThread(pdf, patienceMs))
  last = counted
  return await counted
}

function countInThread(pdf: Uint8Array, patienceMs: number): Promise<PageCount> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./pdf-count-thread.ts', import.meta.url), {
      workerData: pdf,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB },
    })
    const end = (count: PageCount): void => {
      clearTimeout(timer)
      resolve(count)
      void worker.terminate()
    }
    const timer = setTimeout(() => end({ outcome: 'uncountable' }), patienceMs)
    worker.once('message', end)
    // Out of memory, or a defect: a paper whose pages nobody has counted goes to the window.
    worker.once('error', () => end({ outcome: 'uncountable' }))
    worker.once('exit', () => end({ outcome: 'uncountable' }))
  })
}
