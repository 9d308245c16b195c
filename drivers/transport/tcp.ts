import { Socket } from 'node:net'
import type { Connection, Opened } from './connection.ts'
import { connectionOver } from './stream.ts'

/** A serial device server on the same LAN answers in milliseconds; a longer wait only delays the next try. */
const CONNECT_DEADLINE_MS = 3000
/**
 * Finds a device server that lost power while nothing was being asked, in 1 + 3 × 1 s: a scanner cannot be asked
 * whether it is there, and a device server on the same LAN has these probes to spare.
 */
const KEEPALIVE = { enable: true, initialDelay: 1000, interval: 1000, count: 3 }

export function openTcp(
  host: string,
  port: number,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Opened<Connection>> {
  if (signal?.aborted) return Promise.resolve({ ok: false, detail: `port ${name}: closed while opening` })
  const { promise, resolve } = Promise.withResolvers<Opened<Connection>>()
  const socket = new Socket()
  const fail = (detail: string): void => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', aborted)
    socket.removeAllListeners()
    // A late error of a socket that is being destroyed has nobody left to hear it.
    socket.on('error', () => {})
    socket.destroy()
    resolve({ ok: false, detail: `port ${name}: ${detail}` })
  }
  const timer = setTimeout(() => fail(`no connection within ${CONNECT_DEADLINE_MS} ms`), CONNECT_DEADLINE_MS)
  const aborted = (): void => fail('closed while opening')
  signal?.addEventListener('abort', aborted, { once: true })
  socket.once('error', (error: NodeJS.ErrnoException) => fail(explain(error)))
  socket.connect({ host, port }, () => {
    // Frames are small and answers are awaited: Nagle's algorithm would only hold them back.
    socket.setNoDelay(true)
    socket.setKeepAlive(KEEPALIVE)
    clearTimeout(timer)
    signal?.removeEventListener('abort', aborted)
    socket.removeAllListeners('error')
    resolve({
      ok: true,
      link: connectionOver(socket, name, { shut: () => shut(socket), explain }).connection,
    })
  })
  return promise
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the machine is there, but nothing listens on that port',
  ECONNRESET: 'the other end broke the line off',
  EPIPE: 'the other end broke the line off',
  EHOSTUNREACH: 'no machine answers at that address',
  ENETUNREACH: 'this machine is on no network that leads there',
  ENOTFOUND: 'no machine of that name is known',
  EAI_AGAIN: 'the name cannot be looked up now',
  ETIMEDOUT: 'the other end has gone silent',
}

function explain(error: NodeJS.ErrnoException): string {
  const { code = '' } = error
  const words = WORDS[code]
  // Node gives an AggregateError with an empty message when a name has several addresses and all fail.
  return words === undefined ? error.message || code : `${words} (${code})`
}

function shut(socket: Socket): Promise<void> {
  if (socket.closed) return Promise.resolve()
  return new Promise((resolve) => {
    socket.once('close', () => resolve())
    socket.destroy()
  })
}
