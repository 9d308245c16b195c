/** Loaded into the device's process before it: tells what it holds, after a collection, whenever it is asked. */
import { isMainThread } from 'node:worker_threads'

if (isMainThread) {
  process.on('message', (message) => {
    if (message !== 'measure') return
    globalThis.gc?.()
    globalThis.gc?.()
    const { heapUsed, external, rss } = process.memoryUsage()
    process.send?.({ heapUsed, external, rss })
  })
}
