/** A request's bytes exactly as they were sent: the digest is over them, so nothing may unpack them before. */
import type { IncomingMessage } from 'node:http'

export type ReceivedBody =
  | { outcome: 'whole'; bytes: Uint8Array }
  | { outcome: 'too-large' }
  /** The rest is not waited for any more. */
  | { outcome: 'too-slow' }
  /** The client is gone; there is nobody to answer. */
  | { outcome: 'aborted' }

/** A device gives its own 1 MiB so long: whoever is slower has gone, or is no device. */
export const BODY_TIMEOUT_MS = 30_000

/** Beyond the limit nothing is kept, and what still comes is thrown away until the answer has gone out. */
export function readBody(
  request: IncomingMessage,
  limitBytes: number,
  timeoutMs = BODY_TIMEOUT_MS,
): Promise<ReceivedBody> {
  // Gone while it was found out who it is: nothing further will ever be told of it.
  if (request.destroyed && !request.complete) return Promise.resolve({ outcome: 'aborted' })
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const end = (body: ReceivedBody): void => {
      clearTimeout(tooLate)
      resolve(body)
    }
    const tooLate = setTimeout(() => {
      limitBytes = 0
      chunks.length = 0
      end({ outcome: 'too-slow' })
    }, timeoutMs)
    request.on('data', (chunk: Buffer) => {
      size += chunk.byteLength
      if (size <= limitBytes) chunks.push(chunk)
      else {
        chunks.length = 0
        end({ outcome: 'too-large' })
      }
    })
    request.on('end', () => end({ outcome: 'whole', bytes: Buffer.concat(chunks) }))
    request.on('error', () => end({ outcome: 'aborted' }))
    request.on('close', () => end({ outcome: 'aborted' }))
  })
}

/** Whether a body is on its way (RFC 9112 §6.3), told by the head alone. */
export function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
