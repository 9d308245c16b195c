import type { Duplex } from 'node:stream'
import { type ConnectionEnd, singleUse } from './connection.ts'

export interface StreamWire {
  /** Frees the wire. */
  shut(): Promise<void>
  /** Waits until what was written has left the machine, where the wire can tell. */
  drain?(): Promise<void>
  /** An error in words for the technician; its own message when left out. */
  explain?(error: Error): string
  /** What came before this was a connection: for its first listener. */
  early?: Uint8Array[]
}

/** The connection over a byte stream that has just been opened. */
export function connectionOver(stream: Duplex, port: string, wire: StreamWire): ConnectionEnd {
  const explain = wire.explain ?? ((error: Error) => error.message)
  const handEarly = (): void => {
    for (const chunk of wire.early?.splice(0) ?? []) received(chunk)
  }
  const end = singleUse(port, {
    send: async (bytes) => {
      await new Promise<void>((resolve, reject) => {
        stream.write(bytes, (error) => (error ? reject(new Error(explain(error))) : resolve()))
      })
      await wire.drain?.()
    },
    // The driver is in the middle of beginning, and does not expect to be called back from there.
    listen: () => queueMicrotask(handEarly),
    shut: () => {
      handEarly()
      return wire.shut()
    },
  })
  const { received, over } = end
  // Always attached: without a data listener serialport does not notice that a device is gone.
  stream.on('data', received)
  // `close` comes twice from serialport, and an `error` that nobody hears ends the process.
  stream.on('error', (error: Error) => over('error', explain(error)))
  stream.on('end', () => over('closed-there', 'the other end closed the line'))
  stream.on('close', (error?: unknown) =>
    error instanceof Error ? over('error', explain(error)) : over('closed-there', 'the line was closed'),
  )
  return end
}
