/** Heap snapshots through the inspector: of a process of Node, of its worker threads, and of a page in Chromium. */
import type { ChildProcess } from 'node:child_process'
import type { CDPSession, Page } from 'playwright-core'

/** V8 writes down the first 1,024 characters of a string only; with this all of any that a terminal holds. */
export const WHOLE_STRINGS = '--heap-snapshot-string-limit=100000000'

/** Of a process with a worker whose heap holds the fonts; on a busy machine. */
const ANSWER_WITHIN_MS = 60_000

type Message = { id?: number; method?: string; params?: Record<string, unknown>; error?: unknown }
type Listener = (method: string, params: Record<string, unknown>) => void

/** One end that is spoken to in the inspector's protocol. */
interface Inspected {
  send(method: string, params?: object): Promise<unknown>
  listen(listener: Listener): void
  hear(message: Message): void
}

const inspected = (say: (text: string) => void): Inspected => {
  let last = 0
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const listeners: Listener[] = []
  return {
    send(method, params = {}) {
      const asked = Promise.withResolvers<unknown>()
      last += 1
      waiting.set(last, asked)
      const late = setTimeout(() => asked.reject(new Error(`not in time: ${method}`)), ANSWER_WITHIN_MS)
      say(JSON.stringify({ id: last, method, params }))
      return asked.promise.finally(() => clearTimeout(late))
    },
    listen: (listener) => void listeners.push(listener),
    hear({ id, method, params, error }) {
      if (method !== undefined) for (const listener of listeners) listener(method, params ?? {})
      if (id === undefined) return
      const asked = waiting.get(id)
      waiting.delete(id)
      if (error === undefined) asked?.resolve(params)
      else asked?.reject(new Error(JSON.stringify(error)))
    },
  }
}

const snapshotOf = async (one: Inspected): Promise<Buffer> => {
  const chunks: string[] = []
  one.listen((method, { chunk }) => {
    if (method === 'HeapProfiler.addHeapSnapshotChunk') chunks.push(String(chunk))
  })
  await one.send('HeapProfiler.collectGarbage')
  await one.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  return Buffer.from(chunks.join(''))
}

/** Where a process that was started with `--inspect` and a pipe for its errors can be looked into. */
export function inspectorOf(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += chunk
    const address = /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/.exec(said)?.[0]
    if (address !== undefined) resolve(address)
  })
  child.once('exit', () => reject(new Error(`the process ended: ${said}`)))
  return promise
}

/**
 * What a process of Node holds, and each of its worker threads unless they are left out: theirs take as long again.
 * @param address where its inspector listens, `ws://127.0.0.1:…`
 */
export async function heapsOfProcess(
  address: string,
  { threads } = { threads: true },
): Promise<Record<string, Buffer>> {
  const socket = new WebSocket(address)
  const open = Promise.withResolvers<void>()
  socket.addEventListener('open', () => open.resolve())
  socket.addEventListener('error', () => open.reject(new Error('the inspector does not answer')))
  await open.promise
  const main = inspected((text) => socket.send(text))
  socket.addEventListener('message', ({ data }) => main.hear(JSON.parse(String(data))))
  const workers = new Map<string, Inspected>()
  main.listen((method, params) => {
    const sessionId = String(params.sessionId)
    if (method === 'NodeWorker.attachedToWorker') {
      const say = (message: string): void => {
        void main.send('NodeWorker.sendMessageToWorker', { sessionId, message })
      }
      workers.set(sessionId, inspected(say))
    }
    if (method === 'NodeWorker.receivedMessageFromWorker') {
      workers.get(sessionId)?.hear(JSON.parse(String(params.message)))
    }
  })
  const expression = `process.getBuiltinModule('v8').setFlagsFromString('${WHOLE_STRINGS}')`
  await main.send('Runtime.evaluate', { expression })
  if (threads) await main.send('NodeWorker.enable', { waitForDebuggerOnStart: false })
  const heaps: Record<string, Buffer> = { device: await snapshotOf(main) }
  for (const [session, worker] of workers) heaps[`worker ${session}`] = await snapshotOf(worker)
  socket.close()
  return heaps
}

/** What a page holds. Chromium was started with `--js-flags=` and WHOLE_STRINGS. */
export async function heapOfPage(page: Page): Promise<Buffer> {
  const session: CDPSession = await page.context().newCDPSession(page)
  const chunks: string[] = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk))
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  await session.detach()
  return Buffer.from(chunks.join(''))
}
