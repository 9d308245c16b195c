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

/**
 * A device server whose serial port is in use accepts all the same, says so in words of its own ("Port already in
 * use") and closes. On a LAN that takes a round trip; a line that stands after this was let in.
 */
const LET_IN_AFTER_MS = 150
/** The words of a refusal are one line; whoever says more than this has let us in. */
const REFUSAL_BYTES = 1024
const REFUSED =
  'the other end accepts and closes at once: another program may have it, as a device server lets one in'

export function openTcp(
  host: string,
  port: number,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Opened<Connection>> {
  if (signal?.aborted) return Promise.resolve({ ok: false, detail: `port ${name}: closed while opening` })
  const { promise, resolve } = Promise.withResolvers<Opened<Connection>>()
  const socket = new Socket()
  /** May be the first code of a scanner (field row 11), or a refusal that must not be taken for one. */
  const early: Buffer[] = []
  const settle = (opened: Opened<Connection>): void => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', aborted)
    socket.off('error', failed).off('error', refused)
    socket.off('data', hold).off('end', refused).off('close', refused)
    resolve(opened)
  }
  const fail = (detail: string): void => {
    settle({ ok: false, detail: `port ${name}: ${detail}` })
    // A late error of a socket that is being destroyed has nobody left to hear it.
    socket.on('error', () => {})
    socket.destroy()
    for (const chunk of early) chunk.fill(0)
  }
  const aborted = (): void => fail('closed while opening')
  const failed = (error: NodeJS.ErrnoException): void => fail(explain(error))
  const refused = (): void => fail(REFUSED)
  const stand = (): void => {
    const { connection } = connectionOver(socket, name, { shut: () => shut(socket), explain, early })
    settle({ ok: true, link: connection })
  }
  const hold = (chunk: Buffer): void => {
    early.push(chunk)
    if (early.reduce((bytes, { length }) => bytes + length, 0) > REFUSAL_BYTES) stand()
  }
  let timer = setTimeout(() => fail(`no connection within ${CONNECT_DEADLINE_MS} ms`), CONNECT_DEADLINE_MS)
  signal?.addEventListener('abort', aborted, { once: true })
  socket.once('error', failed)
  socket.connect({ host, port }, () => {
    // Frames are small and answers are awaited: Nagle's algorithm would only hold them back.
    socket.setNoDelay(true)
    socket.setKeepAlive(KEEPALIVE)
    clearTimeout(timer)
    timer = setTimeout(stand, LET_IN_AFTER_MS)
    socket.off('error', failed).once('error', refused)
    socket.on('data', hold).once('end', refused).once('close', refused)
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
