import { Socket } from 'node:net'
import { type Connection, connectionOver, type Opened } from './connection.ts'

/** A serial device server on the same LAN answers in milliseconds; a longer wait only delays the next try. */
const CONNECT_DEADLINE_MS = 3000
/** First keepalive probe: finds a device server that lost power while nothing was being asked. */
const KEEPALIVE_DELAY_MS = 5000

export function openTcp(
  host: string,
  port: number,
  name: string,
  signal: AbortSignal,
): Promise<Opened<Connection>> {
  const { promise, resolve } = Promise.withResolvers<Opened<Connection>>()
  const socket = new Socket()
  const fail = (detail: string): void => {
    clearTimeout(timer)
    signal.removeEventListener('abort', aborted)
    socket.removeAllListeners()
    // A late error of a socket that is being destroyed has nobody left to hear it.
    socket.on('error', () => {})
    socket.destroy()
    resolve({ ok: false, detail: `port ${name}: ${detail}` })
  }
  const timer = setTimeout(() => fail(`no connection within ${CONNECT_DEADLINE_MS} ms`), CONNECT_DEADLINE_MS)
  const aborted = (): void => fail('closed while opening')
  signal.addEventListener('abort', aborted, { once: true })
  // Node gives an AggregateError with an empty message when a name has several addresses and all refuse.
  socket.once('error', (error: NodeJS.ErrnoException) => fail(error.message || error.code || 'refused'))
  socket.connect({ host, port }, () => {
    // Frames are small and answers are awaited: Nagle's algorithm would only hold them back.
    socket.setNoDelay(true)
    socket.setKeepAlive(true, KEEPALIVE_DELAY_MS)
    clearTimeout(timer)
    signal.removeEventListener('abort', aborted)
    socket.removeAllListeners('error')
    resolve({ ok: true, link: connectionOver(socket, name, () => shut(socket)) })
  })
  return promise
}

function shut(socket: Socket): Promise<void> {
  if (socket.closed) return Promise.resolve()
  return new Promise((resolve) => {
    socket.once('close', () => resolve())
    socket.destroy()
  })
}
