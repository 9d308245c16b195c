/** A request's bytes exactly as they were sent: the digest is over them, so nothing may unpack them before. */
import type { IncomingMessage } from 'node:http'

export type ReceivedBody =
  | { outcome: 'whole'; bytes: Uint8Array }
  | { outcome: 'too-large' }
  /** The client is gone; there is nobody to answer. */
  | { outcome: 'aborted' }

/** Beyond the limit nothing is kept, and what still comes is thrown away until the answer has gone out. */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<ReceivedBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.byteLength
      if (size <= limitBytes) chunks.push(chunk)
      else {
        chunks.length = 0
        resolve({ outcome: 'too-large' })
      }
    })
    request.on('end', () => resolve({ outcome: 'whole', bytes: Buffer.concat(chunks) }))
    request.on('error', () => resolve({ outcome: 'aborted' }))
    request.on('close', () => resolve({ outcome: 'aborted' }))
  })
}
