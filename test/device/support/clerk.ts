/** A window's system that keeps every byte of its pad's answers. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { WINDOW_TOKEN } from './house.ts'

export interface Clerk {
  /** The whole answer as it came off the wire, head and body. */
  ask(method: string, path: string, body?: object): Promise<string>
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
  const { hostname, port } = new URL(windowUrl)
  const open = (method: string, path: string, body: string): Socket => {
    const socket = connect(Number(port), hostname)
    const head = [
      `${method} /window/v1${path} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      `Authorization: Bearer ${WINDOW_TOKEN}`,
      'Connection: close',
      ...(body === ''
        ? []
        : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]),
    ]
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
    return socket
  }
  let streamed = ''
  const stream = open('GET', '/events', '')
  stream.setEncoding('utf8').on('data', (text: string) => {
    streamed += text
  })
  await once(stream, 'data')
  return {
    async ask(method, path, body) {
      let answer = ''
      for await (const text of open(method, path, body === undefined ? '' : JSON.stringify(body)).setEncoding(
        'utf8',
      ))
        answer += text
      return answer
    },
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

/** The JSON of an answer. */
export function jsonOf(answer: string): Record<string, unknown> {
  const body: unknown = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))
  return body as Record<string, unknown>
}

export const statusOf = (answer: string): number => Number(answer.split(' ')[1])

/** Without what no two answers can share: the time, the number of a question, and the hash of both. */
export const faceless = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)/g, '<time>')
    .replaceAll(/^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/gm, 'Date: <date>')
    .replaceAll(/^ETag: W\/"([0-9a-f]+)-.{27}"/gm, 'ETag: $1')
