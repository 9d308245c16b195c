/** Server-Sent Events to whoever listens (WHATWG HTML §9.2). */
import type { Request, Response } from 'express'

/** A stream that says nothing looks like a dead one: a comment between is life, to proxies as well. */
const COMMENT_MS = 15_000
/** A reader that does not read is let go before its unread states fill the memory. */
const UNREAD_BYTES_AT_MOST = 1024 * 1024

export interface EventStreams {
  /** Keeps the answer open; what is `first` is sent at once. */
  open(request: Request, response: Response, ...first: { event: string; data: unknown }[]): void
  send(event: string, data: unknown): void
  /** How many listen now. */
  readers(): number
  close(): void
}

export const createEventStreams = (): EventStreams => {
  const responses = new Set<Response>()

  const write = (response: Response, text: string): void => {
    if (response.writableLength > UNREAD_BYTES_AT_MOST) response.destroy()
    else response.write(text)
  }
  const timer = setInterval(() => {
    for (const response of responses) write(response, ':\n\n')
  }, COMMENT_MS)
  timer.unref()

  return {
    open(request, response, ...first) {
      response.status(200).set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
      response.flushHeaders()
      responses.add(response)
      request.on('close', () => responses.delete(response))
      response.on('error', () => responses.delete(response))
      for (const { event, data } of first) write(response, message(event, data))
    },
    send(event, data) {
      const text = message(event, data)
      for (const response of responses) write(response, text)
    },
    readers: () => responses.size,
    close() {
      clearInterval(timer)
      for (const response of responses) response.end()
      responses.clear()
    },
  }
}

const message = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
