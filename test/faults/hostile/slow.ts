/** Senders that take their time, for as long as a server lets them. */
import type { Socket } from 'node:net'
import type { Address } from './raw.ts'
import { hear, openSocket } from './raw.ts'

export interface Cut {
  /** Of the answer before the end; null for none. */
  status: number | null
  afterMs: number
}

/** Writes the parts, one every so often, until the server ends it. @throws Error when it never does */
export async function dribble(
  address: Address,
  parts: Iterable<string | Uint8Array>,
  options: { everyMs: number; patienceMs: number },
): Promise<Cut> {
  const socket: Socket = await openSocket(address)
  const heard = hear(socket)
  const begun = performance.now()
  const next = parts[Symbol.iterator]()
  const timer = setInterval(() => {
    const { value, done } = next.next()
    if (!done) socket.write(value)
  }, options.everyMs)
  try {
    while (!heard.closed) {
      if (performance.now() - begun > options.patienceMs)
        throw new Error(`still open after ${options.patienceMs} ms`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return { status: heard.statuses()[0] ?? null, afterMs: performance.now() - begun }
  } finally {
    clearInterval(timer)
    socket.destroy()
  }
}

export function* bytesOf(text: string): Iterable<string> {
  for (;;) yield* text
}
