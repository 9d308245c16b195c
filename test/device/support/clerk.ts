/** A window's system that keeps every byte of its pad's answers. */
import { once } from 'node:events'
import { WINDOW_TOKEN } from './house.ts'
import { type RawServer, rawServer } from './raw-http.ts'

export interface Clerk extends Pick<RawServer, 'ask'> {
  /** All that the stream of events has brought so far, its head first. */
  events(): string
  /** Waits until the stream says this. */
  hears(words: string): Promise<void>
  close(): void
}

/** Only a test that fails waits for it. */
const PATIENCE_MS = 15_000
const LOOK_EVERY_MS = 2

/** @param windowUrl of the pad, as the device gives it */
export async function clerkAt(windowUrl: string): Promise<Clerk> {
  const pad = rawServer(`${windowUrl}/window/v1`, WINDOW_TOKEN)
  let streamed = ''
  const stream = pad.open('GET', '/events')
  stream.setEncoding('utf8').on('data', (text: string) => {
    streamed += text
  })
  await once(stream, 'data')
  return {
    ask: pad.ask,
    events: () => streamed,
    async hears(words) {
      const end = performance.now() + PATIENCE_MS
      while (!streamed.includes(words)) {
        if (performance.now() > end) throw new Error(`the window's events never said ${words}: ${streamed}`)
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
      }
    },
    close: () => void stream.destroy(),
  }
}
