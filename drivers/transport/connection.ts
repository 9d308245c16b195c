import type { Duplex } from 'node:stream'
import { sleep } from '../time.ts'

/**
 * Why a connection is over. For a driver close, error and silence mean the same (field row 1); the difference is
 * for the technician.
 */
export interface Closed {
  cause: 'closed-here' | 'closed-there' | 'error' | 'write-deadline'
  detail: string
}

/**
 * One opened wire. It is used once: when it is over, for whatever reason, nothing that was written can still be
 * sent by it (field row 8), and another opening gives another connection.
 */
export interface Connection {
  readonly port: string
  /** Resolves to false when the connection is over; a write that takes longer than the deadline ends it. */
  write(bytes: Uint8Array, deadlineMs: number): Promise<boolean>
  /** One listener; bytes that come while there is none are dropped, so listen before asking. */
  onData(listener: (chunk: Uint8Array) => void): void
  /** Resolves once, after the wire is free for the next opening (field row 10). Never rejects. */
  readonly closed: Promise<Closed>
  close(): Promise<void>
}

export type Opened<L> = { ok: true; link: L } | { ok: false; detail: string }

/** A stuck kernel driver may never finish closing; the supervisor must get on regardless. */
const CLOSE_DEADLINE_MS = 1000

/** Puts the single-use rules around a byte stream that has just been opened. `shut` frees the wire. */
export function connectionOver(stream: Duplex, port: string, shut: () => Promise<void>): Connection {
  const { promise: closed, resolve: settle } = Promise.withResolvers<Closed>()
  const { promise: over, resolve: markOver } = Promise.withResolvers<false>()
  let listener: ((chunk: Uint8Array) => void) | undefined
  let ended = false

  const end = (cause: Closed['cause'], detail: string): void => {
    if (ended) return
    ended = true
    listener = undefined
    markOver(false)
    void Promise.race([shut(), sleep(CLOSE_DEADLINE_MS)]).then(() => settle({ cause, detail }))
  }

  // Always attached: without a data listener serialport does not notice that a device is gone.
  stream.on('data', (chunk: Buffer) => listener?.(chunk))
  // `close` comes twice from serialport, and an `error` that nobody hears ends the process.
  stream.on('error', (error: Error) => end('error', error.message))
  stream.on('end', () => end('closed-there', 'the other end closed the line'))
  stream.on('close', (error?: unknown) =>
    error instanceof Error ? end('error', error.message) : end('closed-there', 'the line was closed'),
  )

  const write = (bytes: Uint8Array, deadlineMs: number): Promise<boolean> => {
    if (ended) return Promise.resolve(false)
    const { promise: written, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => {
      end('write-deadline', `${bytes.length} bytes were not taken within ${deadlineMs} ms`)
    }, deadlineMs)
    stream.write(bytes, (error) => {
      if (error) end('error', error.message)
      else resolve(true)
    })
    return Promise.race([written, over]).finally(() => clearTimeout(timer))
  }

  return {
    port,
    write,
    onData: (next) => {
      if (!ended) listener = next
    },
    closed,
    close: async () => {
      end('closed-here', 'closed by this program')
      await closed
    },
  }
}
