/** The thread of pdf-count.ts: one file, one answer. */
import { parentPort, workerData } from 'node:worker_threads'
import { countPages } from './pdf-pages.ts'

parentPort?.postMessage(await countPages(workerData as Uint8Array))
