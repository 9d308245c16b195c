/** Bytes to a server as they are, and what comes back: no HTTP client would send most of these. */
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  /** Of each answer that came, in order. */
  statuses: number[]
  text: string
  /** Whether the server ended the connection. */
  closed: boolean
}

export interface Address {
  host: string
  port: number
}

/** A server that leaves a sender without an answer or an end for so long hangs, where the test names no other time. */
const PATIENCE_MS = 60_000

export function openSocket({ host, port }: Address): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host)
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      // What a server does to a hostile connection is for the test to look at.
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}

/**
 * Sends and waits until `answers` answers have come or the server has ended the connection.
 * @throws Error when neither happens in time
 */
export async function sendRaw(
  address: Address,
  bytes: string | Uint8Array | readonly (string | Uint8Array)[],
  options: { answers?: number; patienceMs?: number } = {},
): Promise<RawAnswer> {
  const { answers = 1, patienceMs = PATIENCE_MS } = options
  const socket = await openSocket(address)
  const heard = hear(socket)
  for (const part of Array.isArray(bytes) ? bytes : [bytes]) socket.write(part)
  const end = performance.now() + patienceMs
  while (!heard.closed && heard.statuses().length < answers) {
    if (performance.now() > end) {
      socket.destroy()
      throw new Error(
        `${heard.statuses().length} of ${answers} answers after ${patienceMs} ms, and not closed`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  socket.destroy()
  return { statuses: heard.statuses(), text: heard.text(), closed: heard.closed }
}

export function hear(socket: Socket): { text(): string; statuses(): number[]; readonly closed: boolean } {
  let text = ''
  let closed = false
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
  })
  socket.on('close', () => {
    closed = true
  })
  socket.on('end', () => {
    closed = true
  })
  return {
    text: () => text,
    statuses: () => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1])),
    get closed() {
      return closed
    },
  }
}
